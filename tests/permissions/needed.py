"""What everybody needs: the calls that product code makes in simulated worlds, and what AWS itself asks."""

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from tiketz_common import secrets

from local.aws.config import arn
from local.aws.permissions import event_source_permissions, required_permissions
from local.aws.resources import EventSource
from tests.fakes.aws_calls import AwsCalls
from tests.fakes.lambda_functions import current_invocation
from tests.fakes.patching import SimulatedRuntime
from tests.fakes.step_functions import MACHINE
from tests.permissions.grants import SERVICES, Permission, Template
from tests.simulation import crash_sweep
from tests.simulation.history import play, replay
from tests.simulation.steps import Step

IAM_NAMES = {"stepfunctions": "states"}
SEEDS = range(16)
PAID_LATE = [  # and Stripe's webhooks are lost: only the sweeper sees it in time
    *crash_sweep.FORM_OPEN,
    Step(7, 40.0, "ann", "extends", 5),
    Step(8, 95.0, "ann", "extends", 5),
    Step(9, 98.0, "ann", "confirms", 5, {"card": "visa"}),
]
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")


class _Forgetful(dict[Any, Any]):
    """Secrets are not kept: functions that share a process here would read them for each other."""

    def __setitem__(self, name: Any, value: Any) -> None:
        return


class _Unheard(dict[str, str]):
    """Every webhook is lost."""

    def get(self, occasion: str, default: Any = None) -> Any:
        return "lost" if occasion.startswith("webhook ") else default


def by_code(runtime: SimulatedRuntime) -> set[Permission]:
    """Every call of every function in calm stories and in stormy histories."""
    found: set[Permission] = set()
    call = AwsCalls.call

    def recorded(calls: AwsCalls, service: str, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        invocation = current_invocation.get()
        assert invocation is not None
        bearer = invocation.name.partition(" ")[0]
        for action, resource in required_permissions(IAM_NAMES.get(service, service), operation, asked):
            found.add(Permission(bearer, action, resource))
        return call(calls, service, operation, asked)

    with patch.object(AwsCalls, "call", recorded), patch.object(secrets, "_cache", _Forgetful()):
        for steps in crash_sweep.STORIES.values():
            replay(steps, 0, runtime)
        calm = replay(crash_sweep.PAID, 0, runtime).world
        assert calm is not None
        for service in SERVICES:  # one after the other: what one does not hear of fails with no other
            troubled = {call: "throttled" for call in calm.calls.made if f"{service}.consumer [" in call}
            replay(crash_sweep.PAID, 0, runtime, given=troubled)
        replay(PAID_LATE, 0, runtime, given=_Unheard())
        for seed in SEEDS:
            play(seed, runtime)
    return found


def by_aws(template: Template) -> Iterator[Permission]:
    """What Lambda needs to read queues and streams and to write logs, and Step Functions to say an event."""
    for name, bearer in template.functions.items():
        group = template.resources[name]["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]
        for action in LOGS:
            yield Permission(bearer, action, template.arn({"Fn::GetAtt": [group, "Arn"]}))
    for mapping in template.of("AWS::Lambda::EventSourceMapping").values():
        on_failure = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        source = EventSource(
            function=_target(template, mapping["FunctionName"]),
            arn=template.arn(mapping["EventSourceArn"]),
            on_failure=on_failure and template.arn(on_failure),
            properties=mapping,
        )
        for action, resource in event_source_permissions(source):
            yield Permission(source.function, action, resource)
    for name in template.of("AWS::StepFunctions::StateMachine"):
        for state in json.loads(MACHINE.read_text())["States"].values():
            if state["Type"] == "Task":
                service, verb = state["Resource"].split(":")[-2:]  # arn:aws:states:::events:putEvents
                for entry in state["Parameters"]["Entries"]:
                    bus = template.arn({"Fn::Sub": entry["EventBusName"]})
                    yield Permission(
                        f"{template.service}.{name}",
                        f"{service}:{verb[0].upper()}{verb[1:]}",
                        arn("events", f"event-bus/{bus}"),
                    )


def _target(template: Template, named: Any) -> str:
    """The function that a mapping feeds, by its own name or by its alias."""
    name = named["Ref"]
    if template.resources[name]["Type"] == "AWS::Lambda::Alias":
        name = template.resources[name]["Properties"]["FunctionName"]["Ref"]
    return template.functions[name]
