"""The inspector on a few files of tests/corpus, and the rules of what a ticket in a file is."""

from importlib.metadata import distribution
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest
from delivery import pdf, sandbox
from delivery.inspection import inspect
from delivery.model import FoundUnit, Page, Reason, Rejected, fingerprint, is_web_address, units_of
from pypdf import PdfReader

from tests.corpus.outcomes import inspected
from tests.corpus.table import CASES, Case
from tests.support.templates import ROOT

SAMPLE = (
    "tickets with terms between",
    "code 128 turned by 90",
    "photo with noise",
    "user password",
    "html with a pdf inside",
    "png of 50 000 square",
)
MAX_UNZIPPED = 60_000_000  # bytes: of the inspector's code and its packages


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests: the reader's processor time is limited, not the clock's."""
    monkeypatch.setattr(sandbox, "MAX_SECONDS", 250)


@pytest.mark.parametrize("case", [case for case in CASES if case.name in SAMPLE], ids=lambda case: case.name)
def test_a_file_has_the_wanted_units_or_is_rejected(case: Case) -> None:
    assert inspected(case).result == case.wanted


def page(*codes: bytes) -> Page:
    return Page(jpeg=b"", width=1, height=1, dpi=216, grey=True, codes=codes)


def tickets_in(*pages: tuple[bytes, ...]) -> list[tuple[int, int, tuple[bytes, ...]]]:
    """Of each unit its first page, how many it has, and its codes."""
    return [(unit.page, len(unit.pages), unit.codes) for unit in units_of([page(*each) for each in pages])]


def test_pages_without_a_code_belong_to_the_ticket_before_them() -> None:
    assert tickets_in((b"a",), (), (), (b"b",), ()) == [(1, 3, (b"a",)), (4, 2, (b"b",))]


def test_pages_before_the_first_ticket_are_left_out() -> None:
    assert tickets_in((), (b"a",)) == [(2, 1, (b"a",))]


def test_a_ticket_claims_every_code_on_its_page_once() -> None:
    assert tickets_in((b"a", b"b", b"a")) == [(1, 1, (b"a", b"b"))]


@pytest.mark.parametrize(
    "link", [b"https://shop.example/t/1", b"HTTP://x", b"www.shop.example", b"market://x"]
)
def test_a_link_beside_a_code_is_not_claimed(link: bytes) -> None:
    assert is_web_address(link)
    assert tickets_in((b"a", link), (link,)) == [(1, 2, (b"a",))]


def test_a_link_is_a_ticket_where_a_file_has_nothing_else() -> None:
    assert tickets_in((b"http://a", b"http://app"), (b"http://b", b"http://app")) == [
        (1, 1, (b"http://a",)),
        (2, 1, (b"http://b",)),
    ]


@pytest.mark.parametrize(
    ("pages", "reason", "sentence"),
    [
        ([()], Reason.NO_CODE, "We found no barcode in this file."),
        ([(b"http://app",), (b"http://app",)], Reason.NO_CODE, "We found no barcode in this file."),
        ([(b"a",), (b"b",), (b"a",)], Reason.SAME_CODE, "Pages 1 and 3 have the same barcode."),
        ([tuple(b"%d" % each for each in range(41))], Reason.CODES, "This file has more than 40 barcodes."),
    ],
)
def test_a_file_is_rejected_with_a_sentence(
    pages: list[tuple[bytes, ...]], reason: Reason, sentence: str
) -> None:
    with pytest.raises(Rejected) as rejection:
        tickets_in(*pages)
    assert rejection.value.reason is reason
    assert rejection.value.sentence.startswith(sentence)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    sentence = Rejected(reason, 2).sentence
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_a_code_is_one_ticket_however_it_is_padded() -> None:
    assert fingerprint(b"key", b" A1\n") == fingerprint(b"key", b"A1")
    assert fingerprint(b"key", b"A1") != fingerprint(b"key", b"A2")
    assert fingerprint(b"key", b"A1") != fingerprint(b"other key", b"A1")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not JSON\n",
        b"[]\n",
        b'{"pages": 1}\n',
        b'{"rejected": "no such reason", "page": null}\n',
        b'{"rejected": "blank"}\n',
        b'{"size": 9, "width": 1, "height": 1, "dpi": 1, "grey": true, "codes": []}\nshort',
        b'{"size": 0, "width": "wide", "height": 1, "dpi": 1, "grey": true, "codes": []}\n{"pages": 1}\n',
        b'{"size": 0, "width": 1, "height": 1, "dpi": 1, "grey": true, "codes": [["", "x"]]}\n{"pages": 1}\n',
    ],
)
def test_a_reader_that_was_taken_over_gets_its_file_rejected(answer: bytes) -> None:
    with pytest.raises(Rejected) as rejection:
        sandbox.pages_of(answer)
    assert rejection.value.reason is Reason.TOO_COMPLEX


def test_a_copy_is_a_pdf_of_pictures_and_nothing_of_the_original() -> None:
    [first, second] = inspect(
        next(case.make() for case in CASES if case.name == "tickets with terms between")
    )
    assert isinstance(first.ticket, FoundUnit)
    for unit in (first, second):
        copy = PdfReader(BytesIO(unit.pdf), strict=True)
        assert len(copy.pages) == 2
        assert copy.metadata is None
        assert list(copy.trailer["/Root"]) == ["/Type", "/Pages"]
        assert not any(each.extract_text() for each in copy.pages)
        assert copy.pages[0].mediabox.width == pytest.approx(595, abs=1)
        assert b"reportlab" not in unit.pdf.lower()


def test_a_copy_that_cannot_be_scanned_is_not_sold(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = next(case.make() for case in CASES if case.name == "text only")
    monkeypatch.setattr(pdf, "of_pages", lambda pages: blank)
    with pytest.raises(Rejected) as rejection:
        inspect(next(case.make() for case in CASES if case.name == "two tickets"))
    assert rejection.value.reason is Reason.COPY


def test_the_inspectors_packages_are_small_enough() -> None:
    pins = (ROOT / "functions/delivery/requirements.txt").read_text().splitlines()
    packages = [line.partition("==")[0] for line in pins if "==" in line and line[0] != " "]
    files = chain.from_iterable(distribution(package).files or () for package in packages)
    installed = [Path(file.locate()) for file in files if file.suffix != ".pyc"]
    assert len(packages) >= 3
    assert sum(file.stat().st_size for file in installed) < MAX_UNZIPPED
