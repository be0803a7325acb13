"""Settings: a function's environment variables as a named tuple, read when the function starts."""

import os
from typing import NamedTuple, TypeVar

Settings = TypeVar("Settings", bound=NamedTuple)


def read(settings: type[Settings]) -> Settings:
    """The settings, each field from the variable of its name in capitals; fields are `str` or `int`.

    Raises KeyError with the variable's name where it is not set.
    """
    kinds = settings.__annotations__
    return settings._make(kinds[name](os.environ[name.upper()]) for name in settings._fields)
