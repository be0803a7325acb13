"""A stage is deployed with its parameters and secrets, and a failure says what it left behind."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from operate import __main__, deploy, diff, mail, origin_secret, preconditions, secrets, web
from operate.command import CommandError
from operate.stages import Stage
from tests.operate.conftest import URL, create_table

ORIGIN = {"OriginSecret": "from-cloudfront", "OriginSecretRequired": "true"}
COMMIT = "4001bccd5a3e2c1f0b9a8d7c6e5f4a3b2c1d0e9f"


@pytest.fixture(autouse=True)
def commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder's commit, without asking git: tests replace subprocess.run."""
    monkeypatch.setattr(diff, "current_commit", lambda: COMMIT)


def test_sam_asks_unless_the_change_set_was_approved(stage: Stage) -> None:
    assert "--no-confirm-changeset" not in deploy.command(stage, origin=ORIGIN)
    assert "--no-confirm-changeset" in deploy.command(stage, origin=ORIGIN, confirmed=True)


def test_the_commit_is_deployed_with_the_stack(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"Commit={COMMIT}" in deploy.command(stage, origin=ORIGIN)
    monkeypatch.setattr(diff, "current_commit", lambda: None)
    assert "Commit=unknown" in deploy.command(stage, origin=ORIGIN)


@pytest.mark.parametrize(
    ("outputs", "expected"), [({"Commit": COMMIT}, COMMIT), ({"Commit": "unknown"}, None), ({}, None)]
)
def test_the_deployed_commit_is_the_stacks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, outputs: dict[str, str], expected: str | None
) -> None:
    assert deploy.deployed_commit(stage) is None  # nothing is deployed yet
    monkeypatch.setattr(Stage, "outputs", lambda _: outputs)
    assert deploy.deployed_commit(stage) == expected


def test_sam_gets_the_stages_settings_and_the_origin_secret(stage: Stage) -> None:
    command = deploy.command(stage, origin=ORIGIN)
    assert command[1:4] == ["deploy", "--config-env", "dev"]
    assert {"OriginSecret=from-cloudfront", "OriginSecretRequired=true"} <= set(command)
    assert "--template" not in command  # sam would look for samconfig.toml beside it


def test_a_deployment_checks_before_it_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def step(name: str, result: str = "") -> Callable[..., str]:
        def record(*arguments: Any, **__: Any) -> str:
            steps.append(f"{name} {arguments[1]}" if name == "diff" else name)
            return result

        return record

    monkeypatch.setattr(preconditions, "check", step("preconditions"))
    monkeypatch.setattr(deploy, "deployed_commit", lambda _: COMMIT)
    monkeypatch.setattr(diff, "check", step("diff"))
    monkeypatch.setattr(diff, "record", step("record"))
    monkeypatch.setattr(deploy, "build", step("build"))
    monkeypatch.setattr(deploy, "deploy", step("deploy", URL))
    monkeypatch.setattr(deploy, "dns", step("dns"))
    monkeypatch.setattr(deploy, "register_webhook", step("register"))
    monkeypatch.setattr(mail, "unsent", step("mail"))
    assert __main__.main(["deploy", "--stage", "dev"]) == 0
    assert steps == [
        "preconditions",
        f"diff {COMMIT}",
        "build",
        "deploy",
        "record",
        "dns",
        "register",
        "mail",
    ]


@pytest.fixture
def prod(stage: Stage) -> Stage:
    """A prod stage with its secrets, not yet deployed."""
    return replace(stage, parameters={**stage.parameters, "Stage": "prod"})


