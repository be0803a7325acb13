"""The responses of the AWS stub: one ticket, one order, one account, as the services store them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from auth import passwords
from auth.keys import Keys
from auth.link_tokens import LinkKey, LinkKeys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from orders import events as order_events
from orders import model as orders
from orders import rows as order_rows
from payments import intent as payment_intents
from payments import model as payments
from payments import rows as payment_rows
from tickets import events as ticket_events
from tickets import model as tickets
from tickets import rows as ticket_rows
from tiketz_common import clock
from tiketz_common.events import marker
from tiketz_common.rows import Row, pack

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2126, 12, 4, 19, tzinfo=UTC)
BUYER, SELLER = "5f0f7f0e-3c1a-4f7e-9a52-0d6b6f1a2c3d", "7c1d2c44-0d0b-4b8e-8a3a-0c7f3f0f5b21"
TICKET, ORDER, INTENT = (
    "3a6f1d0e-8f61-4b7b-a1f1-5d0b1b0f9c11",
    "0b9f3a1e-52d5-4f5e-9d2f-6b1f0c8e7a44",
    "pi_3Q",
)
EMAIL, PASSWORD = "buyer@tiketz.test", "correct horse battery"
WEBHOOK_SECRET = "whsec_bench"
PAGE = 20  # tickets on a page

_listing: dict[str, Any] = {
    "id": TICKET,
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "seller_id": SELLER,
    "quantity": 10_000,
    "starts_at": LATER,
    "venue": "Halcyon Hall",
    "city": "Rotterdam",
    "version": 1,
}


@cache
def inventory() -> Row:
    """The ticket's row in the orders table."""
    ticket = orders.Ticket(**_listing, listed=True)
    units = {"quantity": 10_000, "available": 10_000, "held": 0, "sold": 0, "inventoryVersion": 1}
    return {"pk": f"TICKET#{TICKET}", **order_rows.of_ticket(ticket), **units}


def placed() -> orders.Order:
    """A pending order."""
    ticket = order_rows.inventory(inventory()).ticket
    request = orders.Request(ticket_id=TICKET, quantity=1, price=None)
    return orders.Order.place(ORDER, BUYER, request, ticket, NOW, timedelta(days=36_500))


@cache
def order() -> Row:
    """The order's row, with its event."""
    return order_rows.of_order(placed(), marker(order_events.of(placed()), NOW))


@cache
def event() -> Row:
    """An event attribute for any relay: the whole event, and the marker of one made from the row."""
    return {**marker(order_events.of(placed()), NOW, whole=True), "correlationId": "bench"}


@cache
def ticket() -> Row:
    """The ticket's row in the tickets table."""
    listed = tickets.Ticket(
        **_listing,
        category="music",
        description="Two seats together, on the left.",
        state=tickets.State.LISTED,
        created_at=NOW,
        inventory=tickets.Inventory(held=0, sold=0, version=1),
    )
    return ticket_rows.of_ticket(listed, marker(ticket_events.created(listed), NOW), NOW)


@cache
def sale() -> Row:
    """The order's row in the payments table, with an intent that is not paid yet."""
    copy = payments.Order(
        id=ORDER,
        user_id=BUYER,
        status=payments.OrderStatus.PENDING,
        total=4860,
        currency="eur",
        expires_at=LATER,
        version=1,
    )
    intended = payments.Sale(order=copy, correlation_id="bench").prepare(NOW)
    intent = payment_intents.Intent(
        id=INTENT,
        order_id=ORDER,
        status=payment_intents.IntentStatus.REQUIRES_PAYMENT_METHOD,
        amount=4860,
        currency="eur",
        client_secret="",
    )
    return {"pk": ORDER, "revision": 2, **payment_rows.of_sale(intended.attach_intent(intent))}


@cache
def account() -> Row:
    return {"pk": f"EMAIL#{EMAIL}", "userId": BUYER, "passwordHash": passwords.hash_password(PASSWORD)}


