"""aws-check tries a local environment, and judges what a stage on AWS answers."""

import json
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from local.process import EnvironmentProcess
from operate import __main__, aws_check, secrets, stages
from operate import delete as deletion
from operate.aws_check import deployments, edge
from operate.aws_check.run import NotPlayed, Run, Step
from operate.command import CommandError
from operate.stages import Stage

ON_AWS = [
    "deploy",
    "past the site",
    "edge cache",
    "observe",
    "change a line",
    "roll back",
    "new secret",
    "delete",
]


def test_a_local_environment_plays_all_that_it_has(
    short_hold_env: EnvironmentProcess, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA", str(short_hold_env.data))
    assert __main__.main(["aws-check", "--stage", "local"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    not_played = [line.partition("  ")[0].strip() for line in lines if "not played" in line]
    if short_hold_env.info["dynamodb"]:  # which keeps no history
        assert not_played == sorted([*ON_AWS, "restore a row"], key=[s.name for s in aws_check.STEPS].index)
    else:
        assert not_played == ON_AWS
        assert last == "aws-check local: 5 steps played, 8 not played, 0 differ from docs/aws.md"


def test_a_site_that_does_not_answer_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = {"url": "http://127.0.0.1:9", "aws": "http://127.0.0.1:9", "region": "eu-west-1"}
    (tmp_path / "ready.json").write_text(json.dumps(nowhere | {"access_key": "x", "dynamodb": None}))
    monkeypatch.setenv("DATA", str(tmp_path))
    assert __main__.main(["aws-check", "--stage", "local"]) == 1
    captured = capsys.readouterr()
    assert "DIFFERS        edge: " in captured.out
    assert captured.err == "5 of docs/aws.md's assumptions differ; see above.\n"


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_only_a_throw_away_stage_is_tried(stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        __main__.main(["aws-check", "--stage", stage])
    assert "invalid choice" in capsys.readouterr().err


class Clients:
    """A stage's AWS clients, each a set of canned responses; `calls` are those that change something."""

    def __init__(self, **responses: Any) -> None:
        self.responses, self.calls = responses, []  # type: ignore[var-annotated]

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.calls.append((operation, request))
            response = self.responses[operation]
            return response() if callable(response) else response

        return call


class CheckStage(Stage):
    """A deployed stage with canned AWS clients; its resources are named service/LogicalId."""

    clients = Clients()

    def client(self, service: str) -> Any:
        return self.clients

    def resource(self, service: str, name: str) -> str:
        return f"{service}/{name}"

    def outputs(self, service: str | None = None) -> dict[str, str]:
        return {"ApiId": f"{service}-api", "InboxUrl": f"{service}-inbox", "InboxDeadUrl": f"{service}-dead"}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run on a stage on AWS, where nothing waits."""
    monkeypatch.setattr(deployments, "POLL_SECONDS", 0)
    monkeypatch.setattr(CheckStage, "clients", Clients())
    parameters = {"Stage": "check"}
    return Run(
        CheckStage(name="check", stack="tiketz-check", region="eu-west-1", parameters=parameters), print
    )


def test_a_stage_is_deleted_whatever_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []

    def step(name: str) -> Step:
        def play(_: Run) -> None:
            played.append(name)
            if name == "purchase":
                raise CommandError("refused")
            if name == "redrive":
                raise KeyboardInterrupt

        return Step(name, play, (name,))

    monkeypatch.setattr(aws_check, "STEPS", [step(each.name) for each in aws_check.STEPS])
    options = __main__.parser().parse_args(["aws-check", "--stage", "check"])
    with pytest.raises(KeyboardInterrupt):
        aws_check.run(options)
    assert played[-2:] == ["redrive", "delete"]


def test_after_a_failed_deployment_only_the_deletion_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []

    def step(name: str) -> Step:
        def play(_: Run) -> None:
            played.append(name)
            if name == "deploy":
                raise CommandError("rolled back")

        return Step(name, play, (name,))

    monkeypatch.setattr(aws_check, "STEPS", [step(each.name) for each in aws_check.STEPS])
    with pytest.raises(CommandError, match=r"^1 of docs/aws"):
        aws_check.run(__main__.parser().parse_args(["aws-check", "--stage", "check"]))
    assert played == ["deploy", "delete"]


def test_live_keys_of_stripe_are_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_1")
    with pytest.raises(CommandError, match="test keys"):
        deployments.first(run)


def test_queues_without_a_policy_of_their_own_are_named(aws: None) -> None:
    sqs = boto3.client("sqs")
    urls = {}
    for name, resource in (("good", "good"), ("foreign", "good"), ("bare", None)):
        urls[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        if resource:
            arn = f"arn:aws:sqs:eu-west-1:123456789012:{resource}"
            policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": arn}]}
            sqs.set_queue_attributes(QueueUrl=urls[name], Attributes={"Policy": json.dumps(policy)})

    class Queues(Stage):
        def outputs(self, service: str | None = None) -> dict[str, str]:
            dead = {"auth": "foreign", "orders": "bare"}.get(str(service), "good")
            return {"InboxUrl": urls["good"], "InboxDeadUrl": urls[dead]}

    stage = Queues(name="check", stack="tiketz-check", region="eu-west-1", parameters={})
    wrong = list(deployments._queues_without_policy(stage))
    assert wrong == [
        f"{urls['foreign']} has no policy of its own",
        f"{urls['bare']} has no policy of its own",
    ]


def test_gateways_without_throttles_are_named(run: Run) -> None:
    throttled = {"RouteSettings": {"GET /": {}}, "DefaultRouteSettings": {"ThrottlingBurstLimit": 1}}
    stages_ = iter([throttled, {}, {**throttled, "RouteSettings": {}}, throttled])
    run.stage.client("apigatewayv2").responses["get_stages"] = lambda: {"Items": [next(stages_)]}
    assert list(deployments._gateways_without_throttles(run.stage)) == [
        "tickets's gateway has no throttles",
        "orders's gateway has no throttles",
    ]


def test_functions_with_an_old_version_are_named(run: Run) -> None:
    counts = iter([1, 1, 1, 2, 1, 1])
    run.stage.client("lambda").responses["list_versions_by_function"] = lambda: {
        "Versions": [{"Version": "$LATEST"}, *({"Version": str(n + 7)} for n in range(next(counts)))]
    }
    assert list(deployments._functions_with_old_versions(run.stage)) == ["orders/Api has the versions 7, 8"]


def test_the_changed_line_is_taken_back_even_after_a_failure(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "api.py"
    code.write_text("before = 1\n")
    with suppress(CommandError), deployments._changed_line(code):
        assert code.read_text() != "before = 1\n"
        raise CommandError("failed")
    assert code.read_text() == "before = 1\n"


class Deployment:
    """`make deploy` that shifts for some polls, until the alarm that is set stops it."""

    def __init__(self, stage: CheckStage, exit_code: int) -> None:
        self.stage, self.exit_code, self.polls = stage, exit_code, 0
        stage.clients.responses |= {
            "get_alias": self.alias,
            "set_alarm_state": {},
            "describe_alarms": {"MetricAlarms": [{"StateValue": "OK"}]},
        }

    def alias(self) -> dict[str, Any]:
        self.polls += 1
        rung = any(name == "set_alarm_state" for name, _ in self.stage.clients.calls)
        weights = {"8": 0.1} if self.polls > 3 and not rung else {}
        return {"FunctionVersion": "7", "RoutingConfig": {"AdditionalVersionWeights": weights}}

    def poll(self) -> int | None:
        return None

    def wait(self) -> int:
        return self.exit_code


@pytest.mark.parametrize(
    ("exit_code", "status", "again", "differences"),
    [
        (1, "UPDATE_ROLLBACK_COMPLETE", 0, []),
        (0, "UPDATE_ROLLBACK_COMPLETE", 0, ["rollback"]),
        (1, "UPDATE_COMPLETE", 0, ["rollback"]),
        (1, "UPDATE_ROLLBACK_COMPLETE", 1, ["same-commit-again"]),
    ],
)
def test_an_alarm_during_the_shift_rolls_back(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    exit_code: int,
    status: str,
    again: int,
    differences: list[str],
) -> None:
    code = tmp_path / "api.py"
    code.write_text("before = 1\n")
    changed = deployments._changed_line
    monkeypatch.setattr(deployments, "_changed_line", lambda: changed(code))
    deployment = Deployment(run.stage, exit_code)  # type: ignore[arg-type]
    contents: list[str] = []

    def deploy_again(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        contents.append(code.read_text())
        return subprocess.CompletedProcess([], again)

    def start(*_: Any, **__: Any) -> Deployment:
        contents.append(code.read_text())
        return deployment

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(subprocess, "run", deploy_again)
    monkeypatch.setattr(CheckStage, "status", lambda _: status)
    deployments.roll_back(run)
    assert run.differences == differences
    assert contents[0] == contents[1] != "before = 1\n"  # the same code is deployed again
    alarms = [
        request["AlarmName"]
        for name, request in run.stage.client("cloudwatch").calls
        if name == "set_alarm_state"
    ]
    assert set(alarms) == {"orders/ApiFaults"}


class Site:
    """Answers requests by their address, and records them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, tuple[int, str]]) -> None:
        self.requests: list[tuple[str, str]] = []
        self.answers = answers
        monkeypatch.setattr(requests, "request", self.answer)
        monkeypatch.setattr(requests, "get", lambda url, **how: self.answer("GET", url, **how))

    def answer(self, method: str, url: str, **_: Any) -> requests.Response:
        self.requests.append((method, url))
        status, cached = next(each for part, each in self.answers.items() if part in url)
        response = requests.Response()
        response.status_code, response.headers["X-Cache"] = status, cached
        return response


def test_a_gateway_that_answers_past_the_site_differs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    refused, served = (403, ""), (200, "")
    site = Site(
        monkeypatch, {"auth-api": refused, "tickets-api": served, "orders": (401, ""), "pay": refused}
    )
    edge.request_directly(run)
    assert run.differences == ["origin-secret"]
    host = "https://{}-api.execute-api.eu-west-1.amazonaws.com"
    assert site.requests[-1] == ("POST", host.format("payments") + "/api/payments/webhook")


@pytest.mark.parametrize(
    ("anonymous", "signed_in", "differences"),
    [
        ("Hit from cloudfront", "Miss from cloudfront", 0),
        ("Miss from cloudfront", "Miss from cloudfront", 1),
        ("Hit from cloudfront", "Hit from cloudfront", 6),
    ],
)
def test_what_cloudfront_keeps_is_compared(
    run: Run, monkeypatch: pytest.MonkeyPatch, anonymous: str, signed_in: str, differences: int
) -> None:
    class Visitor:
        def __init__(self, site: str) -> None: ...

        def get(self, path: str) -> requests.Response:
            response = requests.Response()
            response.status_code, response.headers["X-Cache"] = 200, signed_in
            return response

    monkeypatch.setattr(CheckStage, "outputs", lambda *_: {"Url": "https://site.test"})
    monkeypatch.setattr(edge, "Shopper", Visitor)
    Site(monkeypatch, {"": (200, anonymous)})
    edge.browse(run)
    assert run.differences == ["edge-cache"] * differences


@pytest.mark.parametrize(("status", "differences"), [(200, []), (403, ["origin-secret-replaced"])])
def test_a_refusal_while_the_secret_is_replaced_differs(
    run: Run, monkeypatch: pytest.MonkeyPatch, status: int, differences: list[str]
) -> None:
    class Deploying:
        polls = iter([None, None, 0])

        def poll(self) -> int | None:
            return next(self.polls)

        def wait(self) -> int:
            return 0

    replaced: list[str] = []
    monkeypatch.setattr(CheckStage, "outputs", lambda *_: {"Url": "https://site.test"})
    monkeypatch.setattr(secrets, "replace", lambda _, kind, __: replaced.append(kind))
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: Deploying())
    monkeypatch.setattr(edge, "POLL_SECONDS", 0)
    Site(monkeypatch, {"/api/health": (status, "")})
    edge.replace_secret(run)
    assert (replaced, run.differences) == (["origin-secret"], differences)


def test_what_a_deletion_leaves_differs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deletion, "delete", lambda _: ["Delete the webhook by hand."])
    monkeypatch.setattr(deletion, "remaining", lambda _: ["table tiketz-check-Orders-Table"])
    deployments.delete(run)
    assert run.differences == ["deletion", "deletion"]


def test_a_step_that_can_not_be_played_says_why(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    def play(_: Run) -> None:
        raise NotPlayed("the hold lasts 900 s")

    assert run.play(Step("expiry", play, ("timers",)))
    assert capsys.readouterr().out == "expiry         not played: the hold lasts 900 s\n"
    assert run.summary == "aws-check check: 0 steps played, 1 not played, 0 differ from docs/aws.md"


def test_the_throw_away_stage_is_like_prod_and_leaves_no_data() -> None:
    stage = stages.load("check")
    assert (stage.is_throw_away, stage.is_prod, stage.has_own_key) == (True, False, True)
