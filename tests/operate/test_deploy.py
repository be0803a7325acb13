"""A stage is deployed with all it needs, introduced to Stripe, and deleted again without a rest."""

import json
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import boto3
import pytest
from payments.inbound import ASKED_FOR
from stripe.params import WebhookEndpointCreateParams, WebhookEndpointUpdateParams

from operate import delete, deploy, secrets, stripe
from operate.stages import CannotDo, Stage, stage
from tests.support.tables import ROOT

URL = "https://d111111abcdef8.cloudfront.net"
WEBHOOK = f"{URL}/api/payments/webhook"
GIVEN = {"secret key": "sk_test_1", "publishable": "pk_test_1"}


class Account:
    """A Stripe account's webhook endpoints, those of test mode and those of live mode, behind HTTP."""

    def __init__(self) -> None:
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.live: dict[str, dict[str, Any]] = {}
        self.refuses = ""
        self.status = 0  # of a proxy before it that answers in its place
        account = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({"data": list(self._mode().values())})

            def do_POST(self) -> None:
                sent = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._answer(account.make(sent, self._mode(), self.path.rpartition("webhook_endpoints")[2]))

            def do_DELETE(self) -> None:
                self._answer(self._mode().pop(self.path.rsplit("/", 1)[-1]))

            def _mode(self) -> dict[str, dict[str, Any]]:
                modes = {"Bearer sk_test_1": account.endpoints, "Bearer sk_live_1": account.live}
                return modes[self.headers["Authorization"]]

            def _answer(self, told: dict[str, Any]) -> None:
                self.send_response(account.status or (403 if account.refuses else 200))
                self.end_headers()
                sent = json.dumps({"error": {"message": account.refuses}} if account.refuses else told)
                self.wfile.write(b"<html>" if account.status else sent.encode())

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Door)

    def make(
        self, sent: list[tuple[str, str]], mode: dict[str, dict[str, Any]] | None = None, id: str = ""
    ) -> dict[str, Any]:
        """A new endpoint, of which the secret is told this once; or, by its id, another one's metadata."""
        mode = self.endpoints if mode is None else mode
        params = WebhookEndpointUpdateParams if id else WebhookEndpointCreateParams
        assert {name.partition("[")[0] for name, _ in sent} <= params.__annotations__.keys()
        if id:
            kept = mode[id.removeprefix("/")]
            kept["metadata"] |= {name.removeprefix("metadata[").rstrip("]"): value for name, value in sent}
            return kept
        made = {
            "id": f"we_{len(mode) + 1}",
            "url": dict(sent)["url"],
            "enabled_events": [value for name, value in sent if name == "enabled_events[]"],
            "status": "enabled",
            "metadata": {},
        }
        mode[made["id"]] = made
        return {**made, "secret": "whsec_live" if mode is self.live else "whsec_made"}


@pytest.fixture
def account() -> Iterator[Account]:
    """A Stripe account without webhooks."""
    account = Account()
    threading.Thread(target=account.server.serve_forever, daemon=True).start()
    yield account
    account.server.shutdown()
    account.server.server_close()


@pytest.fixture
def place(aws: None, account: Account) -> Stage:
    """A stage that has its secrets, but for the webhook's."""
    parameters = {
        "Stage": "dev",
        "StripeApiBase": f"http://127.0.0.1:{account.server.server_port}",
    }
    place = Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters=parameters)
    secrets.make_missing(place, lambda asked: next((key for word, key in GIVEN.items() if word in asked), ""))
    return place


@pytest.fixture
def bucket(place: Stage) -> str:
    """The stage's stack, as far as its bucket and its address; answers the bucket's name."""
    template = {
        "Resources": {
            "Web": {
                "Type": "AWS::S3::Bucket",
                "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
            }
        },
        "Outputs": {"WebBucketName": {"Value": {"Ref": "Web"}}, "Url": {"Value": URL}},
    }
    place.client("cloudformation").create_stack(StackName=place.stack, TemplateBody=json.dumps(template))
    return place.outputs()["WebBucketName"]


