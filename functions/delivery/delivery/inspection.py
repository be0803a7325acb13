"""Inspects an uploaded file: which tickets it has, and the PDF of each that its buyer will open."""

from typing import NamedTuple

from delivery import pdf, sandbox
from delivery.model import FoundUnit, Reason, Rejected, units_of


class InspectedUnit(NamedTuple):
    """A ticket that was found in a file, and its PDF."""

    ticket: FoundUnit
    pdf: bytes


def inspect(content: bytes) -> list[InspectedUnit]:
    """The tickets of a file. Raises Rejected.

    The copies are read back: a code that a scanner couldn't read on them is not sold.
    """
    units = units_of(sandbox.read(content))
    pages = [page for unit in units for page in unit.pages]
    copied = sandbox.read(pdf.of_pages(pages))
    for page, copy in zip(pages, copied, strict=True):
        if not set(page.codes) <= set(copy.codes):
            raise Rejected(Reason.COPY)
    return [InspectedUnit(unit, pdf.of_pages(unit.pages)) for unit in units]
