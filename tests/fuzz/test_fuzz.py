"""Whatever is asked, the API answers as its document says: a few hundred of `make fuzz`'s requests."""

from local.process import EnvironmentProcess
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.in_process import in_process
from tests.fuzz.targets import Target

SEED = 4


def test_no_request_gets_an_answer_that_is_not_documented() -> None:
    with in_process() as (url, faults):
        report = fuzz(Target(url), SEED, examples=3, phases=("coverage", "fuzzing"))
    assert report.failures == {}, report.table()
    assert faults == []
    assert report.faults == 0, report.table()
    assert report.requests > 500
    assert len(report.operations) == 22


def test_the_running_world_answers_as_documented(local_env: EnvironmentProcess) -> None:
    report = fuzz(Target(local_env.url), SEED, examples=5, phases=("fuzzing",))
    assert report.failures == {}, report.table()
    assert report.faults == 0, report.table()
    assert report.requests > 100