def test_stripe_is_asked_for_the_events_that_the_webhook_acts_on(place: Stage, account: Account) -> None:
    said = deploy.introduce(place, URL)
    [made] = account.endpoints.values()
    assert (made["url"], set(made["enabled_events"])) == (WEBHOOK, set(ASKED_FOR))
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
    assert (made["status"], set(made["enabled_events"])) == ("enabled", set(ASKED_FOR))


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
    assert all(word in said for word in (WEBHOOK, "make secrets STAGE=dev", *ASKED_FOR))
    assert secrets.read(place, "stripe/webhook-secret") is None


def test_the_readme_names_the_same_events() -> None:
    named = re.findall(r"`((?:payment_intent|charge)\.[a-z_]+)`", (ROOT / "README.md").read_text())
    assert sorted(named) == sorted(ASKED_FOR)


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


def test_a_deleted_stage_leaves_nothing(place: Stage, account: Account, bucket: str) -> None:
    deploy.introduce(place, URL)
    s3 = place.client("s3")
    for _ in range(2):
        s3.put_object(Bucket=bucket, Key="index.html", Body=b"hello")
    s3.delete_object(Bucket=bucket, Key="index.html")
    delete.delete(place)
    assert account.endpoints == {}
    assert bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]]
    assert [secrets.read(place, kind) for kind in secrets.KINDS] == [None] * len(secrets.KINDS)
    delete.delete(place)


def test_a_first_deployment_that_failed_can_be_deleted(place: Stage) -> None:
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    place.client("cloudformation").create_stack(StackName=place.stack, TemplateBody=template)
    delete.delete(place)
    with pytest.raises(CannotDo, match="is not deployed"):
        place.outputs()


@pytest.mark.parametrize("sure", [[], ["tiketz-prod"], ["dev"]])
def test_a_stage_is_deleted_only_by_its_stacks_name(aws: None, sure: list[str]) -> None:
    with pytest.raises(CannotDo, match="SURE=tiketz-dev"):
        delete.main(["dev", *sure])


@pytest.fixture
def prod(aws: None) -> Stage:
    """The prod stage, with its secrets and a stack."""
    place = stage("prod")
    secrets.make_missing(place, lambda asked: next((key for word, key in GIVEN.items() if word in asked), ""))
    template = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    place.client("cloudformation").create_stack(StackName=place.stack, TemplateBody=template)
    return place


def test_prod_is_not_deleted_by_a_command(prod: Stage) -> None:
    with pytest.raises(CannotDo, match="prod keeps its data"):
        delete.main(["prod", prod.stack])
    assert secrets.read(prod, "auth/refresh-key") is not None


def test_what_is_left_of_prod_when_its_stack_is_gone_is_deleted(
    prod: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    prod.client("cloudformation").delete_stack(StackName=prod.stack)
    delete.main(["prod", prod.stack])
    assert [secrets.read(prod, kind) for kind in secrets.KINDS] == [None] * len(secrets.KINDS)
    assert "Tables and the bucket, where it had made them, stay" in capsys.readouterr().out


def test_a_first_deployment_of_prod_that_failed_is_deleted_as_it_was_told(
    prod: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as failed:
        failed.setattr(Stage, "status", lambda _: "ROLLBACK_COMPLETE")
        assert "make delete STAGE=prod SURE=tiketz-prod" in deploy.failure(prod)
        delete.main(["prod", prod.stack])
    with pytest.raises(CannotDo, match="is not deployed"):
        prod.status()


def test_a_stage_is_deleted_though_stripe_refuses(place: Stage, account: Account, bucket: str) -> None:
    deploy.introduce(place, URL)
    account.refuses = "This key may not delete webhooks."
    [left] = delete.delete(place)
    assert account.refuses in left
    assert f"Delete the webhook that tells {WEBHOOK}" in left
    assert bucket not in [each["Name"] for each in place.client("s3").list_buckets()["Buckets"]]
    assert secrets.read(place, "stripe/secret-key") is None


@pytest.mark.parametrize(
    ("status", "said"), [(502, "Stripe refused: 502 Bad Gateway."), (200, "is not Stripe.")]
)
def test_what_is_no_answer_of_stripes_is_one_sentence(
    place: Stage, account: Account, status: int, said: str
) -> None:
    account.status = status
    with pytest.raises(CannotDo, match=said):
        stripe.endpoints(place, WEBHOOK)


def test_a_stripe_that_hangs_up_cannot_be_reached(place: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(CannotDo, match=f"can't be reached at {base}"):
            stripe.ask(replace(place, parameters={"StripeApiBase": base}), "GET", "balance")


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