@cache
def profile() -> Row:
    """The buyer's own row."""
    return {"pk": f"USER#{BUYER}", "userId": BUYER, "email": EMAIL, "createdAt": at(NOW)}


def waiting() -> Row:
    """The row of the buyer's pending orders in the auth table: none."""
    return {"pk": f"WAITING#{BUYER}", "orders": [], "until": 0, "revision": 1}


@cache
def signing_keys() -> str:
    """The value of the SSM parameter."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return json.dumps({"current": "bench", "keys": {"bench": pem}})


def respond(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """A successful response of AWS or Stripe."""
    match operation.partition(".")[2] or operation:
        case "GetItem":
            row = _row(params["TableName"], str(params["Key"]["pk"]["S"]))
            return {"Item": pack(row)} if row else {}
        case "BatchGetItem":
            [(table, request)] = params["RequestItems"].items()
            rows = [_row(table, key["pk"]["S"]) for key in request["Keys"]]
            return {"Responses": {table: [pack(row) for row in rows if row]}}
        case "Query":
            page = [ticket()] * PAGE if params["TableName"] == "tickets" else []
            return {"Items": [pack(row) for row in page], "Count": len(page)}
        case "GetParameter":
            return {"Parameter": {"Name": params["Name"], "Value": _secret(params["Name"])}}
        case "PutEvents":
            return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in params["Entries"]]}
        case "StartExecution":
            return {"executionArn": "arn:aws:states:eu-west-1:123456789012:execution:m:1", "startDate": 1.0}
        case "StopExecution":
            return {"stopDate": 1.0}
    return next((answer() for path, answer in _BY_PATH.items() if path in operation), {})


def _no_events() -> dict[str, Any]:
    return {"object": "list", "url": "/v1/events", "has_more": False, "data": []}


def _directory_entry() -> dict[str, Any]:
    return {"email": EMAIL, "verified": True}


def _row(table: str, key: str) -> Row | None:
    """The row of a key; expiration has no ended order, notifications no purchase, auth no failed sign-in."""
    rows: dict[str, Callable[[], Row]] = {
        "ORDER": order,
        "TICKET": inventory,
        "EMAIL": account,
        "USER": profile,
        "WAITING": waiting,
    }
    match table:
        case "tickets":
            return ticket()
        case "expiration" | "notifications":
            return None
        case "auth" if key.startswith("ATTEMPTS#"):
            return None
    return rows.get(key.partition("#")[0], sale)()


def _secret(name: str) -> str:
    secrets = {
        "signing-keys": signing_keys(),
        "verification-keys": json.dumps({"keys": Keys.parse(signing_keys()).jwks}),
        "refresh-key": "00" * 32,
        "link-keys": LinkKeys("bench", {"bench": LinkKey("00" * 32)}).secret(),
        "webhook-secret": WEBHOOK_SECRET,
    }
    return secrets.get(name.rpartition("/")[2], "sk_test_bench")


def _intent() -> dict[str, Any]:
    return {
        "id": INTENT,
        "object": "payment_intent",
        "status": "requires_payment_method",
        "amount": 4860,
        "amount_capturable": 0,
        "amount_received": 0,
        "currency": "eur",
        "metadata": {"orderId": ORDER},
        "latest_charge": None,
        "client_secret": f"{INTENT}_secret_bench",
    }


_BY_PATH: dict[str, Callable[[], dict[str, Any]]] = {
    "/invocations": _directory_entry,
    "/outbound-emails": lambda: {"MessageId": "1"},
    "/v1/events": _no_events,
    "/v1/payment_intents": _intent,
}


def order_changed() -> dict[str, Any]:
    """The data of OrderCreated."""
    return order_events.of(placed()).model_dump(mode="json", by_alias=True)


def at(time: datetime) -> str:
    return clock.to_wire(time)
