"""Settings: a function's environment variables as a frozen dataclass, read when the function starts."""

import os
from dataclasses import fields
from typing import Any, TypeVar

Settings = TypeVar("Settings")


def read(settings: type[Settings]) -> Settings:
    """The settings, each field from the variable of its name in capitals; fields are `str` or `int`.

    Raises KeyError with the variable's name where it is not set.
    """
    values: dict[str, Any] = {
        each.name: each.type(os.environ[each.name.upper()])  # type: ignore[operator]
        for each in fields(settings)  # type: ignore[arg-type]
    }
    return settings(**values)