def test_prods_tables_are_protected_after_each_success(prod: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    create_table(prod, "orders")
    monkeypatch.setattr(
        Stage, "outputs", lambda _, service: {"TableName": "orders"} if service == "orders" else {}
    )
    for _ in range(2):
        deploy.protect_tables(prod)
        described = prod.client("dynamodb").describe_table(TableName="orders")["Table"]
        assert described["DeletionProtectionEnabled"] is True


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_only_prods_tables_are_protected(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, uploads: list[str], name: str
) -> None:
    protected: list[str] = []
    monkeypatch.setattr(deploy, "protect_tables", lambda stage: protected.append(stage.parameters["Stage"]))
    play_sam(monkeypatch, stage, confirmed=True)
    deploy.deploy(replace(stage, parameters={**stage.parameters, "Stage": name}))
    assert protected == (["prod"] if name == "prod" else [])


def play_sam(
    monkeypatch: pytest.MonkeyPatch,
    stage: Stage,
    *,
    confirmed: bool,
    exit_code: int = 0,
    status: str | None = None,
) -> None:
    """Play sam: it creates a change set, executes it if confirmed, and ends with an exit code."""
    cloudformation = stage.client("cloudformation")

    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        exists = bool(cloudformation.list_stacks()["StackSummaries"])
        template = {
            "Resources": {"Web": {"Type": "AWS::S3::Bucket"}, f"New{exists}": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {"WebBucketName": {"Value": {"Ref": "Web"}}, "Url": {"Value": URL}},
        }
        request = {"StackName": stage.stack, "TemplateBody": json.dumps(template)}
        if not confirmed:
            kind = "UPDATE" if exists else "CREATE"
            cloudformation.create_change_set(**request, ChangeSetName="sam", ChangeSetType=kind)
        elif exists:
            cloudformation.update_stack(**request)
        else:
            cloudformation.create_stack(**request)
        return subprocess.CompletedProcess([], exit_code)

    monkeypatch.setattr(subprocess, "run", run)
    if status:
        monkeypatch.setattr(Stage, "status", lambda _: status)


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The buckets to which the web client was uploaded."""
    buckets: list[str] = []
    monkeypatch.setattr(web, "files", lambda *_: [])
    monkeypatch.setattr(web, "upload", lambda _, bucket, __: buckets.append(bucket))
    return buckets


def test_a_confirmed_change_set_uploads_the_web_client(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, uploads: list[str]
) -> None:
    play_sam(monkeypatch, stage, confirmed=True)
    assert deploy.deploy(stage) == URL
    assert uploads == [stage.outputs()["WebBucketName"]]


def test_a_new_origin_secret_is_two_deployments(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    uploads: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    play_sam(monkeypatch, stage, confirmed=True)
    deploy.deploy(stage)
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess([], 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(origin_secret, "sent_by_cloudfront", lambda _: "older")
    deploy.deploy(stage)
    current = secrets.read(stage, "origin-secret")
    assert [[each for each in command if each.startswith("OriginSecret=")] for command in commands] == [
        ["OriginSecret=older"],
        [f"OriginSecret={current}"],
    ]
    assert "in two deployments" in capsys.readouterr().out


def test_a_stage_without_public_keys_gets_them_before_its_stack_changes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.delete(stage, secrets.VERIFICATION_KEYS)
    seen: list[str | None] = []

    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        seen.append(secrets.read(stage, secrets.VERIFICATION_KEYS))
        return subprocess.CompletedProcess([], 1)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(CommandError):
        deploy.deploy(stage)
    [jwks] = seen
    assert jwks
    assert '"kty": "EC"' in jwks


@pytest.mark.parametrize("first", [True, False])
def test_an_unconfirmed_change_set_deploys_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, uploads: list[str], first: bool
) -> None:
    if not first:
        play_sam(monkeypatch, stage, confirmed=True)
        deploy.deploy(stage)
        uploads.clear()
    play_sam(monkeypatch, stage, confirmed=False)
    with pytest.raises(CommandError, match="not confirmed: neither the stack nor the web client changed"):
        deploy.deploy(stage)
    assert uploads == []


def test_an_old_unconfirmed_change_set_does_not_matter(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, uploads: list[str]
) -> None:
    play_sam(monkeypatch, stage, confirmed=True)
    deploy.deploy(stage)
    play_sam(monkeypatch, stage, confirmed=False)
    with pytest.raises(CommandError):
        deploy.deploy(stage)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    assert deploy.deploy(stage) == URL  # as sam does where nothing changes


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("ROLLBACK_COMPLETE", "make delete STAGE=dev SURE=tiketz-dev and make secrets STAGE=dev"),
        ("UPDATE_ROLLBACK_FAILED", "continue the rollback of tiketz-dev in CloudFormation"),
        ("UPDATE_ROLLBACK_COMPLETE", "was rolled back"),
    ],
)
def test_a_failed_deployment_says_what_it_left_behind(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, uploads: list[str], status: str, message: str
) -> None:
    play_sam(monkeypatch, stage, confirmed=True, exit_code=1, status=status)
    with pytest.raises(CommandError, match=message):
        deploy.deploy(stage)
    assert uploads == []


def test_a_deployment_that_did_not_start_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
    with pytest.raises(CommandError, match="Nothing was deployed: see sam's message above"):
        deploy.deploy(stage)


def test_a_failed_build_deploys_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 2))
    with pytest.raises(CommandError, match="The build failed"):
        deploy.build()


def test_a_domain_of_its_own_needs_a_dns_record(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    target = "d111111abcdef8.cloudfront.net"
    monkeypatch.setattr(Stage, "outputs", lambda *_: {"DistributionDomain": target})
    assert deploy.dns(stage, f"https://{target}") is None
    record = deploy.dns(stage, "https://tickets.example.com")
    assert record is not None
    assert record.startswith(f"tickets.example.com needs a DNS record: CNAME {target}")
