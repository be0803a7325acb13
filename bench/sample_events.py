"""The event of each measured function: its most frequent or its heaviest work."""

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

from bench import responses

Event = dict[str, Any]
JWT_KEY = "k" * 32  # of the typical handlers


def of(function: str) -> Event:
    """One event for a function ("orders/Api")."""
    return _OF[function]()


def create_order() -> Event:
    return http("POST", "/api/orders", {"ticketId": responses.TICKET})


def browse() -> Event:
    return http("GET", "/api/tickets", query=f"limit={responses.PAGE}")


def sign_in() -> Event:
    return http("POST", "/api/users/signin", {"email": responses.EMAIL, "password": responses.PASSWORD})


def pay() -> Event:
    return http("POST", "/api/payments", {"orderId": responses.ORDER})


def webhook() -> Event:
    intent = {"id": responses.INTENT, "metadata": {"orderId": responses.ORDER}}
    event = http(
        "POST",
        "/api/payments/webhook",
        {"id": "evt_1", "type": "payment_intent.created", "data": {"object": intent}},
    )
    now = int(time.time())
    payload = f"{now}.{event['body']}".encode()
    signature = hmac.new(responses.WEBHOOK_SECRET.encode(), payload, sha256).hexdigest()
    event["headers"]["stripe-signature"] = f"t={now},v1={signature}"
    return event


def authorize() -> Event:
    session = tokens.issue(
        User(responses.BUYER, responses.EMAIL), Keys.parse(responses.signing_keys()), clock.now()
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
        "cookies": ["session=" + jwt.encode({"sub": responses.BUYER}, JWT_KEY, algorithm="HS256")],
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
            "authorizer": {"lambda": {"userId": responses.BUYER, "email": responses.EMAIL}},
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


def message(event_type: str, data: dict[str, Any], **envelope: str) -> Event:
    """An SQS batch of one event from the bus."""
    detail: dict[str, Any] = {
        "eventId": "1",
        "schemaVersion": 1,
        "occurredAt": responses.at(responses.NOW),
        "correlationId": "bench",
    }
    detail |= {**envelope, "data": data}
    body = json.dumps({"detail-type": event_type, "source": "tiketz.bench", "detail": detail})
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


def relay(event_type: str, changed: Callable[[], Row] = responses.order) -> Event:
    """A stream batch of one new row with its event."""
    row = pack(changed() | {"event": responses.event() | {"type": event_type}})
    change = {"Keys": {"pk": row["pk"]}, "NewImage": row, "SequenceNumber": "1"}
    return {
        "Records": [
            {"eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}
        ]
    }


def tick() -> Event:
    return {"id": "bench", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}


def _payment() -> Event:
    data = {"id": responses.ORDER, "orderId": responses.ORDER, "userId": responses.BUYER, "version": 2}
    money = {"amount": 4860, "currency": "eur", "status": "authorized"}
    return message("PaymentAuthorized", data | money)


def _inventory() -> Event:
    units = {"quantity": 10_000, "available": 9_999, "held": 1, "sold": 0, "inventoryVersion": 2}
    return message("InventoryChanged", {"ticketId": responses.TICKET, **units})


def _order() -> Event:
    return message("OrderCreated", responses.order_changed())


def _completed() -> Event:
    """An order whose buyer and seller get a mail."""
    now = clock.to_wire(clock.now())
    return message("OrderCompleted", {**responses.order_changed(), "status": "completed"}, occurredAt=now)


_OF: dict[str, Callable[[], Event]] = {
    "auth/Api": sign_in,
    "auth/Authorizer": authorize,
    "auth/Consumer": _order,
    "auth/Directory": lambda: {"userId": responses.BUYER},
    "auth/Relay": partial(relay, "UserSignedUp"),
    "tickets/Api": browse,
    "tickets/Consumer": _inventory,
    "tickets/Relay": partial(relay, "TicketCreated", responses.ticket),
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
    "notifications/Consumer": _completed,
}
