"""Rows: DynamoDB's items as plain dicts of strings, integers, booleans, null, lists and maps."""

from typing import Any

Row = dict[str, Any]


def pack(row: Row) -> dict[str, dict[str, Any]]:
    """A dict as DynamoDB's attribute values."""
    return {name: pack_value(value) for name, value in row.items()}


def pack_value(value: Any) -> dict[str, Any]:
    """A value as an attribute value. Raises TypeError for a type that rows do not hold."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case list():
            return {"L": [pack_value(each) for each in value]}
        case dict():
            return {"M": pack(value)}
    raise TypeError(f"a row holds no {type(value).__name__}")


def unpack(item: dict[str, dict[str, Any]]) -> Row:
    """DynamoDB's attribute values as a dict. Numbers are integers: no row holds a fraction."""
    return {name: unpack_value(value) for name, value in item.items()}


def unpack_value(value: dict[str, Any]) -> Any:
    """An attribute value as a value. Raises TypeError for a type that rows do not hold."""
    [(kind, content)] = value.items()
    match kind:
        case "S" | "BOOL":
            return content
        case "N":
            return int(content)
        case "NULL":
            return None
        case "L":
            return [unpack_value(each) for each in content]
        case "M":
            return unpack(content)
    raise TypeError(f"a row holds no {kind}")
