"""Faster ways to the same responses, each for a function of moto whose result is known or never changes.

Processor time without each, in percent of the time with all: of a burst of 14,000 recorded calls (300
purchases), or of a warm start with five templates. Below 5 % a speedup isn't worth its code: copying syntax
trees with pickle, weighing rows once, caching names of operations, matching events without a copy, and
calling views without Flask saved 1 to 4 %.

| speedup | more time without it |
| --- | --- |
| `startup.load_one_region` | 27 % of a warm start |
| `dynamodb.serialize_reads_as_they_are` | 170 % of the burst |
| `wsgi.application` | 50 % |
| `dynamodb.project_names_directly` | 34 % |
| `jsonpath.parse_paths_once` | 27 % |
| `dynamodb.query_one_partition` | 12 % |
| `dynamodb_expressions.walk_without_type_checks` | 10 % |
| `dynamodb_expressions.parse_updates_once` | 8 % |
"""

from functools import cache

from local.aws.moto_patches.version import check_moto_version
from local.aws.moto_speedups import dynamodb, dynamodb_expressions, jsonpath, startup
from local.aws.moto_speedups.wsgi import application as application


@cache
def apply() -> None:
    """Replace the slow functions of moto in this process; further calls do nothing.

    Raises CannotStart for another version of moto than the one that they were verified with.
    """
    check_moto_version()
    startup.load_one_region()
    dynamodb.serialize_reads_as_they_are()
    dynamodb.project_names_directly()
    dynamodb.query_one_partition()
    dynamodb_expressions.parse_updates_once()
    dynamodb_expressions.walk_without_type_checks()
    jsonpath.parse_paths_once()
