"""IAM, really enforced: what a role does not allow is refused, and the template to blame is named."""

import json
import string
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from local.aws.config import ACCOUNT
from local.aws.moto_server import ROOT_ACCESS_KEY, MotoServer
from local.aws.stack import EventSource
from local.aws.template import arn

Need = tuple[str, str]  # an action, the ARN it is done to
TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a role: a function, or a state machine."""

    name: str  # "orders/Api"
    role: str  # as the template calls it
    template: Path
    policies: tuple[Any, ...]


class PolicyEnforcer:
    """Knows every caller by access key, judges each call, and writes down what was used."""

    def __init__(self, cloud: MotoServer, used: Path, refused: Callable[[str], None]) -> None:
        self._cloud, self._used, self._refused = cloud, used, refused
        self._callers: dict[str, Caller] = {}
        self._keys = ("ASIA" + "".join(each) for each in product(string.ascii_uppercase, repeat=16))
        self._known: dict[tuple[str, Need], bool] = {}
        self._lock = threading.Lock()
        used.write_text("")

    def register(self, name: str, role_arn: str, role: str, template: Path) -> str:
        """An access key that may do what the role allows."""
        from moto.iam.access_control import IAMPolicy
        from moto.iam.models import iam_backends

        # Not through the API: moto hands policies that came from CloudFormation out as Python's repr.
        documents = iam_backends[ACCOUNT]["aws"].get_role(role_arn.rsplit("/", 1)[-1]).policies.values()
        policies = tuple(IAMPolicy(each if isinstance(each, str) else json.dumps(each)) for each in documents)
        key = next(self._keys)
        self._callers[key] = Caller(name, role, template, policies)
        return key

    def allows(self, key: str, need: Need) -> bool:
        """Whether the key's role permits this. Said once per kind of refusal, remembered either way."""
        from moto.iam.access_control import PermissionResult

        caller = self._callers[key]
        with self._lock:
            if (key, need) not in self._known:
                results = [policy.is_action_permitted(*need) for policy in caller.policies]
                allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
                self._known[key, need] = allowed
                if allowed:
                    line = {"function": caller.name, "action": need[0], "resource": need[1]}
                    with self._used.open("a") as file:
                        file.write(json.dumps(line) + "\n")
                else:
                    who = f"{caller.template}: {caller.role} does not allow {caller.name}"
                    self._refused(f"{who} {need[0]} on {need[1]}")
            return self._known[key, need]

    def enforce(self, machines: Mapping[str, str]) -> None:
        """From now on every call is judged. `machines`: state machines' roles with their access keys."""
        from moto.core.authorization import ActionAuthenticatorMixin
        from moto.core.exceptions import JsonRESTError

        guard = self

        def judge(handler: Any, resource: str = "*") -> None:
            key = handler.get_access_key()
            if key == ROOT_ACCESS_KEY:
                return
            service = handler.headers["Authorization"].split("/")[3]
            caller = guard._callers.get(key)
            for need in required_permissions(
                service, handler._get_action(), json.loads(handler.raw_body or "{}")
            ):
                if caller is None or not guard.allows(key, need):
                    who = caller.name if caller else "A stranger"
                    raise JsonRESTError(
                        "AccessDenied" if service == "sqs" else "AccessDeniedException",
                        f"{who} is not authorized to perform: {need[0]} on resource: {need[1]}",
                    )

        ActionAuthenticatorMixin._authenticate_and_authorize_normal_action = judge
        self._lend(machines)

    def _lend(self, machines: Mapping[str, str]) -> None:
        """Make state machines act with their own role; moto's interpreter would be a stranger."""
        from moto.stepfunctions.parser.asl.utils import boto_client

        ours, cloud = boto_client.boto_client_for, self._cloud

        def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
            return cloud.client_as(service, machines[state_credentials.role_arn])

        for module in list(sys.modules.values()):
            if getattr(module, "boto_client_for", None) is ours:
                module.boto_client_for = client_for  # type: ignore[attr-defined]


def required_permissions(service: str, action: str, body: dict[str, Any]) -> Iterable[Need]:
    """What a call needs to be allowed, with real ARNs."""
    named = f"{service}:{action}"
    match service, action:
        case "dynamodb", "TransactWriteItems":
            for item in body["TransactItems"]:
                [(verb, what)] = item.items()
                yield f"dynamodb:{TRANSACTION[verb]}", _table(what["TableName"])
        case "dynamodb", "TransactGetItems":
            for item in body["TransactItems"]:
                yield "dynamodb:GetItem", _table(item["Get"]["TableName"])
        case "dynamodb", "BatchGetItem" | "BatchWriteItem":
            for table in body["RequestItems"]:
                yield named, _table(table)
        case "dynamodb", "GetRecords":
            yield named, body["ShardIterator"].split("|")[0]
        case "dynamodb", "DescribeStream" | "GetShardIterator":
            yield named, body["StreamArn"]
        case "dynamodb", _ if "TableName" in body:
            index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
            yield named, _table(body["TableName"]) + index
        case "events", "PutEvents":
            for entry in body["Entries"]:
                bus = entry.get("EventBusName", "default")
                yield named, bus if bus.startswith("arn:") else arn("events", f"event-bus/{bus}")
        case "sqs", _ if "QueueUrl" in body:
            yield named.removesuffix("Batch"), arn("sqs", body["QueueUrl"].rsplit("/", 1)[-1])
        case "ssm", _ if "Name" in body or "Names" in body:
            for name in body.get("Names") or [body["Name"]]:
                yield named, arn("ssm", f"parameter/{name.lstrip('/')}")
        case "states", _ if "stateMachineArn" in body or "executionArn" in body:
            yield named, body.get("stateMachineArn") or body["executionArn"]
        case _:
            yield named, "*"


def event_source_permissions(source: EventSource) -> Iterable[Need]:
    """What Lambda asks of a function's role before it connects the function to a queue or a stream.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html and …/with-ddb.html
    """
    if ":sqs:" in source.source:
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            yield f"sqs:{action}", source.source
    else:
        for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"):
            yield f"dynamodb:{action}", source.source
    if source.on_failure:
        yield "sqs:SendMessage", source.on_failure


def _table(name: str) -> str:
    return name if name.startswith("arn:") else arn("dynamodb", f"table/{name}")
