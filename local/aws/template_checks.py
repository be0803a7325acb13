"""Checks of a template that moto doesn't make: without a queue policy, AWS drops a rule's events silently."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local.aws.config import CannotStart
from local.aws.template import Translated


def check_queue_policies(source: Translated) -> None:
    """Raises CannotStart for a policy that AWS may refuse, and for a rule that may not send to its queues.

    Each queue has a policy of its own, whose statements name this queue alone: SQS's guides ask for it ("each
    policy must cover only a single queue",
    https://docs.amazonwebservices.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/AccessPolicyLanguage_SpecialInfo.html),
    and SQS has refused a statement with a list of queues
    (https://github.com/remind101/stacker_blueprints/pull/71).
    """
    for fault in _malformed(source):
        raise CannotStart(f"{source.path}: {fault}.")
    allowed = list(_allowed(source))
    for rule, resource in source.of("AWS::Events::Rule").items():
        for target in resource["Properties"].get("Targets", []):
            for arn in (target["Arn"], target.get("DeadLetterConfig", {}).get("Arn")):
                queue = _attribute(arn)
                if queue in source.of("AWS::SQS::Queue") and (queue, rule) not in allowed:
                    raise CannotStart(f"{source.path}: no queue policy lets the rule {rule} send to {queue}.")


def _malformed(source: Translated) -> Iterator[str]:
    """What is wrong with the form of each policy."""
    policies: dict[str, str] = {}  # by queue
    for name, policy in source.of("AWS::SQS::QueuePolicy").items():
        queues = [str(each["Ref"]) for each in policy["Properties"]["Queues"]]
        if len(queues) != 1:
            yield f"the queue policy {name} is for {len(queues)} queues; write one for each"
        for queue in queues:
            if queue in policies:
                yield f"the queue policies {policies[queue]} and {name} replace each other on {queue}"
            policies[queue] = name
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if _attribute(statement["Resource"]) not in queues:
                yield f"a statement of the queue policy {name} names another resource than its queue's ARN"


def _allowed(source: Translated) -> Iterator[tuple[str, str]]:
    """Pairs of a queue and a rule that may send to it, by logical id."""
    rules = source.of("AWS::Events::Rule")
    for policy in source.of("AWS::SQS::QueuePolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow" and _is_for_events(statement):
                condition = json.dumps(statement.get("Condition", {}))
                for rule in rules:
                    if condition == "{}" or f'"{rule}"' in condition:
                        yield _attribute(statement["Resource"]), rule


def _is_for_events(statement: Mapping[str, Any]) -> bool:
    service = statement.get("Principal", {}).get("Service", [])
    return "events.amazonaws.com" in (service if isinstance(service, list) else [service])


def _attribute(arn: Any) -> str:
    """The logical id in `!GetAtt Queue.Arn`, else an empty string."""
    target = arn.get("Fn::GetAtt", [""]) if isinstance(arn, dict) else [""]
    return str(target[0])
