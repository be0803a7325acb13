"""A cursor is accepted only by its own list, and only unchanged."""

from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from tiketz_common import cursor
from tiketz_common.errors import BadRequest

POSITION = {"after": "2126-12-04T19:00:00.000Z#3a6f1d0e", "n": 1}
SCOPE = "ann"


def test_a_cursor_comes_back_as_the_position_it_was_made_from() -> None:
    assert cursor.decode(cursor.encode(POSITION, SCOPE), SCOPE) == POSITION


def test_another_list_refuses_the_cursor() -> None:
    with pytest.raises(BadRequest) as refusal:
        cursor.decode(cursor.encode(POSITION, SCOPE), "ben")
    assert refusal.value.code == "invalid_cursor"


def test_any_edit_of_a_cursor_is_detected() -> None:
    given = cursor.encode(POSITION, SCOPE)
    edits = {given[:at] + other + given[at + 1 :] for at in range(len(given)) for other in "Aa0-*"} - {given}
    edits |= {given + "A", given + "=", given + "*", given[:-1], given[1:], given[:20], "", "A", "é", "\0"}
    for edited in edits:
        with pytest.raises(BadRequest):
            cursor.decode(edited, SCOPE)


@pytest.mark.parametrize("body", ["5", "[1]", '"text"', "NaN", "[" * 700, "{", '{"a": 1}', "\\"])
def test_a_checked_body_that_is_no_position_is_refused(body: str) -> None:
    raw = body.encode()
    check = sha256(SCOPE.encode() + b"\0" + raw).digest()[: cursor.CHECK_BYTES]
    with pytest.raises(BadRequest):
        cursor.decode(urlsafe_b64encode(check + raw).decode().rstrip("="), SCOPE)
