"""A stage's secrets are made, replaced and rotated, and nobody is signed out by it."""

import contextlib
import json
from datetime import datetime, timedelta

import jwt
import pytest
from tiketz_common import secrets as kept

from operate import secrets
from operate.stages import CannotDo, Stage
from tests.factories import NOON
from tests.support.auth_service import SESSION, AuthService, Browser

ANSWERS = {"secret key": "sk_test_1", "publishable": "pk_test_1", "signing secret": "whsec_1"}


def answering(question: str) -> str:
    """Somebody who has Stripe's dashboard open."""
    return next((value for words, value in ANSWERS.items() if words in question), "")


def not_yet(question: str) -> str:
    """Somebody who has nothing from Stripe yet."""
    return ""


@pytest.fixture
def place(aws: None) -> Stage:
    """A stage of which nothing is there yet."""
    return Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


@pytest.fixture
def here(aws: None) -> Stage:
    """The place whose secrets the auth service under test reads."""
    return Stage(name="local", stack="tiketz", region="eu-west-1", parameters={})


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """The auth service at noon."""
    return AuthService(monkeypatch)


def kids(auth: AuthService) -> list[str]:
    return [key["kid"] for key in auth.browser().send("GET", "jwks.json").json["keys"]]


def test_what_is_missing_is_made_once(place: Stage) -> None:
    assert secrets.make_missing(place, answering) == list(secrets.KINDS)
    assert secrets.make_missing(place, answering) == []
    keys = json.loads(secrets.read(place, "auth/signing-keys") or "")
    assert list(keys["keys"]) == [keys["current"]]
    assert len(bytes.fromhex(secrets.read(place, "auth/refresh-key") or "")) == 32
    assert secrets.read(place, "stripe/secret-key") == "sk_test_1"


def test_secrets_are_encrypted_and_belong_to_their_stage(place: Stage) -> None:
    secrets.make_missing(place, answering)
    listed = place.client("ssm").describe_parameters()["Parameters"]
    assert {each["Name"] for each in listed} == {f"/tiketz/dev/{kind}" for kind in secrets.KINDS}
    assert {each["Type"] for each in listed} == {"SecureString"}


def test_what_stripe_has_not_given_yet_can_come_later(place: Stage) -> None:
    assert secrets.make_missing(place, not_yet) == list(secrets.MADE)
    assert secrets.make_missing(place, answering) == list(secrets.GIVEN)


def test_a_key_in_the_wrong_place_is_refused(place: Stage) -> None:
    with pytest.raises(CannotDo, match="begins with sk_ or rk_"):
        secrets.replace(place, "stripe/secret-key", lambda _: "pk_live_1")
    assert secrets.read(place, "stripe/secret-key") is None


def test_stripes_keys_are_replaced_in_place(place: Stage) -> None:
    secrets.make_missing(place, answering)
    secrets.replace(place, "stripe/secret-key", lambda _: "rk_live_2")
    assert secrets.read(place, "stripe/secret-key") == "rk_live_2"


def test_signing_keys_are_never_just_replaced(place: Stage) -> None:
    with pytest.raises(CannotDo, match="rotate-keys"):
        secrets.replace(place, "auth/signing-keys", answering)


def test_a_rotation_signs_nobody_out(auth: AuthService, here: Stage) -> None:
    """Somebody signs in every five minutes, where processes have read the secret just before it changes."""
    [old] = kids(auth)
    auth.browser().sign_up()
    signed_in: list[tuple[datetime, Browser]] = []
    done: list[str] = []
    while len(done) < 3:
        with contextlib.suppress(CannotDo):
            done.append(secrets.rotate(here, auth.now))  # what processes keep is up to five minutes old
        browser = auth.browser()
        assert browser.sign_in().status == 200
        signed_in.append((auth.now, browser))
        auth.wait(minutes=5)
        kept._cache.clear()
        for since, each in signed_in:
            if auth.now - since < timedelta(minutes=15):
                assert each.current_user() is not None, f"signed out {auth.now - since} after signing in"
    assert auth.now - NOON >= timedelta(minutes=30)
    assert old not in kids(auth)
    assert len(kids(auth)) == 1


def test_the_new_key_is_public_before_it_signs(auth: AuthService, here: Stage) -> None:
    [old] = kids(auth)
    secrets.rotate(here, auth.now)
    auth.wait(minutes=5)
    kept._cache.clear()
    assert len(kids(auth)) == 2
    browser = auth.browser()
    browser.sign_up()
    assert jwt.get_unverified_header(browser.cookies[SESSION])["kid"] == old


def test_after_a_key_got_out_its_sessions_end_and_nobody_signs_in_again(
    auth: AuthService, here: Stage
) -> None:
    browser = auth.browser()
    browser.sign_up()
    [old] = kids(auth)
    said = secrets.retire(here, auth.now)
    auth.wait(minutes=5)
    kept._cache.clear()
    assert browser.current_user() is None
    assert browser.refresh().status == 200
    assert browser.current_user() is not None
    [new] = kids(auth)
    assert new != old
    assert said.startswith(f"Only {new} is left")


def test_keys_that_got_out_in_the_middle_of_a_rotation_all_go(place: Stage) -> None:
    secrets.make_missing(place, answering)
    secrets.rotate(place, NOON)
    before = json.loads(secrets.read(place, "auth/signing-keys") or "")
    secrets.main(["dev", "rotate", "now"])
    after = json.loads(secrets.read(place, "auth/signing-keys") or "")
    assert list(after["keys"]) == [after["current"]]
    assert not before["keys"].keys() & after["keys"].keys()


def test_keys_that_were_never_made_are_not_retired(place: Stage) -> None:
    with pytest.raises(CannotDo, match="no signing keys yet"):
        secrets.retire(place, NOON)


def test_another_key_of_refresh_tokens_signs_nobody_out(auth: AuthService, here: Stage) -> None:
    browser = auth.browser()
    browser.sign_up()
    secrets.replace(here, "auth/refresh-key", not_yet)
    kept._cache.clear()
    for _ in range(2):
        assert browser.refresh().status == 200
    assert browser.current_user() is not None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("origin-secret", "with the next make deploy STAGE=dev"),
        ("stripe/publishable-key", "with the next make deploy STAGE=dev"),
        ("stripe/webhook-secret", "functions have it within five minutes."),
        ("stripe/secret-key", "make deploy STAGE=dev has Stripe tell the stage."),
        ("auth/refresh-key", "functions have it within five minutes."),
    ],
)
def test_a_replaced_secret_says_when_it_becomes_true(
    place: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str, said: str
) -> None:
    monkeypatch.setattr(secrets, "_ask", answering)
    secrets.main(["dev", "replace", kind])
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(("steps", "minutes"), [(1, 9), (2, 19)])
def test_a_step_that_would_sign_somebody_out_is_refused(place: Stage, steps: int, minutes: int) -> None:
    secrets.make_missing(place, answering)
    now = NOON
    for _ in range(steps):
        now += timedelta(minutes=20)
        secrets.rotate(place, now)
    before = secrets.read(place, "auth/signing-keys")
    with pytest.raises(CannotDo, match="would be signed out"):
        secrets.rotate(place, now + timedelta(minutes=minutes))
    assert secrets.read(place, "auth/signing-keys") == before


def test_no_command_prints_a_secret(place: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    said = [*secrets.make_missing(place, answering), secrets.rotate(place, NOON)]
    printed = capsys.readouterr().out + " ".join(said)
    for kind in secrets.KINDS:
        assert (secrets.read(place, kind) or "") not in printed
    assert "PRIVATE KEY" not in printed
