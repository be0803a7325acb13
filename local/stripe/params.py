"""Parameters: Stripe's form encoding, decoded; each value checked and typed."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from local.stripe.errors import Row, invalid, unknown_parameter

Raw = str | dict[str, Any]
Parser = Callable[[str, Raw], Any]
Spec = Mapping[str, Parser]

CURRENCIES = {"eur": "€", "usd": "$", "gbp": "£"}
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
SMALLEST = {"eur": 50, "usd": 50, "gbp": 30}
LARGEST = 99_999_999

_PART = re.compile(r"\[([^\[\]]*)\]")


def decode(form: str) -> dict[str, Raw]:
    """`metadata[orderId]=a&types[]=x&types[1]=y` as nested dicts; list items are keyed by their index."""
    decoded: dict[str, Raw] = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        if "[" not in name:
            decoded[name] = value
            continue
        head, _, tail = name.partition("[")
        parent: dict[str, Any] = _branch(decoded, head, name)
        *branches, leaf = _PART.findall("[" + tail) or [""]
        for branch in branches:
            parent = _branch(parent, branch, name)
        parent[leaf or str(len(parent))] = value
    return decoded


def _branch(parent: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    branch = parent.setdefault(key or str(len(parent)), {})
    if not isinstance(branch, dict):
        raise invalid(f"Invalid request: {name} is given both as a value and as an object", param=key)
    return branch


def check(raw: Mapping[str, Raw], spec: Spec, required: tuple[str, ...] = (), prefix: str = "") -> Row:
    """The typed parameters. Raises ApiError for one that `spec` doesn't have.

    An empty string unsets a parameter, which only metadata and its values allow.
    """
    checked: Row = {}
    for key, value in raw.items():
        name = f"{prefix}[{key}]" if prefix else key
        parser = spec.get(key)
        if parser is None:
            raise unknown_parameter(name, spec)
        if value == "" and parser is not metadata:
            raise invalid(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a "
                f"parameter; however '{name}' cannot be unset. You should remove '{name}' from your request "
                "or supply a non-empty value.",
                "parameter_invalid_empty",
                name,
            )
        checked[key] = parser(name, value)
    for key in required:
        if key not in checked:
            name = f"{prefix}[{key}]" if prefix else key
            raise invalid(f"Missing required param: {name}.", "parameter_missing", name)
    return checked


def text(name: str, raw: Raw) -> str:
    if not isinstance(raw, str):
        raise invalid("Invalid string: {...}", "parameter_invalid_string", name)
    if len(raw) > 5000:
        raise invalid(f"Invalid string: {raw[:10]}...; must be at most 5000 characters", None, name)
    return raw


def integer(name: str, raw: Raw) -> int:
    value = text(name, raw)
    if not re.fullmatch(r"-?\d{1,15}", value, re.ASCII):
        raise invalid(f"Invalid integer: {value}", "parameter_invalid_integer", name)
    return int(value)


def positive(name: str, raw: Raw) -> int:
    """An amount in minor units."""
    value = integer(name, raw)
    if value < 1:
        raise invalid("This value must be greater than or equal to 1.", "parameter_invalid_integer", name)
    return value


def page_size(name: str, raw: Raw) -> int:
    value = integer(name, raw)
    if not 1 <= value <= 100:
        bound = "greater than or equal to 1" if value < 1 else "less than or equal to 100"
        raise invalid(f"This value must be {bound}.", "parameter_invalid_integer", name)
    return value


def boolean(name: str, raw: Raw) -> bool:
    value = text(name, raw)
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", None, name)
    return value == "true"


def currency(name: str, raw: Raw) -> str:
    value = text(name, raw).lower()
    if value not in CURRENCIES:
        listed = ", ".join(CURRENCIES)
        raise invalid(f"Invalid currency: {value}. This account takes these currencies: {listed}", None, name)
    return value


def one_of(*choices: str) -> Parser:
    def parse(name: str, raw: Raw) -> str:
        value = text(name, raw)
        if value not in choices:
            listed = ", ".join(choices[:-1]) + f", or {choices[-1]}" if len(choices) > 1 else choices[0]
            raise invalid(f"Invalid {name}: must be one of {listed}", None, name)
        return value

    return parse


def list_of(parser: Parser, max_items: int = 100) -> Parser:
    def parse(name: str, raw: Raw) -> list[Any]:
        if not isinstance(raw, dict) or not all(key.isdigit() for key in raw):
            raise invalid("Invalid array", None, name)
        if len(raw) > max_items:
            raise invalid(f"Array too large: at most {max_items} items", None, name)
        return [parser(f"{name}[{index}]", raw[index]) for index in sorted(raw, key=int)]

    return parse


def mapping(spec: Spec, required: tuple[str, ...] = ()) -> Parser:
    def parse(name: str, raw: Raw) -> Row:
        if not isinstance(raw, dict):
            raise invalid("Invalid object", None, name)
        return check(raw, spec, required, name)

    return parse


def no_longer_supported(name: str, raw: Raw) -> Raw:
    """A parameter that this API version has removed."""
    message = f"The parameter `{name}` is no longer supported in this API version."
    raise invalid(message, f"{name}_no_longer_supported", name)


def anything(name: str, raw: Raw) -> Raw:
    """Accepted and ignored: what Stripe.js reports about the browser."""
    return raw


def metadata(name: str, raw: Raw) -> dict[str, str]:
    """At most 50 keys of 40 characters with values of 500 (https://docs.stripe.com/metadata)."""
    if not isinstance(raw, dict):
        if raw == "":
            return {}
        raise invalid("Invalid object", None, name)
    if len(raw) > 50:
        raise invalid(f"You can have at most 50 metadata keys, but you passed in {len(raw)}.", None, name)
    values: dict[str, str] = {}
    for key, item in raw.items():
        value = text(f"{name}[{key}]", item)
        for what, part, limit in (("keys", key, 40), ("values", value, 500)):
            if len(part) > limit:
                raise invalid(
                    f"Metadata {what} can have up to {limit} characters, but you passed in one that is "
                    f"{len(part)} characters.",
                    None,
                    f"{name}[{key[:40]}]",
                )
        if value:
            values[key] = value
    return values


def moment(name: str, raw: Raw) -> Row | int:
    """`created=1700000000` or `created[gte]=…`, seconds since the epoch."""
    if isinstance(raw, str):
        return integer(name, raw)
    return check(raw, dict.fromkeys(("gt", "gte", "lt", "lte"), integer), (), name)
