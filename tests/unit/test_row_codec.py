"""The row codec: each kind of field there and back, and rows that were written before a field existed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import pack, unpack

AT = datetime(2026, 7, 1, 12, 0, 0, 123_000, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    made_at: datetime | None
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    id: str
    full_name: str | None
    size: int
    whole: bool
    sold_at: datetime
    colour: Colour
    main_part: Part
    other_parts: tuple[Part, ...] = ()
    tags: tuple[str, ...] = ()
    seat: str | None = None


THING = Thing(
    id="t1",
    full_name=None,
    size=3,
    whole=True,
    sold_at=AT,
    colour=Colour.RED,
    main_part=Part(made_at=None),
    other_parts=(Part(made_at=AT),),
    tags=("a", "b"),
    seat="12",
)
ROW = {
    "id": "t1",
    "fullName": None,
    "size": 3,
    "whole": True,
    "soldAt": "2026-07-01T12:00:00.123Z",
    "colour": "red",
    "mainPart": {"madeAt": None, "colour": "red"},
    "otherParts": [{"madeAt": "2026-07-01T12:00:00.123Z", "colour": "red"}],
    "tags": ["a", "b"],
    "seat": "12",
}


def test_every_kind_of_field_is_read_as_it_was_written() -> None:
    codec = RowCodec(Thing)
    assert codec.to_row(THING) == ROW
    assert codec.from_row(unpack(pack(ROW))) == THING


def test_fields_are_renamed_left_out_and_nested_under_other_names() -> None:
    codec = RowCodec(
        Thing, rename={"size": "units"}, without=("id",), nested={"main_part": RowCodec(Part, name=str)}
    )
    row = codec.to_row(THING)
    assert (row["units"], row["mainPart"], row["otherParts"]) == (
        3,
        {"made_at": None, "colour": "red"},
        ROW["otherParts"],
    )
    assert row.keys() & {"id", "size"} == set()
    assert codec.from_row(row, id="t1") == THING


def test_a_row_older_than_a_field_takes_its_default() -> None:
    older = {name: value for name, value in ROW.items() if name not in ("seat", "tags")}
    thing = RowCodec(Thing).from_row(older)
    assert (thing.seat, thing.tags) == (None, ())


def test_a_row_without_a_needed_attribute_is_refused() -> None:
    with pytest.raises(KeyError, match="size"):
        RowCodec(Thing).from_row({name: value for name, value in ROW.items() if name != "size"})
