"""Ticket files and their units, and the rules for them. No AWS, no HTTP, no clock."""

import hmac
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MAX_CODES = 40  # of one file: its units, its claims and its row are one transaction of at most 100 items
_WEB_ADDRESS = re.compile(rb"(?i)([a-z][a-z0-9+.-]*://|www\.)")


class Reason(StrEnum):
    """Why a file is rejected."""

    TYPE = "type"
    DAMAGED = "damaged"
    PASSWORD = "password"
    PAGES = "pages"
    PAGE_SIZE = "page_size"
    BLANK = "blank"
    TOO_COMPLEX = "too_complex"
    NO_CODE = "no_code"
    SAME_CODE = "same_code"
    CODES = "codes"
    COPY = "copy"
    LISTED = "listed"


_SENTENCES = {
    Reason.TYPE: "This is neither a PDF nor a PNG or JPEG picture.",
    Reason.DAMAGED: "This file is damaged or incomplete. Download it again from where you bought the ticket.",
    Reason.PASSWORD: "This file needs a password. Save it without one.",
    Reason.PAGES: "This file has more than 20 pages. Upload only those with tickets.",
    Reason.PAGE_SIZE: "{page} is too large: more than 30 megapixels, or 150 by 150 cm at 90 dots an inch.",
    Reason.BLANK: "{page} is blank. Save the file without it.",
    Reason.TOO_COMPLEX: "This file is too complex to be read. Upload a picture of the ticket instead.",
    Reason.NO_CODE: "We found no barcode in this file. It must be sharp, whole and on a plain background.",
    Reason.SAME_CODE: "{pages} have the same barcode. Each ticket may be in the file once.",
    Reason.CODES: f"This file has more than {MAX_CODES} barcodes. Upload fewer tickets at a time.",
    Reason.COPY: "The barcode of this file can't be read on a copy of it. Upload a sharper picture.",
    Reason.LISTED: "A ticket in this file is already listed, or was sold before.",
}


class Rejected(Exception):
    """A file can't be delivered; `pages` count from 1."""

    def __init__(self, reason: Reason, *pages: int) -> None:
        super().__init__(reason, *pages)
        self.reason = reason
        self.pages = pages

    @property
    def sentence(self) -> str:
        """What its seller reads."""
        numbers = " and ".join(map(str, self.pages))
        return _SENTENCES[self.reason].format(page=f"Page {numbers}", pages=f"Pages {numbers}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as its buyer will see it: a JPEG of `width` by `height` pixels at `dpi`; its codes, trimmed."""

    jpeg: bytes
    width: int
    height: int
    dpi: int
    grey: bool
    codes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUnit:
    """A ticket in a file: the page with its code, number `page`, and the pages without one that follow it."""

    page: int
    pages: tuple[Page, ...]
    codes: tuple[bytes, ...]


def units_of(pages: Sequence[Page]) -> list[FoundUnit]:
    """The tickets of a file. Raises Rejected.

    Web addresses count only in a file that has no other code: a ticket's page often has one that leads to an
    app, which is no ticket. One that is on several pages identifies none of them. Pages before the first
    ticket are left out.
    """
    codes = [_ticket_codes(page.codes) for page in pages]
    if not any(codes):
        codes = _unrepeated([page.codes for page in pages])
    _check_codes(codes)
    starts = [index for index, each in enumerate(codes) if each]
    ends = [*starts[1:], len(pages)]
    return [
        FoundUnit(page=start + 1, pages=tuple(pages[start:end]), codes=codes[start])
        for start, end in zip(starts, ends, strict=True)
    ]


def _ticket_codes(codes: Iterable[bytes]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(each for each in codes if not is_web_address(each)))


def _unrepeated(pages: list[tuple[bytes, ...]]) -> list[tuple[bytes, ...]]:
    on = _pages_by_code(pages)
    return [tuple(dict.fromkeys(each for each in codes if len(on[each]) == 1)) for codes in pages]


def _check_codes(codes: list[tuple[bytes, ...]]) -> None:
    on = _pages_by_code(codes)
    if not on:
        raise Rejected(Reason.NO_CODE)
    if repeated := next((pages for pages in on.values() if len(pages) > 1), None):
        raise Rejected(Reason.SAME_CODE, *repeated)
    if len(on) > MAX_CODES:
        raise Rejected(Reason.CODES)


def _pages_by_code(codes: Iterable[Iterable[bytes]]) -> dict[bytes, list[int]]:
    on: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, page in enumerate(codes, 1):
        for each in dict.fromkeys(page):
            on[each].append(number)
    return on


def is_web_address(code: bytes) -> bool:
    """Whether a code is a link, as into an app or to a page about the event."""
    return _WEB_ADDRESS.match(code) is not None


def fingerprint(key: bytes, code: bytes) -> str:
    """What identifies a code, without containing it: the same for each symbology that it is drawn in."""
    return hmac.new(key, code.strip(), "sha256").hexdigest()
