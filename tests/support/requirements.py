"""Programs that some tests need and a newcomer's machine may lack."""

import os
from typing import TypeVar

import pytest

Program = TypeVar("Program")


def require(program: Program | None, missing: str) -> Program:
    """The program, or a skipped test that says how to get it; in CI the test fails instead."""
    if program is not None:
        return program
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
