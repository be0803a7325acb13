"""The throw-away stage is deployed, changed, rolled back by an alarm, deployed again, and deleted."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from operate import delete as deletion
from operate import secrets, secrets_key
from operate.aws_check.run import Run
from operate.command import CommandError
from operate.stages import ROOT, SERVICES, Stage

CHANGED = ROOT / "functions/orders/orders/api.py"
FUNCTIONS = {  # behind an alias
    "auth": ("Api", "Authorizer"),
    "tickets": ("Api",),
    "orders": ("Api",),
    "payments": ("Api", "Webhook"),
}
SHIFT_SECONDS = 1800  # until CodeDeploy has shifted a tenth of the requests
POLL_SECONDS = 5


def first(run: Run) -> None:
    """Secrets and stack are created; queues, gateways and secrets are as the templates have them."""
    stage = run.stage
    if not os.environ.get("STRIPE_SECRET_KEY", "").startswith(("sk_test_", "rk_test_")):
        raise CommandError(
            "Give Stripe's test keys: STRIPE_SECRET_KEY=sk_test_… STRIPE_PUBLISHABLE_KEY=pk_test_…."
        )
    if secrets_key.find(stage) is None:
        secrets_key.create(stage)
    secrets.create_missing(stage, lambda _: "")
    _deploy(stage)
    run.expect("queue-policies", _queues_without_policy(stage))
    run.expect("throttles", _gateways_without_throttles(stage))
    if others := secrets.reencrypt(stage):
        run.differs("secrets-key", f"{', '.join(others)} had another key")


def change_a_line(run: Run) -> None:
    """A new version of every function takes over, and the one before is deleted."""
    with _changed_line():
        _deploy(run.stage)
    run.expect("versions", _functions_with_old_versions(run.stage))


def roll_back(run: Run) -> None:
    """An alarm during the shift brings the old version back; then the same code is deployed."""
    stage = run.stage
    alarm, alias = stage.resource("orders", "ApiFaults"), _alias(stage)
    before = alias["FunctionVersion"]
    with _changed_line():
        deploying = subprocess.Popen(make_deploy(stage), cwd=ROOT)
        try:
            _wait_for_shift(stage, deploying)
            _ring_while_shifting(stage, alarm)
        finally:
            failed = deploying.wait()
        if not failed:
            run.differs("rollback", "an alarm during the shift did not fail the deployment")
        if stage.status() != "UPDATE_ROLLBACK_COMPLETE" or _alias(stage)["FunctionVersion"] != before:
            run.differs(
                "rollback",
                f"the stack is {stage.status()}, version {_alias(stage)['FunctionVersion']} serves",
            )
        _wait_until_quiet(stage, alarm)  # CodeDeploy would stop the next deployment too
        try:
            _deploy(stage)
        except CommandError as error:
            run.differs("same-commit-again", str(error))


def delete(run: Run) -> None:
    """Everything is deleted, and nothing remains."""
    manual = deletion.delete(run.stage)
    run.expect("deletion", [*manual, *(f"the {each} remains" for each in deletion.remaining(run.stage))])


def make_deploy(stage: Stage) -> list[str]:
    """The command that deploys it."""
    return ["make", "--no-print-directory", "deploy", f"STAGE={stage.name}", "YES=1"]


def _deploy(stage: Stage) -> None:
    if subprocess.run(make_deploy(stage), cwd=ROOT).returncode:
        raise CommandError(f"make deploy STAGE={stage.name} failed; see above.")


@contextmanager
def _changed_line(path: Path = CHANGED) -> Iterator[None]:
    """One more line in a service's code, while this lasts."""
    before = path.read_bytes()
    path.write_bytes(before + f"# aws-check {time.time_ns()}\n".encode())
    try:
        yield
    finally:
        path.write_bytes(before)


def _queues_without_policy(stage: Stage) -> Iterator[str]:
    """The queues that no rule may send to, though the templates let one."""
    sqs = stage.client("sqs")
    for service in SERVICES:
        outputs = stage.outputs(service)
        for url in (outputs["InboxUrl"], outputs["InboxDeadUrl"]):
            attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy", "QueueArn"])[
                "Attributes"
            ]
            if attributes["QueueArn"] not in attributes.get("Policy", ""):
                yield f"{url} has no policy of its own"


def _gateways_without_throttles(stage: Stage) -> Iterator[str]:
    gateways = stage.client("apigatewayv2")
    for service in FUNCTIONS:
        [default] = gateways.get_stages(ApiId=stage.outputs(service)["ApiId"])["Items"]
        routes, limits = default.get("RouteSettings", {}), default.get("DefaultRouteSettings", {})
        if not routes or "ThrottlingBurstLimit" not in limits:
            yield f"{service}'s gateway has no throttles"


def _functions_with_old_versions(stage: Stage) -> Iterator[str]:
    functions = stage.client("lambda")
    for service, names in FUNCTIONS.items():
        for name in names:
            listed = functions.list_versions_by_function(FunctionName=stage.resource(service, name))[
                "Versions"
            ]
            versions = [each["Version"] for each in listed if each["Version"] != "$LATEST"]
            if len(versions) != 1:
                yield f"{service}/{name} has the versions {', '.join(versions)}"


def _alias(stage: Stage) -> dict[str, Any]:
    """The alias of orders' API."""
    return dict(stage.client("lambda").get_alias(FunctionName=stage.resource("orders", "Api"), Name="live"))


def _is_shifting(stage: Stage) -> bool:
    return bool(_alias(stage).get("RoutingConfig", {}).get("AdditionalVersionWeights"))


def _wait_for_shift(stage: Stage, deploying: "subprocess.Popen[bytes]") -> None:
    """Return when the new version gets a share of the requests. Raises CommandError where it gets none."""
    until = time.monotonic() + SHIFT_SECONDS
    while not _is_shifting(stage):
        if deploying.poll() is not None or time.monotonic() > until:
            raise CommandError("The deployment did not shift requests gradually.")
        time.sleep(POLL_SECONDS)


def _ring_while_shifting(stage: Stage, alarm: str) -> None:
    """Set the alarm until CodeDeploy has shifted back; CloudWatch resets it each minute."""
    until = time.monotonic() + SHIFT_SECONDS
    while _is_shifting(stage) and time.monotonic() < until:
        stage.client("cloudwatch").set_alarm_state(
            AlarmName=alarm, StateValue="ALARM", StateReason="aws-check forces a rollback"
        )
        time.sleep(POLL_SECONDS)


def _wait_until_quiet(stage: Stage, alarm: str) -> None:
    until = time.monotonic() + SHIFT_SECONDS
    while time.monotonic() < until:
        [described] = stage.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        if described["StateValue"] != "ALARM":
            return
        time.sleep(POLL_SECONDS)
