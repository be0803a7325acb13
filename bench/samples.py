"""What each function is asked while it is measured: its commonest or heaviest work."""

import hmac
import json
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

import jwt
from auth import tokens
from auth.keys import Keys
from auth.model import User
from tiketz_common import clock
from tiketz_common.rows import Row, pack

from bench import answers

Event = dict[str, Any]
JWT_KEY = "k" * 32  # the typical handler's


def of(function: str) -> Event:
    """One event for a function ("orders/Api")."""
    return _OF[function]()


def create_order() -> Event:
    return http("POST", "/api/orders", {"ticketId": answers.TICKET})


def browse() -> Event:
    return http("GET", "/api/tickets", query=f"limit={answers.PAGE}")


def sign_in() -> Event:
    return http("POST", "/api/users/signin", {"email": answers.EMAIL, "password": answers.PASSWORD})


def pay() -> Event:
    return http("POST", "/api/payments", {"orderId": answers.ORDER})


def webhook() -> Event:
    about = {"id": answers.INTENT, "metadata": {"orderId": answers.ORDER}}
    event = http(
        "POST",
        "/api/payments/webhook",
        {"id": "evt_1", "type": "payment_intent.created", "data": {"object": about}},
    )
    now = int(time.time())
    signed = hmac.new(answers.WEBHOOK_SECRET.encode(), f"{now}.{event['body']}".encode(), sha256).hexdigest()
    event["headers"]["stripe-signature"] = f"t={now},v1={signed}"
    return event


def authorize() -> Event:
    session = tokens.issue(
        User(answers.BUYER, answers.EMAIL), Keys.parse(answers.signing_keys()), clock.now()
    )
    return http("GET", "/api/orders") | {"type": "REQUEST", "cookies": [f"__Host-session={session}"]}


def http(method: str, path: str, body: dict[str, Any] | None = None, query: str = "") -> Event:
    """A request as API Gateway's HTTP API passes it on, payload format 2.0."""
    route = f"{method} {path}"
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "cookies": ["session=" + jwt.encode({"sub": answers.BUYER}, JWT_KEY, algorithm="HS256")],
        "headers": {
            "accept": "application/json",
            "content-type": "application/json",
            "host": "tiketz.example",
            "origin": "https://tiketz.example",
            "sec-fetch-site": "same-origin",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "bench",
            "authorizer": {"lambda": {"userId": answers.BUYER, "email": answers.EMAIL}},
            "domainName": "tiketz.example",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "",
            },
            "requestId": "bench",
            "routeKey": route,
            "stage": "$default",
            "time": "22/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1795348800000,
        },
        "body": json.dumps(body) if body is not None else None,
        "isBase64Encoded": False,
    }


def message(kind: str, data: dict[str, Any]) -> Event:
    """An SQS batch of one event from the bus."""
    detail = {
        "eventId": "1",
        "schemaVersion": 1,
        "occurredAt": answers.at(answers.NOW),
        "correlationId": "bench",
    }
    body = json.dumps({"detail-type": kind, "source": "tiketz.bench", "detail": {**detail, "data": data}})
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1", "SenderId": "1"}
    record = {
        "messageId": "1",
        "receiptHandle": "1",
        "body": body,
        "attributes": {**attributes, "ApproximateFirstReceiveTimestamp": "1"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:inbox",
        "awsRegion": "eu-west-1",
    }
    return {"Records": [record]}


def relay(kind: str, changed: Callable[[], Row] = answers.order) -> Event:
    """A stream's batch of one new row with its event."""
    row = pack(changed() | {"event": answers.event() | {"type": kind}})
    change = {"Keys": {"pk": row["pk"]}, "NewImage": row, "SequenceNumber": "1"}
    return {
        "Records": [
            {"eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}
        ]
    }


def tick() -> Event:
    return {"id": "bench", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}


def _payment() -> Event:
    told = {"id": answers.ORDER, "orderId": answers.ORDER, "amount": 4860, "currency": "eur", "version": 2}
    return message("PaymentAuthorized", {**told, "userId": answers.BUYER, "status": "authorized"})


def _stock() -> Event:
    units = {"quantity": 10_000, "available": 9_999, "held": 1, "sold": 0, "inventoryVersion": 2}
    return message("InventoryChanged", {"ticketId": answers.TICKET, **units})


def _order() -> Event:
    return message("OrderCreated", answers.order_changed())


_OF: dict[str, Callable[[], Event]] = {
    "auth/Api": sign_in,
    "auth/Authorizer": authorize,
    "auth/Consumer": _order,
    "auth/Relay": partial(relay, "UserSignedUp"),
    "tickets/Api": browse,
    "tickets/Consumer": _stock,
    "tickets/Relay": partial(relay, "TicketCreated", answers.ticket),
    "tickets/Sweeper": tick,
    "orders/Api": create_order,
    "orders/Consumer": _payment,
    "orders/Relay": partial(relay, "OrderCreated"),
    "orders/Sweeper": tick,
    "payments/Api": pay,
    "payments/Webhook": webhook,
    "payments/Consumer": _order,
    "payments/Relay": partial(relay, "PaymentCaptured"),
    "payments/Sweeper": tick,
    "expiration/Consumer": _order,
}
