"""The naming check finds old words, and leaves wire names and sentences for users alone."""

import pytest

from tools import naming


def words(path: str, text: str) -> list[tuple[int, str]]:
    return [(each.line, each.word) for each in naming.check(path, text)]


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "def hear_order(): ...",
        "class TicketWish: ...",
        "def f(asked): ...",
        "self.world = 1",
        "for heard in []: ...",
        "import os as world",
        'def f():\n    """Tells the others."""',
        "x = 1  # the bus hears of it",
        f"def test_{'long' * 20}(): ...",
    ],
)
def test_an_old_word_in_python_is_found(source: str) -> None:
    assert words("a.py", source)


@pytest.mark.parametrize(
    "source",
    [
        'row = {"told": "event"}',
        'raise Conflict("Somebody asked for this world.")',
        "not_found = 1",
        "event.asked",
        'def f():\n    """Reads `told` of a row."""',
    ],
)
def test_wire_names_and_sentences_for_users_are_left_alone(source: str) -> None:
    assert words("a.py", source) == []


def test_prose_of_documents_is_read_without_code_and_addresses() -> None:
    text = "The bus hears it.\n```\nworld\n```\nSee `world` at https://example.com/world.\nOne door.\n"
    assert words("a.md", text) == [(1, "hears"), (6, "door")]


def test_help_lines_of_the_makefile_are_read() -> None:
    assert words("Makefile", "dev: all  ## Start the world\n\techo world\n") == [(1, "world")]
