"""Checks of a template that moto doesn't make: without a queue policy, AWS drops a rule's events silently."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local.aws.config import CannotStart
from local.aws.template import Translated


def check_queue_policies(source: Translated) -> None:
    """Raises CannotStart where no policy lets a rule send to one of its queues or dead-letter queues."""
    allowed = list(_allowed(source))
    for rule, resource in source.of("AWS::Events::Rule").items():
        for target in resource["Properties"].get("Targets", []):
            for arn in (target["Arn"], target.get("DeadLetterConfig", {}).get("Arn")):
                queue = _attribute(arn)
                if queue in source.of("AWS::SQS::Queue") and (queue, rule) not in allowed:
                    raise CannotStart(f"{source.path}: no queue policy lets the rule {rule} send to {queue}.")


def _allowed(source: Translated) -> Iterator[tuple[str, str]]:
    """Pairs of a queue and a rule that may send to it, by logical id."""
    rules = source.of("AWS::Events::Rule")
    for policy in source.of("AWS::SQS::QueuePolicy").values():
        queues = [each["Ref"] for each in policy["Properties"]["Queues"]]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow" and _is_for_events(statement):
                condition = json.dumps(statement.get("Condition", {}))
                granted = json.dumps(statement["Resource"])
                for queue in queues:
                    for rule in rules:
                        if f'"{queue}"' in granted and (condition == "{}" or f'"{rule}"' in condition):
                            yield queue, rule


def _is_for_events(statement: Mapping[str, Any]) -> bool:
    service = statement.get("Principal", {}).get("Service", [])
    return "events.amazonaws.com" in (service if isinstance(service, list) else [service])


def _attribute(arn: Any) -> str:
    """The logical id in `!GetAtt Queue.Arn`, else an empty string."""
    target = arn.get("Fn::GetAtt", [""]) if isinstance(arn, dict) else [""]
    return str(target[0])
