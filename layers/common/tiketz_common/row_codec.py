"""Row codec: a frozen dataclass as a row's attributes, and back.

A field `starts_at` is the attribute `startsAt`. Enums are stored as their values, times as `clock.to_wire`
writes them, dataclasses as maps, tuples as lists; strings, integers, booleans and None as they are. An
attribute that a row lacks, because it was written before the field existed, takes the field's default.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from operator import attrgetter
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin

from pydantic.alias_generators import to_camel

from tiketz_common.clock import from_wire, to_wire
from tiketz_common.rows import Row

Entity = TypeVar("Entity")
Convert = Callable[[Any], Any]


class _Column(NamedTuple):
    """A field and its attribute; None converts nothing."""

    field: str
    attribute: str
    encode: Convert | None
    decode: Convert | None
    required: bool


class RowCodec(Generic[Entity]):
    """Converts one dataclass.

    `rename` gives fields' attributes where they are not the field in camelCase (`name` says how), `without`
    the fields that the caller keeps elsewhere, `nested` the codecs of fields that are dataclasses.
    """

    def __init__(
        self,
        entity: type[Entity],
        *,
        rename: Mapping[str, str] | None = None,
        without: Collection[str] = (),
        nested: Mapping[str, "RowCodec[Any]"] | None = None,
        name: Callable[[str], str] = to_camel,
    ) -> None:
        self._entity = entity
        self._rename = rename or {}
        self._without = without
        self._nested = nested or {}
        self._name = name

    def to_row(self, entity: Entity) -> Row:
        """The entity's fields as attributes."""
        row: Row = {}
        for field, attribute, encode, _, _ in self._columns:
            value = getattr(entity, field)
            row[attribute] = value if encode is None or value is None else encode(value)
        return row

    def from_row(self, row: Row, **others: Any) -> Entity:
        """The entity; `others` are the fields that it is `without`. Raises KeyError."""
        for field, attribute, _, decode, required in self._columns:
            if required or attribute in row:
                value = row[attribute]
                others[field] = value if decode is None or value is None else decode(value)
        return self._entity(**others)

    @cached_property
    def _columns(self) -> list[_Column]:
        """Made on first use: a function that starts does not wait for the codecs that it never uses."""
        return [
            _Column(
                each.name,
                self._rename.get(each.name) or self._name(each.name),
                *self._converters(each.name, each.type),
                each.default is MISSING and each.default_factory is MISSING,
            )
            for each in fields(self._entity)  # type: ignore[arg-type]
            if each.name not in self._without
        ]

    def _converters(self, field: str, kind: Any) -> tuple[Convert | None, Convert | None]:
        if isinstance(kind, UnionType):  # X | None: None is never converted
            [kind] = [each for each in get_args(kind) if each is not type(None)]
        if get_origin(kind) is tuple:
            encode, decode = self._converters(field, get_args(kind)[0])
            return _each(encode, list), _each(decode, tuple)
        if kind is datetime:
            return to_wire, from_wire
        if issubclass(kind, Enum):
            return attrgetter("value"), kind
        if is_dataclass(kind):
            codec = self._nested.get(field) or RowCodec[Any](kind, name=self._name)  # type: ignore[arg-type]
            return codec.to_row, codec.from_row
        return None, None


def _each(convert: Convert | None, into: Callable[[Any], Any]) -> Convert:
    return lambda values: into(values if convert is None else map(convert, values))
