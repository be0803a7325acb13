"""The session signing keys are rotated in steps that sign no user out, or replaced at once."""

import contextlib
import json
from datetime import datetime, timedelta

import jwt
import pytest
from tiketz_common import secrets as cache

from operate import __main__, rotate_keys, secrets
from operate.command import CommandError
from operate.stages import Stage
from tests.factories import NOON
from tests.operate.conftest import DefaultNames, answers
from tests.support.auth_service import SESSION, AuthService, Browser


@pytest.fixture
def stage(aws: None) -> Stage:
    """The stage of the auth service under test."""
    return DefaultNames(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """The auth service at noon, with one signing key."""
    return AuthService(monkeypatch)


def key_ids(auth: AuthService) -> list[str]:
    return [key["kid"] for key in auth.browser().send("GET", "jwks.json").json["keys"]]


def wait_for_caches(auth: AuthService) -> None:
    """Five minutes pass, after which processes read secrets again."""
    auth.wait(minutes=5)
    cache._cache.clear()


def stored_keys(stage: Stage) -> dict[str, str]:
    return dict(json.loads(secrets.read(stage, secrets.SIGNING_KEYS) or "")["keys"])


def test_a_rotation_signs_nobody_out(auth: AuthService, stage: Stage) -> None:
    """A user signs in every five minutes, where processes read the secret just before it changes."""
    [old] = key_ids(auth)
    authorizer = auth.function("authorizer")
    auth.browser().sign_up()
    signed_in: list[tuple[datetime, Browser]] = []
    steps: list[str] = []
    while len(steps) < 3:
        with contextlib.suppress(CommandError):
            steps.append(rotate_keys.rotate(stage, auth.now))
        browser = auth.browser()
        assert browser.sign_in().status == 200
        signed_in.append((auth.now, browser))
        wait_for_caches(auth)
        for since, each in signed_in:
            if auth.now - since < timedelta(minutes=15):
                assert each.current_user() is not None, f"signed out {auth.now - since} after signing in"
                identified = authorizer.handler({"cookies": [f"{SESSION}={each.cookies[SESSION]}"]}, None)
                assert identified["context"], f"unknown {auth.now - since} after signing in"
    assert auth.now - NOON >= timedelta(minutes=30)
    assert old not in key_ids(auth)
    assert len(key_ids(auth)) == 1


def test_the_new_key_is_public_before_it_signs(auth: AuthService, stage: Stage) -> None:
    [old] = key_ids(auth)
    rotate_keys.rotate(stage, auth.now)
    wait_for_caches(auth)
    assert len(key_ids(auth)) == 2
    browser = auth.browser()
    browser.sign_up()
    assert jwt.get_unverified_header(browser.cookies[SESSION])["kid"] == old


@pytest.mark.parametrize(("steps", "minutes"), [(1, 9), (2, 19)])
def test_a_step_that_would_sign_users_out_is_refused(
    auth: AuthService, stage: Stage, steps: int, minutes: int
) -> None:
    now = NOON
    for _ in range(steps):
        now += timedelta(minutes=20)
        rotate_keys.rotate(stage, now)
    before = secrets.read(stage, secrets.SIGNING_KEYS)
    with pytest.raises(CommandError, match="would be signed out"):
        rotate_keys.rotate(stage, now + timedelta(minutes=minutes))
    assert secrets.read(stage, secrets.SIGNING_KEYS) == before


@pytest.mark.parametrize("done", [0, 1, 2])
def test_an_interrupted_step_is_taken_again(
    stage: Stage, auth: AuthService, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    """The public keys are written first; the command is run again where it stopped between the two."""
    now = NOON
    for _ in range(done):
        now += timedelta(minutes=20)
        rotate_keys.rotate(stage, now)
    before = secrets.read(stage, secrets.SIGNING_KEYS)
    now += timedelta(minutes=20)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(secrets, "_put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rotate_keys.rotate(stage, now)
    assert secrets.read(stage, secrets.SIGNING_KEYS) == before
    rotate_keys.rotate(stage, now)
    jwks = json.loads(secrets.read(stage, secrets.VERIFICATION_KEYS) or "")["keys"]
    assert {each["kid"] for each in jwks} == set(stored_keys(stage))


def test_a_leaked_key_is_replaced_and_sessions_are_refreshed(auth: AuthService, stage: Stage) -> None:
    browser = auth.browser()
    browser.sign_up()
    [old] = key_ids(auth)
    message = rotate_keys.replace_all(stage, auth.now)
    wait_for_caches(auth)
    assert browser.current_user() is None
    assert browser.refresh().status == 200
    assert browser.current_user() is not None
    [new] = key_ids(auth)
    assert new != old
    assert message.startswith(f"{new} is the only signing key")


def test_all_keys_of_a_started_rotation_are_replaced(aws: None) -> None:
    stage = Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})
    secrets.create_missing(stage, answers({}))
    rotate_keys.rotate(stage, NOON)
    before = stored_keys(stage)
    assert __main__.main(["rotate-keys", "--stage", "dev", "--now"]) == 0
    [new] = stored_keys(stage)
    assert len(before) == 2
    assert new not in before


def test_missing_keys_are_not_rotated(stage: Stage) -> None:
    for rotate in (rotate_keys.rotate, rotate_keys.replace_all):
        with pytest.raises(CommandError, match="no signing keys yet"):
            rotate(stage, NOON)
