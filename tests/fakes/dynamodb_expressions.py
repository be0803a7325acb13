"""Parses DynamoDB's expressions, as far as Tiketz uses them; anything else raises Unsupported.

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
Values = Mapping[str, Any]
Read = Callable[[Item, Values], Value | None]
Test = Callable[[Item, Values], bool]

_TOKEN = re.compile(r"\s*([#:]?\w+(?:\.#?\w+)*|<>|<=|>=|[=<>(),+-])")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Unsupported(AssertionError):
    """A feature of DynamoDB that this engine lacks: add it, or do without."""


class Update(NamedTuple):
    """The attributes that an update sets, with readers of their new values, and those that it removes."""

    sets: list[tuple[str, Read]]
    removes: list[str]
    uses: frozenset[str]


class Condition(NamedTuple):
    """A test of an item, the placeholders that it uses and the attributes that it reads."""

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
                raise Unsupported(f"{other} in {text}")
    touched = [name for name, _ in sets] + removes
    if len(set(touched)) != len(touched):
        raise Unsupported(f"an attribute is changed twice in {text}")
    return Update(sets, removes, parser.end())


@cache
def projection(text: str) -> tuple[str, ...]:
    """Whole attributes only."""
    return tuple(_Parser(text).several_names())


def name(attribute: str, values: Values) -> str:
    return str(values[attribute]) if attribute.startswith("#") else attribute


@dataclass
class _Parser:
    """A recursive descent parser of the remaining tokens."""

    text: str
    tokens: list[str] = field(init=False)
    uses: set[str] = field(init=False, default_factory=set)
    reads: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.tokens = _TOKEN.findall(self.text)
        if "".join(self.tokens) != re.sub(r"\s", "", self.text):
            raise Unsupported(self.text)

    def take(self, expected: str | None = None) -> str:
        token = self.tokens.pop(0) if self.tokens else ""
        if not token or expected not in (None, token, token.upper()):
            raise Unsupported(f"{token or 'the end'} instead of {expected} in {self.text}")
        self.uses |= {part for part in token.split(".") if part[0] in "#:"}
        return token

    def next(self, *words: str) -> bool:
        """Whether one of these words comes next; takes it if so."""
        if self.tokens and self.tokens[0].upper() in words:
            self.tokens.pop(0)
            return True
        return False

    def end(self) -> frozenset[str]:
        if self.tokens:
            raise Unsupported(f"{self.tokens[0]} in {self.text}")
        return frozenset(self.uses)

    def several(self, one: Callable[[], Any]) -> list[Any]:
        parsed = [one()]
        while self.next(","):
            parsed.append(one())
        return parsed

    def several_names(self) -> list[str]:
        names = self.several(self.attribute)
        self.end()
        return names

    # -- conditions ----------------------------------------------------------------------------------------

    def either(self) -> Test:
        tests = [self.both()]
        while self.next("OR"):
            tests.append(self.both())
        return lambda item, values: any(test(item, values) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self.next("AND"):
            tests.append(self.one())
        return lambda item, values: all(test(item, values) for test in tests)

    def one(self) -> Test:
        if self.next("("):
            inner = self.either()
            self.take(")")
            return inner
        if self.next("ATTRIBUTE_EXISTS"):
            (read,) = self.arguments(1)
            return lambda item, values: read(item, values) is not None
        if self.next("ATTRIBUTE_NOT_EXISTS"):
            (read,) = self.arguments(1)
            return lambda item, values: read(item, values) is None
        if self.next("BEGINS_WITH"):
            return self._of_texts(lambda text, part: text.startswith(part))
        if self.next("CONTAINS"):
            return self._of_texts(lambda text, part: part in text)
        return self.comparison()

    def _of_texts(self, holds: Callable[[str, str], bool]) -> Test:
        whole, part = self.arguments(2)

        def test(item: Item, values: Values) -> bool:
            text, fragment = whole(item, values), part(item, values)
            return text is not None and fragment is not None and holds(text["S"], fragment["S"])

        return test

    def arguments(self, count: int) -> list[Read]:
        self.take("(")
        arguments = self.several(self.operand)
        self.take(")")
        if len(arguments) != count:
            raise Unsupported(self.text)
        return arguments

    def comparison(self) -> Test:
        left = self.operand()
        if self.next("BETWEEN"):
            lower = self.operand()
            self.take("AND")
            upper = self.operand()
            return lambda item, values: (
                compare(">=", left(item, values), lower(item, values))
                and compare("<=", left(item, values), upper(item, values))
            )
        sign = self.take()
        right = self.operand()
        if sign not in ("=", "<>", *_COMPARE):
            raise Unsupported(f"{sign} in {self.text}")
        return lambda item, values: compare(sign, left(item, values), right(item, values))

    def operand(self) -> Read:
        if self.next("IF_NOT_EXISTS"):
            stored, default = self.arguments(2)
            return lambda item, values: stored(item, values) or default(item, values)
        token = self.take()
        if token.startswith(":"):
            return lambda item, values: values[token]
        self.reads.add(token)
        return path(token)

    # -- updates -------------------------------------------------------------------------------------------

    def attribute(self) -> str:
        token = self.take()
        if "." in token or token[0] == ":":
            raise Unsupported(f"{token} in {self.text}")
        return token

    def assignment(self) -> tuple[str, Read]:
        target = self.attribute()
        self.take("=")
        left = self.operand()
        if not self.next("+"):
            return target, left
        right = self.operand()  # one operator is all that DynamoDB takes
        return target, lambda item, values: added(left(item, values), right(item, values))

    def addition(self) -> tuple[str, Read]:
        target, value = self.attribute(), self.operand()
        stored = path(target)
        return target, lambda item, values: added(stored(item, values) or {"N": "0"}, value(item, values))


def path(token: str) -> Read:
    parts = token.split(".")

    def read(item: Item, values: Values) -> Value | None:
        value: Any = item
        for part in parts:
            value = value.get(name(part, values)) if value is not None else None
            if part is not parts[-1]:
                value = (value or {}).get("M")
        return value

    return read


def compare(sign: str, left: Value | None, right: Value | None) -> bool:
    """Values of two types, or absent ones, are unequal and in no order."""
    if sign == "=":
        return left is not None and left == right
    if sign == "<>":
        return left != right
    if left is None or right is None or left.keys() != right.keys():
        return False
    [(kind, a)], [(_, b)] = left.items(), right.items()
    return _COMPARE[sign](int(a), int(b)) if kind == "N" else _COMPARE[sign](a, b)


def added(left: Value | None, right: Value | None) -> Value:
    """The sum of two numbers."""
    if left is None or right is None or "N" not in left or "N" not in right:
        raise Unsupported("a sum of values that are no numbers")
    return {"N": str(int(left["N"]) + int(right["N"]))}
