"""Shared by the typical handlers: Powertools as in its tutorials, and a session in a JWT."""

import os
from typing import Any

import boto3
import jwt
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import UnauthorizedError

logger = Logger()
tracer = Tracer()
metrics = Metrics()
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
events = boto3.client("events")
KEY = os.environ["JWT_KEY"]


def caller() -> str:
    """The user id in the session's cookie."""
    for cookie in app.current_event.raw_event.get("cookies") or []:
        name, _, token = cookie.partition("=")
        if name == "session":
            claims: dict[str, Any] = jwt.decode(token, KEY, algorithms=["HS256"])
            return str(claims["sub"])
    raise UnauthorizedError("Sign in first.")


def publish(event_type: str, detail: str) -> None:
    """Publish an event after the write, as is usual."""
    bus = os.environ["EVENT_BUS_NAME"]
    events.put_events(
        Entries=[{"EventBusName": bus, "Source": "typical", "DetailType": event_type, "Detail": detail}]
    )
