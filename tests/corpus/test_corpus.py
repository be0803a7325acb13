"""Every file of the corpus, as `make corpus` prints it."""

from collections import defaultdict

import pytest
from delivery import reader, sandbox
from delivery.model import fingerprint

from tests.corpus.outcomes import inspected, measured
from tests.corpus.table import CASES, Case

FUNCTION_MEGABYTES = 1_769
PARENT_MEGABYTES = 350  # Lambda's runtime, the function, and the pages of a large file


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests: the reader's processor time is limited, not the clock's."""
    monkeypatch.setattr(sandbox, "MAX_SECONDS", 250)


@pytest.mark.parametrize("case", [case for case in CASES if not case.bomb], ids=lambda case: case.name)
def test_a_file_has_the_wanted_units_or_is_rejected(case: Case) -> None:
    assert inspected(case).result == case.wanted


@pytest.mark.parametrize("case", [case for case in CASES if case.bomb], ids=lambda case: case.name)
def test_a_bomb_costs_one_rejected_file(case: Case) -> None:
    outcome = measured(case)
    assert outcome.result == case.wanted
    assert outcome.seconds <= reader.MAX_PROCESSOR_SECONDS + 1
    assert outcome.megabytes is not None
    assert outcome.megabytes < FUNCTION_MEGABYTES - PARENT_MEGABYTES


def test_the_corpus_has_a_ticket_of_two_sellers_in_many_files() -> None:
    """The same ticket as vectors, as a picture, as a photo: one fingerprint, so that one listing has it."""
    files = defaultdict(set)
    for case in CASES:
        for codes in case.wanted if isinstance(case.wanted, list) else []:
            for code in codes:
                files[fingerprint(b"key", code.encode())].add(case.name)
    assert max(map(len, files.values())) >= 10
