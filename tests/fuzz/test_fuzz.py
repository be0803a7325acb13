"""Responses are as openapi.json documents them: a few hundred of `make fuzz`'s requests."""

from local.process import EnvironmentProcess
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.in_process import in_process
from tests.fuzz.targets import Target

SEED = 4
OPERATIONS = 32


def test_every_response_in_process_is_as_documented() -> None:
    with in_process() as (url, failures):
        report = fuzz(Target(url), SEED, examples=3, phases=("coverage", "fuzzing"))
    assert report.passed, report.table()
    assert failures == []
    assert report.requests > 500
    assert len(report.operations) == OPERATIONS


def test_every_response_of_a_local_environment_is_as_documented(local_env: EnvironmentProcess) -> None:
    report = fuzz(Target(local_env.url), SEED, examples=5, phases=("fuzzing",))
    assert report.passed, report.table()
    assert report.requests > 100
