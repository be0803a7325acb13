"""A stage is deployed with all it needs, and introduced to Stripe."""

import json
import re
import subprocess
from typing import Any

import boto3
import pytest
from payments.stripe_events import WEBHOOK_EVENTS

from operate import deploy, secrets
from operate.stages import CannotDo, Stage, stage
from tests.operate.conftest import URL, WEBHOOK, Account
from tests.support.templates import ROOT


def test_stripe_is_asked_for_the_events_that_the_webhook_acts_on(place: Stage, account: Account) -> None:
    said = deploy.introduce(place, URL)
    [made] = account.endpoints.values()
    assert (made["url"], set(made["enabled_events"])) == (WEBHOOK, set(WEBHOOK_EVENTS))
    assert secrets.read(place, "stripe/webhook-secret") == "whsec_made"
    assert WEBHOOK in said
    assert "whsec" not in said


def test_a_stage_that_stripe_knows_is_not_introduced_again(place: Stage, account: Account) -> None:
    deploy.introduce(place, URL)
    deploy.introduce(place, URL)
    assert list(account.endpoints) == ["we_1"]


def test_a_stage_that_goes_live_is_introduced_there(place: Stage, account: Account) -> None:
    deploy.introduce(place, URL)
    secrets.replace(place, "stripe/secret-key", lambda _: "sk_live_1")
    said = deploy.introduce(place, URL)
    [made] = account.live.values()
    assert made["url"] == WEBHOOK
    assert made["id"] in said
    assert secrets.read(place, "stripe/webhook-secret") == "whsec_live"
    secrets.replace(place, "stripe/secret-key", lambda _: "sk_test_1")
    deploy.introduce(place, URL)  # where the old endpoint is, of which the secret is lost
    assert secrets.read(place, "stripe/webhook-secret") == "whsec_made"
    assert [each["url"] for each in account.endpoints.values()] == [WEBHOOK]


@pytest.mark.parametrize("wrong", [{"status": "disabled"}, {"enabled_events": ["charge.refunded"]}])
def test_an_endpoint_that_tells_too_little_is_replaced(
    place: Stage, account: Account, wrong: dict[str, Any]
) -> None:
    deploy.introduce(place, URL)
    account.endpoints["we_1"] |= wrong
    deploy.introduce(place, URL)
    [made] = account.endpoints.values()
    assert (made["status"], set(made["enabled_events"])) == ("enabled", set(WEBHOOK_EVENTS))


def test_where_stripe_tells_nothing_of_its_endpoints_the_person_is_told_to_look(
    place: Stage, account: Account
) -> None:
    secrets.write(place, "stripe/webhook-secret", "whsec_by_hand")
    account.refuses = "This key may not see webhooks."
    said = deploy.introduce(place, URL)
    assert account.refuses in said
    assert f"whether it tells {WEBHOOK}" in said
    assert secrets.read(place, "stripe/webhook-secret") == "whsec_by_hand"


def test_an_endpoint_whose_secret_nobody_has_is_replaced(place: Stage, account: Account) -> None:
    for address in ("https://shop.test/hook", WEBHOOK):
        account.make([("url", address)])
    deploy.introduce(place, URL)
    assert sorted(each["url"] for each in account.endpoints.values()) == [WEBHOOK, "https://shop.test/hook"]
    assert secrets.read(place, "stripe/webhook-secret") == "whsec_made"


def test_where_stripe_refuses_the_person_is_told_what_to_do(place: Stage, account: Account) -> None:
    account.refuses = "This key may not make webhooks."
    said = deploy.introduce(place, URL)
    assert account.refuses in said
    assert all(word in said for word in (WEBHOOK, "make secrets STAGE=dev", *WEBHOOK_EVENTS))
    assert secrets.read(place, "stripe/webhook-secret") is None


def test_the_readme_names_the_same_events() -> None:
    named = re.findall(r"`((?:payment_intent|charge)\.[a-z_]+)`", (ROOT / "README.md").read_text())
    assert sorted(named) == sorted(WEBHOOK_EVENTS)


def test_sam_is_told_the_stages_settings_and_the_origins_secret(place: Stage) -> None:
    command = deploy.command(place)
    assert command[1:4] == ["deploy", "--config-env", "dev"]
    assert f"OriginSecret={secrets.read(place, 'origin-secret')}" in command
    assert "--template" not in command  # sam would look for samconfig.toml beside it


def test_nothing_is_deployed_without_its_secrets(place: Stage) -> None:
    secrets.forget(place, "auth/refresh-key")
    with pytest.raises(CannotDo, match="missing: auth/refresh-key"):
        deploy.command(place)


