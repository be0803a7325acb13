"""The permissions that are required: by the product's calls in simulated applications, and by AWS itself."""

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from tiketz_common import secrets

from local.aws.config import arn
from local.aws.permissions import event_source_permissions, required_permissions
from local.aws.resources import EventSource
from tests.fakes.application import MINUTE
from tests.fakes.aws_calls import AwsCalls
from tests.fakes.lambda_functions import current_invocation
from tests.fakes.patching import SimulatedRuntime
from tests.fakes.step_functions import MACHINE
from tests.permissions.granted import SERVICES, Permission, Template
from tests.simulation import crash_sweep
from tests.simulation.history import play, replay
from tests.simulation.steps import Step

IAM_NAMES = {"stepfunctions": "states", "sesv2": "ses"}
SEEDS = range(16)
PAID_LATE = [  # and Stripe's webhooks are lost: only the sweeper captures in time
    *crash_sweep.FORM_OPEN,
    Step(7, 40.0, "ann", "extends", 5),
    Step(8, 95.0, "ann", "extends", 5),
    Step(9, 98.0, "ann", "confirms", 5, {"card": "visa"}),
]
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")


class _NoCache(dict[Any, Any]):
    """Caches no secret: functions share this process and would read them for each other."""

    def __setitem__(self, name: Any, value: Any) -> None:
        return


class _NoWebhooks(dict[str, str]):
    """Faults that lose every webhook."""

    def get(self, key: str, default: Any = None) -> Any:
        return "lost" if key.startswith("webhook ") else default


def by_code(runtime: SimulatedRuntime) -> set[Permission]:
    """Of every call of every function, in scenarios without faults and in random histories with many."""
    permissions: set[Permission] = set()
    call = AwsCalls.call

    def record(calls: AwsCalls, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        invocation = current_invocation.get()
        assert invocation is not None
        function = invocation.name.partition(" ")[0]
        for action, resource in required_permissions(IAM_NAMES.get(service, service), operation, params):
            permissions.add(Permission(function, action, resource))
        return call(calls, service, operation, params)

    with patch.object(AwsCalls, "call", record), patch.object(secrets, "_cache", _NoCache()):
        for steps in crash_sweep.SCENARIOS.values():
            replay(steps, 0, runtime)
        app = replay(crash_sweep.PAID, 0, runtime).app
        assert app is not None
        for inbox in app.inboxes.values():
            inbox.send("poison", "{}")
        app.clock.run(app.clock.now + MINUTE)
        for service in SERVICES:  # one after the other: a service without events makes no calls
            faults = {name: "throttled" for name in app.calls.made if f"{service}.consumer [" in name}
            replay(crash_sweep.PAID, 0, runtime, planned_faults=faults)
        replay(PAID_LATE, 0, runtime, planned_faults=_NoWebhooks())
        for seed in SEEDS:
            play(seed, runtime)
    return permissions


def by_aws(template: Template) -> Iterator[Permission]:
    """Of Lambda to write logs and read queues and streams, and of Step Functions to publish an event."""
    for name, function in template.functions.items():
        group = template.resources[name]["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        for action in LOGS:
            yield Permission(function, action, template.arn({"Fn::GetAtt": [group, "Arn"]}))
    for mapping in template.of("AWS::Lambda::EventSourceMapping").values():
        yield from _of_event_source(template, mapping)
    for name in template.of("AWS::StepFunctions::StateMachine"):
        for state in json.loads(MACHINE.read_text())["States"].values():
            if state["Type"] == "Task":
                yield from _of_task(template, name, state)


def _of_event_source(template: Template, mapping: dict[str, Any]) -> Iterator[Permission]:
    on_failure = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    source = EventSource(
        function=_target(template, mapping["FunctionName"]),
        arn=template.arn(mapping["EventSourceArn"]),
        on_failure=on_failure and template.arn(on_failure),
        properties=mapping,
    )
    for action, resource in event_source_permissions(source):
        yield Permission(source.function, action, resource)


def _of_task(template: Template, machine: str, state: dict[str, Any]) -> Iterator[Permission]:
    service, verb = state["Resource"].split(":")[-2:]  # arn:aws:states:::events:putEvents
    for entry in state["Parameters"]["Entries"]:
        bus = template.arn({"Fn::Sub": entry["EventBusName"]})
        action = f"{service}:{verb[0].upper()}{verb[1:]}"
        yield Permission(f"{template.service}.{machine}", action, arn("events", f"event-bus/{bus}"))


def _target(template: Template, reference: Any) -> str:
    """The function of an event source mapping, which names it or its alias."""
    name = reference["Ref"]
    if template.resources[name]["Type"] == "AWS::Lambda::Alias":
        name = template.resources[name]["Properties"]["FunctionName"]["Ref"]
    return template.functions[name]
