"""HTTP handler: writes a note with its event, returns one, and fails in every way that a test wants."""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import boto3
from notes_common import GREETING

table, state_machines = boto3.client("dynamodb"), boto3.client("stepfunctions")
VERSION = "one"

Event = dict[str, Any]


def handler(event: Event, context: Any) -> Any:
    if event["routeKey"] == "POST /api/notes":
        return write(json.loads(event["body"]), event["requestContext"]["authorizer"]["lambda"])
    if event["routeKey"] == "GET /api/notes/{id}":
        return show(event["pathParameters"]["id"])
    behaviour = BEHAVIOURS.get(event["rawPath"].removeprefix("/api/other/"))
    return behaviour(event) if behaviour else respond(404, {"message": "no such note"})


def write(body: dict[str, Any], user: dict[str, str]) -> dict[str, Any]:
    note = body["id"]
    detail = {"eventId": f"written-{note}", "schemaVersion": 1, "correlationId": note, "data": body}
    table.put_item(
        TableName=os.environ["TABLE_NAME"],
        Item={
            "pk": {"S": note},
            "owner": {"S": user["userId"]},
            "events": {"N": "0"},
            "event": {"M": {"id": {"S": f"written-{note}"}, "detail": {"S": json.dumps(detail)}}},
        },
    )
    if "remindAt" in body:
        state_machines.start_execution(
            stateMachineArn=os.environ["STATE_MACHINE_ARN"],
            name=note,
            input=json.dumps({"at": body["remindAt"], "id": note}),
        )
    return respond(201, body)


def show(note: str) -> dict[str, Any]:
    item = table.get_item(TableName=os.environ["TABLE_NAME"], Key={"pk": {"S": note}}).get("Item")
    if item is None:
        return respond(404, {"message": "no such note"})
    return respond(200, {"id": note, "owner": item["owner"]["S"], "events": int(item["events"]["N"])})


def respond(status: int, body: Any) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body),
    }


def environment(event: Event) -> dict[str, Any]:
    return respond(200, dict(os.environ) | {"path": sys.path, "greeting": GREETING, "version": VERSION})


def hang(event: Event) -> None:
    time.sleep(60)


def crash(event: Event) -> None:
    raise ValueError("as requested")


def exit_process(event: Event) -> None:
    os._exit(3)


def scan(event: Event) -> None:
    """The role doesn't allow it."""
    table.scan(TableName=os.environ["TABLE_NAME"])


def secret(event: Event) -> dict[str, Any]:
    name = os.environ["SECRET_PARAMETER"]
    parameter = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return respond(200, {"type": parameter["Type"], "value": parameter["Value"]})


def invoke(event: Event) -> dict[str, Any]:
    """The authorizer, or the function that the body names, with the body as its event."""
    body = json.loads(event["body"])
    function = body.get("function") or os.environ["AUTHORIZER_ARN"]
    response = boto3.client("lambda").invoke(FunctionName=function, Payload=event["body"])
    payload = json.loads(response["Payload"].read())
    return respond(200, {"payload": payload, "error": response.get("FunctionError")})


def cookies(event: Event) -> dict[str, Any]:
    return {
        "statusCode": 200,
        "cookies": ["a=1; Path=/", "b=2; Path=/"],
        "headers": {"x-two": "2"},
        "body": "{}",
    }


BEHAVIOURS: dict[str, Callable[[Event], Any]] = {
    "echo": lambda event: respond(200, event),
    "environment": environment,
    "hang": hang,
    "crash": crash,
    "exit": exit_process,
    "scan": scan,
    "secret": secret,
    "invoke": invoke,
    "cookies": cookies,
    "binary": lambda event: {"statusCode": 200, "isBase64Encoded": True, "body": "AAH/"},
    "plain": lambda event: {"plain": True},
}
