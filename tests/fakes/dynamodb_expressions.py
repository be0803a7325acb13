"""DynamoDB's expressions, as far as Tiketz writes them; anything else is refused loudly.

A parsed expression is a function of the item and of the request's names and values
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

Value = dict[str, Any]
Item = dict[str, Value]
Given = Mapping[str, Any]
Read = Callable[[Item, Given], Value | None]
Test = Callable[[Item, Given], bool]

_TOKEN = re.compile(r"\s*([#:]?\w+(?:\.#?\w+)*|<>|<=|>=|[=<>(),+-])")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Unknown(AssertionError):
    """An expression that this engine does not play: teach it, or write another."""


class Update(NamedTuple):
    """The attributes an update sets, by how their new values are read, and those it removes."""

    sets: list[tuple[str, Read]]
    removes: list[str]
    uses: frozenset[str]


class Condition(NamedTuple):
    """A test of an item, the placeholders it uses, and the attributes it reads."""

    holds: Test
    uses: frozenset[str]
    reads: frozenset[str]


@cache
def condition(text: str) -> Condition:
    parser = _Parser(text)
    holds = parser.either()
    return Condition(holds, parser.end(), frozenset(parser.reads))


@cache
def update(text: str) -> Update:
    parser = _Parser(text)
    sets: list[tuple[str, Read]] = []
    removes: list[str] = []
    while parser.tokens:
        match parser.take().upper():
            case "SET":
                sets += parser.several(parser.assignment)
            case "REMOVE":
                removes += parser.several(parser.attribute)
            case "ADD":
                sets += parser.several(parser.addition)
            case other:
                raise Unknown(f"{other} in {text}")
    touched = [name for name, _ in sets] + removes
    if len(set(touched)) != len(touched):
        raise Unknown(f"an attribute is changed twice in {text}")
    return Update(sets, removes, parser.end())


@cache
def projection(text: str) -> tuple[str, ...]:
    """Whole attributes only."""
    return tuple(_Parser(text).several_names())


def name(attribute: str, given: Given) -> str:
    return str(given[attribute]) if attribute.startswith("#") else attribute


@dataclass
class _Parser:
    """Recursive descent over the tokens that are left."""

    text: str
    tokens: list[str] = field(init=False)
    uses: set[str] = field(init=False, default_factory=set)
    reads: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.tokens = _TOKEN.findall(self.text)
        if "".join(self.tokens) != re.sub(r"\s", "", self.text):
            raise Unknown(self.text)

    def take(self, wanted: str | None = None) -> str:
        token = self.tokens.pop(0) if self.tokens else ""
        if not token or wanted not in (None, token, token.upper()):
            raise Unknown(f"{token or 'the end'} instead of {wanted} in {self.text}")
        self.uses |= {part for part in token.split(".") if part[0] in "#:"}
        return token

    def next(self, *words: str) -> bool:
        """Whether one of these comes next; takes it if so."""
        if self.tokens and self.tokens[0].upper() in words:
            self.tokens.pop(0)
            return True
        return False

    def end(self) -> frozenset[str]:
        if self.tokens:
            raise Unknown(f"{self.tokens[0]} in {self.text}")
        return frozenset(self.uses)

    def several(self, one: Callable[[], Any]) -> list[Any]:
        found = [one()]
        while self.next(","):
            found.append(one())
        return found

    def several_names(self) -> list[str]:
        found = self.several(self.attribute)
        self.end()
        return found

    # -- conditions ----------------------------------------------------------------------------------------

    def either(self) -> Test:
        tests = [self.both()]
        while self.next("OR"):
            tests.append(self.both())
        return lambda item, given: any(test(item, given) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self.next("AND"):
            tests.append(self.one())
        return lambda item, given: all(test(item, given) for test in tests)

    def one(self) -> Test:
        if self.next("("):
            inner = self.either()
            self.take(")")
            return inner
        if self.next("ATTRIBUTE_EXISTS"):
            (there,) = self.arguments(1)
            return lambda item, given: there(item, given) is not None
        if self.next("ATTRIBUTE_NOT_EXISTS"):
            (gone,) = self.arguments(1)
            return lambda item, given: gone(item, given) is None
        if self.next("BEGINS_WITH"):
            return self._of_texts(lambda text, part: text.startswith(part))
        if self.next("CONTAINS"):
            return self._of_texts(lambda text, part: part in text)
        return self.comparison()

    def _of_texts(self, holds: Callable[[str, str], bool]) -> Test:
        whole, part = self.arguments(2)

        def test(item: Item, given: Given) -> bool:
            text, wanted = whole(item, given), part(item, given)
            return text is not None and wanted is not None and holds(text["S"], wanted["S"])

        return test

    def arguments(self, count: int) -> list[Read]:
        self.take("(")
        found = self.several(self.operand)
        self.take(")")
        if len(found) != count:
            raise Unknown(self.text)
        return found

    def comparison(self) -> Test:
        left = self.operand()
        if self.next("BETWEEN"):
            lower = self.operand()
            self.take("AND")
            upper = self.operand()
            return lambda item, given: (
                compare(">=", left(item, given), lower(item, given))
                and compare("<=", left(item, given), upper(item, given))
            )
        sign = self.take()
        right = self.operand()
        if sign not in ("=", "<>", *_COMPARE):
            raise Unknown(f"{sign} in {self.text}")
        return lambda item, given: compare(sign, left(item, given), right(item, given))

    def operand(self) -> Read:
        if self.next("IF_NOT_EXISTS"):
            known, instead = self.arguments(2)
            return lambda item, given: known(item, given) or instead(item, given)
        token = self.take()
        if token.startswith(":"):
            return lambda item, given: given[token]
        self.reads.add(token)
        return path(token)

    # -- updates -------------------------------------------------------------------------------------------

    def attribute(self) -> str:
        token = self.take()
        if "." in token or token[0] == ":":
            raise Unknown(f"{token} in {self.text}")
        return token

    def assignment(self) -> tuple[str, Read]:
        target = self.attribute()
        self.take("=")
        left = self.operand()
        if not self.next("+"):
            return target, left
        right = self.operand()  # one operator is all that DynamoDB takes
        return target, lambda item, given: added(left(item, given), right(item, given))

    def addition(self) -> tuple[str, Read]:
        target, value = self.attribute(), self.operand()
        known = path(target)
        return target, lambda item, given: added(known(item, given) or {"N": "0"}, value(item, given))


def path(token: str) -> Read:
    parts = token.split(".")

    def read(item: Item, given: Given) -> Value | None:
        place: Any = item
        for part in parts:
            place = place.get(name(part, given)) if place is not None else None
            if part is not parts[-1]:
                place = (place or {}).get("M")
        return place  # type: ignore[no-any-return]

    return read


def compare(sign: str, left: Value | None, right: Value | None) -> bool:
    """Values of two types are unequal and in no order; so is what is not there."""
    if sign == "=":
        return left is not None and left == right
    if sign == "<>":
        return left != right
    if left is None or right is None or left.keys() != right.keys():
        return False
    [(kind, a)], [(_, b)] = left.items(), right.items()
    return _COMPARE[sign](int(a), int(b)) if kind == "N" else _COMPARE[sign](a, b)


def added(left: Value | None, right: Value | None) -> Value:
    if left is None or right is None or "N" not in left or "N" not in right:
        raise Unknown("a sum of what is no number")
    return {"N": str(int(left["N"]) + int(right["N"]))}
