"""A stage's secrets are created and replaced, and no command prints one."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from auth.keys import Keys
from auth.link_tokens import LinkKeys
from tiketz_common import secrets as cache

from operate import __main__, rotate_keys, secrets
from operate.command import UsageError
from operate.stages import Stage
from tests.factories import NOON
from tests.operate.conftest import DefaultNames, answers
from tests.support.auth_service import AuthService

stripe_dashboard = answers(
    {"secret key": "sk_test_1", "publishable": "pk_test_1", "signing secret": "whsec_1"}
)
nothing = answers({})


@pytest.fixture
def stage(aws: None) -> Stage:
    """A stage without secrets."""
    return Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


def test_missing_secrets_are_created_once(stage: Stage) -> None:
    assert secrets.create_missing(stage, stripe_dashboard) == list(secrets.KINDS)
    assert secrets.create_missing(stage, stripe_dashboard) == []
    keys = json.loads(secrets.read(stage, "auth/signing-keys") or "")
    assert list(keys["keys"]) == [keys["current"]]
    assert len(bytes.fromhex(secrets.read(stage, "auth/refresh-key") or "")) == 32
    assert secrets.read(stage, "stripe/secret-key") == "sk_test_1"


def test_the_public_keys_are_stored_with_the_signing_keys(stage: Stage) -> None:
    secrets.create_missing(stage, nothing)
    signing_keys = Keys.parse(secrets.read(stage, "auth/signing-keys") or "")
    ssm = stage.client("ssm")
    stored = ssm.get_parameter(Name="/tiketz/dev/auth/verification-keys")["Parameter"]
    assert stored["Type"] == "String"
    assert json.loads(stored["Value"]) == {"keys": signing_keys.jwks}
    assert "PRIVATE" not in stored["Value"]


def test_equal_public_keys_are_not_stored_again(stage: Stage) -> None:
    secrets.create_missing(stage, nothing)
    secrets.write_verification_keys(stage, secrets.read(stage, "auth/signing-keys") or "")
    stored = stage.client("ssm").get_parameter(Name="/tiketz/dev/auth/verification-keys")["Parameter"]
    assert stored["Version"] == 1


def test_secrets_are_encrypted_and_named_after_their_stage(stage: Stage) -> None:
    secrets.create_missing(stage, stripe_dashboard)
    described = stage.client("ssm").describe_parameters()["Parameters"]
    listed = [each for each in described if each["Name"] != "/tiketz/dev/auth/verification-keys"]
    assert {each["Name"] for each in listed} == {f"/tiketz/dev/{kind}" for kind in secrets.KINDS}
    assert {each["Type"] for each in listed} == {"SecureString"}


def test_stripes_secrets_may_come_later(stage: Stage) -> None:
    assert secrets.create_missing(stage, nothing) == list(secrets.GENERATED)
    assert secrets.create_missing(stage, stripe_dashboard) == list(secrets.PROVIDED)


def test_the_command_says_what_is_missing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_1")
    assert __main__.main(["secrets", "--stage", "dev"]) == 0
    assert capsys.readouterr().out == (
        "Created: auth/signing-keys, auth/refresh-key, auth/link-keys, origin-secret, stripe/secret-key.\n"
        "Still missing: stripe/publishable-key, stripe/webhook-secret.\n"
    )


def test_a_key_of_another_kind_is_refused(stage: Stage) -> None:
    with pytest.raises(UsageError, match="must begin with sk_ or rk_"):
        secrets.replace(stage, "stripe/secret-key", lambda _: "pk_live_1")
    assert secrets.read(stage, "stripe/secret-key") is None


def test_stripes_keys_are_replaced_in_place(stage: Stage) -> None:
    secrets.create_missing(stage, stripe_dashboard)
    secrets.replace(stage, "stripe/secret-key", lambda _: "rk_live_2")
    assert secrets.read(stage, "stripe/secret-key") == "rk_live_2"


def test_a_new_refresh_key_signs_nobody_out(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = AuthService(monkeypatch).browser()
    browser.sign_up()
    stage = DefaultNames(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})
    secrets.replace(stage, "auth/refresh-key", nothing)
    cache._cache.clear()
    for _ in range(2):
        assert browser.refresh().status == 200
    assert browser.current_user() is not None


def test_new_link_keys_keep_the_key_before_for_a_day(stage: Stage) -> None:
    secrets.create_missing(stage, nothing)
    first = LinkKeys.parse(secrets.read(stage, "auth/link-keys") or "")
    secrets.replace(stage, "auth/link-keys", nothing)
    second = LinkKeys.parse(secrets.read(stage, "auth/link-keys") or "")
    assert second.keys.keys() == {first.current, second.current}
    until = second.keys[first.current].until
    assert until is not None
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(days=1)
    secrets.replace(stage, "auth/link-keys", nothing)
    third = LinkKeys.parse(secrets.read(stage, "auth/link-keys") or "")
    assert third.keys.keys() == {second.current, third.current}


@pytest.mark.parametrize(
    ("kind", "effect"),
    [
        ("origin-secret", "with the next make deploy STAGE=dev"),
        ("stripe/publishable-key", "with the next make deploy STAGE=dev"),
        ("stripe/webhook-secret", "functions read it within five minutes."),
        ("stripe/secret-key", "make deploy STAGE=dev registers the webhook."),
        ("auth/refresh-key", "functions read it within five minutes."),
        ("auth/link-keys", "only the key before the current one is accepted."),
    ],
)
def test_a_replaced_secret_says_when_it_takes_effect(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str, effect: str
) -> None:
    monkeypatch.setattr(secrets, "_prompt", stripe_dashboard)
    assert __main__.main(["secrets", "--stage", "dev", "--kind", kind]) == 0
    assert effect in capsys.readouterr().out


def test_no_command_prints_a_secret(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.create_missing(stage, stripe_dashboard)
    for command in ("secrets", "rotate-keys"):
        assert __main__.main([command, "--stage", "dev"]) == 0
    printed = capsys.readouterr().out + rotate_keys.replace_all(stage, NOON)
    for kind in secrets.KINDS:
        assert (secrets.read(stage, kind) or "") not in printed
    assert "PRIVATE KEY" not in printed
