"""Wrong arguments of the command line and of make: one sentence that says what is wrong, exit code 2."""

import os
import subprocess
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from operate import __main__, refund, stages
from operate.stages import NotDeployed
from tests.support.templates import ROOT

WRONG = [
    ("", "required: COMMAND"),
    ("deploy", "required: --stage"),
    ("deploy --stage local", "invalid choice: 'local'"),
    ("diff --stage nowhere", "invalid choice: 'nowhere'"),
    ("diff --base nonsense", "git has no commit 'nonsense'"),
    ("delete", "required: --stage"),
    ("delete --stage dev", "confirm with SURE=tiketz-dev"),
    ("delete --stage dev --sure tiketz-prod", "confirm with SURE=tiketz-dev"),
    ("delete --stage local --sure tiketz", "invalid choice: 'local'"),
    ("secrets", "required: --stage"),
    ("secrets --stage nowhere", "invalid choice: 'nowhere'"),
    ("secrets --stage dev --kind password", "invalid choice: 'password'"),
    ("secrets --stage dev --kind auth/signing-keys", "make rotate-keys"),
    ("rotate-keys --stage dev --later", "unrecognized arguments: --later"),
    ("errors --stage dev", "required: --service"),
    ("errors --stage dev --service mail", "invalid choice: 'mail'"),
    ("redrive --stage dev", "required: --queue"),
    ("republish --stage dev --service orders", "required: --since"),
    ("republish --stage dev --service orders --since today", "'today' is not a time"),
    ("replay --stage dev --from 18:00", "'18:00' is not a time"),
    ("replay --stage dev --from 2026-12-01", "required: --to"),
    ("refund", "required: --stage, --order"),
    ("restore --stage dev --service orders", "one of the arguments --at --table is required"),
    ("restore --stage dev --service mail --at 2026-12-01", "invalid choice: 'mail'"),
    ("restore --stage dev --service orders --at 2026-12-01 --key k", "needs the restored table"),
    ("restore --stage dev --service orders --at 2026-12-01 --table t", "not allowed with argument"),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG)
def test_a_wrong_argument_is_answered_in_one_sentence(
    aws: None, capsys: pytest.CaptureFixture[str], line: str, sentence: str
) -> None:
    try:
        code = __main__.main(line.split())
    except SystemExit as stop:
        code = int(str(stop.code))
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert sentence in err


WRONG_FOR_MAKE = [
    ("deploy", "required: --stage"),
    ("delete STAGE=dev", "confirm with SURE=tiketz-dev"),
    ("secrets STAGE=nowhere", "invalid choice: 'nowhere'"),
    ("secrets STAGE=dev KIND=password", "invalid choice: 'password'"),
    ("rotate-keys", "required: --stage"),
    ("errors STAGE=dev SERVICE=mail", "invalid choice: 'mail'"),
    ("redrive STAGE=dev", "required: --queue"),
    ("republish STAGE=dev SERVICE=orders SINCE=today", "'today' is not a time"),
    ("replay STAGE=dev FROM=yesterday TO=2026-12-01", "'yesterday' is not a time"),
    ("refund STAGE=dev", "required: --order"),
    ("restore STAGE=dev SERVICE=orders", "--at --table is required"),
    ("restore STAGE=dev SERVICE=orders AT=2026-12-01 KEY=k", "needs the restored table"),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG_FOR_MAKE)
def test_make_answers_a_wrong_argument_in_one_sentence(line: str, sentence: str) -> None:
    ran = make(*line.split())
    assert ran.returncode == 2
    [message, *of_make] = ran.stderr.splitlines()
    assert sentence in message
    assert [each.partition(":")[0] for each in of_make] == ["make"]


def test_a_time_that_contains_a_space_is_one_argument() -> None:
    ran = make("replay", "STAGE=local", "FROM=2026-12-01 18:00", "TO=2026-12-01 19:00", "DATA=/nowhere")
    assert "No local environment is running" in ran.stderr


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without the installation that some targets begin with: everything is installed when tests run."""
    command = ["make", "--silent", "--assume-old=.venv/local", *arguments]
    # `make test` runs this: the inner make must not take itself for a part of it.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, timeout=60)


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name, module in __main__.COMMANDS.items():
        with pytest.raises(SystemExit):
            __main__.main([name, "--help"])
        assert str(module.__doc__).splitlines()[0] in capsys.readouterr().out


def test_a_local_environment_that_does_not_run_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA", str(tmp_path))
    assert __main__.main(["refund", "--stage", "local", "--order", "o1"]) == 1
    assert capsys.readouterr().err == "No local environment is running: start one with make dev.\n"


def test_a_failed_aws_call_is_one_sentence(
    aws: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refund, "refund", lambda *_: boto3.client("sqs").get_queue_url(QueueName="none"))
    assert __main__.main(["refund", "--stage", "dev", "--order", "o1"]) == 1
    assert capsys.readouterr().err.startswith("AWS call failed: ")


def test_a_stage_that_is_not_deployed_is_named(aws: None) -> None:
    stage = stages.load("dev")
    for service in (None, "orders"):
        with pytest.raises(NotDeployed, match="tiketz-dev is not deployed"):
            stage.outputs(service)


def test_other_errors_of_cloudformation_are_raised(aws: None) -> None:
    error = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks")
    with pytest.raises(ClientError):
        stages.not_deployed(error, "tiketz-dev")
