"""Link requests, their tokens and keys, devices and common passwords."""

from dataclasses import replace
from datetime import timedelta

import pytest
from auth import common_passwords, devices, link_tokens
from auth.link_requests import LinkRequest, Purpose
from auth.link_tokens import LinkKey, LinkKeys

from tests.factories import NOON

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
KEYS = LinkKeys("k1", {"k1": LinkKey("1c" * 32)})
REQUEST = LinkRequest.create("r1", Purpose.RESET, "k1", "ada@tiketz.test", NOON, user_id="u1", epoch=0)


@pytest.mark.parametrize(
    ("purpose", "valid"),
    [
        (Purpose.VERIFY, timedelta(hours=24)),
        (Purpose.RESET, timedelta(minutes=30)),
        (Purpose.EMAIL, timedelta(hours=24)),
    ],
)
def test_a_link_can_be_used_until_it_expires(purpose: Purpose, valid: timedelta) -> None:
    request = LinkRequest.create("r1", purpose, "k1", "ada@tiketz.test", NOON)
    assert request.open(NOON + valid - SECOND)
    assert not request.open(NOON + valid)
    assert not replace(request, used_at=NOON).open(NOON)


def test_a_request_that_reports_a_change_has_no_link() -> None:
    assert not LinkRequest.create("r1", Purpose.PASSWORD, "k1", "ada@tiketz.test", NOON).open(NOON)


def test_a_token_is_the_requests_id_and_its_mac() -> None:
    # printf 'reset|r1|u1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:1c1c… -binary | basenc --base64url
    assert KEYS.token(REQUEST, NOON) == "r1.-HpznbMplXW43LTp5UTuQWahRkAYJQILc6qHoDil--w"
    assert link_tokens.request_of("r1.-HpznbMplXW43LTp5UTuQWahRkAYJQILc6qHoDil--w") == "r1"


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, purpose=Purpose.VERIFY),
        replace(REQUEST, user_id="u2"),
        replace(REQUEST, id="r2"),
        replace(REQUEST, kid="k2"),
    ],
)
def test_a_token_is_of_one_request_only(other: LinkRequest) -> None:
    token = KEYS.token(REQUEST, NOON)
    assert token
    assert KEYS.made(token, REQUEST, NOON)
    assert not KEYS.made(token, other, NOON)


def test_a_changed_token_is_refused() -> None:
    token = KEYS.token(REQUEST, NOON) or ""
    assert not any(KEYS.made(each, REQUEST, NOON) for each in (token[:-1], token + "A", token.lower(), ""))


@pytest.mark.parametrize("text", ["", "r1", "r1.", ".", "r1.short", "r 1." + "a" * 43, "r1." + "é" * 43])
def test_what_is_no_token_has_no_request(text: str) -> None:
    assert link_tokens.request_of(text) is None


def test_the_key_before_is_accepted_for_a_day_after_a_rotation() -> None:
    token = KEYS.token(REQUEST, NOON) or ""
    rotated = KEYS.rotate("k2", "2d" * 32, NOON)
    assert LinkKeys.parse(rotated.secret()) == rotated
    assert rotated.current == "k2"
    assert rotated.made(token, REQUEST, NOON + DAY - SECOND)
    assert not rotated.made(token, REQUEST, NOON + DAY)
    assert rotated.token(replace(REQUEST, kid="k2"), NOON + 100 * DAY)
    assert not rotated.rotate("k3", "3e" * 32, NOON).made(token, REQUEST, NOON)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", "Safari on Mac"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/140.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Something (Windows)", "Windows"),
        ("curl/8.5.0", None),
        ("", None),
        (None, None),
    ],
)
def test_a_device_is_a_browser_and_a_system(agent: str | None, device: str | None) -> None:
    assert devices.describe(agent) == device


def test_common_passwords_are_known_in_any_case() -> None:
    assert all(map(common_passwords.contains, ("password", "12345678", "PassWord", "trustno1")))
    assert not common_passwords.contains("correct horse battery")
    assert len(common_passwords._passwords()) == 11_611
