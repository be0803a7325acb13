"""Faster ways to the same responses: functions of moto whose results never change are computed once.

Each pays for itself: 5 % of the processor time of a burst, or of a warm start, at least.
"""

from functools import cache

from local.aws.moto_patches.version import check_moto_version
from local.aws.moto_speedups import dynamodb, dynamodb_expressions, events, startup
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
    events.parse_paths_once()
    events.match_without_copy()