def sam(
    monkeypatch: pytest.MonkeyPatch, place: Stage, *, agreed: bool, ends: int = 0, status: str | None = None
) -> None:
    """Play sam: it makes a change set, which somebody agrees to or not, and ends with an exit code."""
    cloudformation = place.client("cloudformation")

    def deploys(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        stands = bool(cloudformation.list_stacks()["StackSummaries"])
        template = {
            "Resources": {"Web": {"Type": "AWS::S3::Bucket"}, f"New{stands}": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {"WebBucketName": {"Value": {"Ref": "Web"}}, "Url": {"Value": URL}},
        }
        asked = {"StackName": place.stack, "TemplateBody": json.dumps(template)}
        if not agreed:
            kind = "UPDATE" if stands else "CREATE"
            cloudformation.create_change_set(**asked, ChangeSetName="sam", ChangeSetType=kind)
        elif stands:
            cloudformation.update_stack(**asked)
        else:
            cloudformation.create_stack(**asked)
        return subprocess.CompletedProcess([], ends)

    monkeypatch.setattr(deploy.subprocess, "run", deploys)
    if status:
        monkeypatch.setattr(Stage, "status", lambda _: status)


@pytest.fixture
def uploaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The buckets that the web client went to."""
    buckets: list[str] = []
    monkeypatch.setattr(deploy.web, "files", lambda *_: [])
    monkeypatch.setattr(deploy.web, "upload", lambda _, bucket, __: buckets.append(bucket))
    return buckets


def test_a_change_set_that_somebody_agreed_to_brings_the_web_client(
    place: Stage, monkeypatch: pytest.MonkeyPatch, uploaded: list[str]
) -> None:
    sam(monkeypatch, place, agreed=True)
    assert deploy.deploy(place) == URL
    assert uploaded == [place.outputs()["WebBucketName"]]


@pytest.mark.parametrize("first", [True, False])
def test_a_change_set_that_nobody_agreed_to_deploys_nothing(
    place: Stage, monkeypatch: pytest.MonkeyPatch, uploaded: list[str], first: bool
) -> None:
    if not first:
        sam(monkeypatch, place, agreed=True)
        deploy.deploy(place)
        uploaded.clear()
    sam(monkeypatch, place, agreed=False)
    with pytest.raises(CannotDo, match="Nothing was deployed, the web client neither"):
        deploy.deploy(place)
    assert uploaded == []


def test_what_was_refused_before_does_not_stop_what_is_agreed_to(
    place: Stage, monkeypatch: pytest.MonkeyPatch, uploaded: list[str]
) -> None:
    sam(monkeypatch, place, agreed=True)
    deploy.deploy(place)
    sam(monkeypatch, place, agreed=False)
    with pytest.raises(CannotDo):
        deploy.deploy(place)
    monkeypatch.setattr(deploy.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    assert deploy.deploy(place) == URL  # as sam does where nothing changes


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("ROLLBACK_COMPLETE", "make delete STAGE=dev SURE=tiketz-dev and make secrets STAGE=dev"),
        ("UPDATE_ROLLBACK_FAILED", "continue tiketz-dev in CloudFormation"),
        ("UPDATE_ROLLBACK_COMPLETE", "what was there before is there"),
    ],
)
def test_a_deployment_that_failed_tells_what_is_left(
    place: Stage, monkeypatch: pytest.MonkeyPatch, uploaded: list[str], status: str, said: str
) -> None:
    sam(monkeypatch, place, agreed=True, ends=1, status=status)
    with pytest.raises(CannotDo, match=said):
        deploy.deploy(place)
    assert uploaded == []


def test_a_deployment_that_did_not_begin_says_so(place: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
    with pytest.raises(CannotDo, match="Nothing was deployed; sam says above why"):
        deploy.deploy(place)


def test_a_stage_that_is_not_deployed_says_so(aws: None) -> None:
    with pytest.raises(CannotDo, match="tiketz-dev is not deployed"):
        stage("dev").outputs()
    with pytest.raises(CannotDo, match="tiketz-dev is not deployed"):
        stage("dev").outputs("orders")


def test_what_aws_refuses_is_one_sentence(aws: None, capsys: pytest.CaptureFixture[str]) -> None:
    from operate.stages import run

    def asks() -> None:
        boto3.client("sqs").get_queue_url(QueueName="nobody")

    assert run(asks) == 1
    assert capsys.readouterr().err.startswith("AWS did not do it. ")
