"""The permissions that a call needs: actions on ARNs, as IAM policies name them."""

from collections.abc import Callable, Iterator
from typing import Any

from local.aws.config import arn
from local.aws.resources import EventSource

Permission = tuple[str, str]
"""An action and the ARN of the resource: ("dynamodb:PutItem", "arn:aws:dynamodb:…:table/…")."""

TRANSACTION_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def required_permissions(service: str, operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    """What the caller of an operation must be allowed; `body` holds its parameters.

    `service` is IAM's prefix: `states` for Step Functions. What isn't known here needs "*".
    """
    resources = RESOURCES.get(service)
    permissions = list(resources(operation, body)) if resources else []
    yield from permissions or [(f"{service}:{operation}", "*")]


def event_source_permissions(source: EventSource) -> Iterator[Permission]:
    """What a function's role must allow before Lambda connects the function to a queue or a stream.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html and …/with-ddb.html
    """
    if source.is_queue:
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            yield f"sqs:{action}", source.arn
    else:
        for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"):
            yield f"dynamodb:{action}", source.arn
    if source.on_failure:
        yield "sqs:SendMessage", source.on_failure


def _dynamodb(operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    action = f"dynamodb:{operation}"
    match operation:
        case "TransactWriteItems":
            for item in body["TransactItems"]:
                [(kind, write)] = item.items()
                yield f"dynamodb:{TRANSACTION_ACTIONS[kind]}", _table(write["TableName"])
        case "TransactGetItems":
            for item in body["TransactItems"]:
                yield "dynamodb:GetItem", _table(item["Get"]["TableName"])
        case "BatchGetItem" | "BatchWriteItem":
            for table in body["RequestItems"]:
                yield action, _table(table)
        case "GetRecords":
            yield action, body["ShardIterator"].split("|")[0]
        case "DescribeStream" | "GetShardIterator":
            yield action, body["StreamArn"]
        case _ if "TableName" in body:
            index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
            yield action, _table(body["TableName"]) + index


def _events(operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    if operation == "PutEvents":
        for entry in body["Entries"]:
            bus = entry.get("EventBusName", "default")
            yield "events:PutEvents", bus if bus.startswith("arn:") else arn("events", f"event-bus/{bus}")


def _lambda(operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    if operation == "Invoke":
        yield "lambda:InvokeFunction", body["FunctionName"]


def _ses(operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    """Of the API's version 2. Sending a raw message requires both actions, on the sender's domain.

    Resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html;
    of a raw message SES checks version 1's action, and names it where it is denied.
    """
    if operation == "SendEmail":
        identity = arn("ses", f"identity/{body['FromEmailAddress'].rpartition('@')[2].rstrip('>')}")
        yield "ses:SendEmail", identity
        if "Raw" in body["Content"]:
            yield "ses:SendRawEmail", identity


def _sqs(operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    if "QueueUrl" in body:
        queue = body["QueueUrl"].rsplit("/", 1)[-1]
        yield f"sqs:{operation.removesuffix('Batch')}", arn("sqs", queue)


def _ssm(operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    for name in body.get("Names") or [body[key] for key in ("Name",) if key in body]:
        yield f"ssm:{operation}", arn("ssm", f"parameter/{name.lstrip('/')}")


def _states(operation: str, body: dict[str, Any]) -> Iterator[Permission]:
    for key in ("stateMachineArn", "executionArn"):
        if key in body:
            yield f"states:{operation}", body[key]


RESOURCES: dict[str, Callable[[str, dict[str, Any]], Iterator[Permission]]] = {
    "dynamodb": _dynamodb,
    "events": _events,
    "lambda": _lambda,
    "ses": _ses,
    "sqs": _sqs,
    "ssm": _ssm,
    "states": _states,
}


def _table(name: str) -> str:
    return name if name.startswith("arn:") else arn("dynamodb", f"table/{name}")
