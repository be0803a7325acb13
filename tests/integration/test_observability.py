"""Logs and metrics: one line for each request and event, with its correlation id."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer

from tests.factories import ticket_data
from tests.support.handlers import LambdaContext, sqs_record
from tests.support.payments_service import PaymentsService
from tests.support.service import Service

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lines:
    """The lines written since the last call, parsed: the logger's, then the printed ones."""
    logged = StringIO()
    for handler in logging.getLogger("test").handlers:
        monkeypatch.setattr(handler, "stream", logged)

    def read() -> list[dict[str, Any]]:
        written = logged.getvalue() + capsys.readouterr().out
        logged.seek(logged.truncate(0))
        return [json.loads(line) for line in written.splitlines()]

    return read


def metrics(lines: list[dict[str, Any]]) -> dict[str, list[float]]:
    """The values of each metric in lines of CloudWatch's embedded metric format."""
    values: dict[str, list[float]] = {}
    for line in (each for each in lines if "_aws" in each):
        [directive] = line["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Tiketz"
        assert directive["Dimensions"] == [["EventBus"]]
        assert line["EventBus"] == "default"
        for metric in directive["Metrics"]:
            values.setdefault(metric["Name"], []).extend(line[metric["Name"]])
    return values


def record(number: int, row: dict[str, Any]) -> dict[str, Any]:
    """A stream record of a row that is new."""
    image = {name: TypeSerializer().serialize(value) for name, value in row.items()}
    return {"dynamodb": {"SequenceNumber": str(number), "Keys": {"pk": image["pk"]}, "NewImage": image}}


def reports(name: str, data: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    """A row whose event attribute reports `data`."""
    detail = json.dumps({"eventId": "e1", "occurredAt": "2026-07-01T12:00:00.000Z", **envelope, "data": data})
    return {"pk": "ORDER#1", "event": {"id": "e1", "type": name, "source": "tiketz.test", "detail": detail}}


def order(name: str, **fields: Any) -> dict[str, Any]:
    """An order's row whose latest change was `name`."""
    ticket = {
        "id": "t1",
        "title": "Marble Arcade",
        "price": 4860,
        "starts_at": None,
        "venue": None,
        "city": None,
    }
    mark = {"id": "e1", "type": name, "time": "2026-07-01T12:00:00.000Z", "correlationId": "browser-1"}
    return {
        "pk": "ORDER#o1",
        "userId": "bo",
        "status": name.removeprefix("Order")
        .lower()
        .replace("created", "pending")
        .replace("extended", "pending"),
        "quantity": 1,
        "total": 4860,
        "currency": "eur",
        "createdAt": "2026-07-01T11:45:00.000Z",
        "expiresAt": "2026-07-01T12:00:00.000Z",
        "extensions": int(name == "OrderExtended"),
        "extendedAt": None,
        "version": 1,
        "reason": None,
        "request": {"ticket_id": "t1", "quantity": 1, "price": 4860},
        "ticket": ticket,
        "event": mark,
        **fields,
    }


def test_a_request_logs_one_line_with_its_correlation_id(orders: Service, lines: Lines) -> None:
    answer = orders.request("GET", "/api/orders", user="bo")
    [line] = lines()
    assert line["message"] == "request"
    assert (line["route"], line["status"]) == ("GET /api/orders", 200)
    assert line["correlation_id"] == answer.headers["x-correlation-id"]


def test_an_event_logs_one_line_under_its_correlation_id(orders: Service, lines: Lines) -> None:
    message = sqs_record("TicketCreated", ticket_data(), eventId="e1", correlationId="browser-1")
    assert orders.consume(message) == []
    [line] = lines()
    assert (line["message"], line["event"], line["event_id"]) == ("handled", "TicketCreated", "e1")
    assert line["correlation_id"] == "browser-1"


def test_an_event_that_fails_is_logged_under_its_id(orders: Service, lines: Lines) -> None:
    broken = sqs_record("TicketCreated", {"id": "t1"}, correlationId="browser-2")
    assert len(orders.consume(broken)) == 1
    [line] = [each for each in lines() if each.get("message") == "message failed"]
    assert line["correlation_id"] == "browser-2"


def test_log_lines_cannot_be_forged(orders: Service, lines: Lines) -> None:
    forged = '\r\n{"message": "forged"}\r\n'
    orders.consume(sqs_record("TicketCreated", ticket_data(), correlationId=forged))
    orders.consume(sqs_record("TicketCreated", {"id": forged}, eventId=forged))
    orders.request("GET", f"/api/orders/{forged}", user="bo")
    orders.request(
        "POST", "/api/orders", {"ticketId": forged}, user="bo", headers={"idempotency-key": forged}
    )
    assert "forged" not in {each.get("message") for each in lines()}


def test_a_requests_events_carry_its_correlation_id(orders: Service) -> None:
    orders.consume(sqs_record("TicketCreated", ticket_data()))
    placed = orders.request("POST", "/api/orders", {"ticketId": "t1"}, user="bo")
    row = orders.row(f"ORDER#{placed.json['id']}")
    assert row["event"]["correlationId"] == placed.headers["x-correlation-id"]


def test_orders_are_counted_by_status(orders: Service, lines: Lines) -> None:
    names = ["OrderCreated", "OrderCreated", "OrderExtended", "OrderCompleted", "OrderCancelled"]
    batch = [record(number, order(name)) for number, name in enumerate(names)]
    assert orders.function("relay").handler({"Records": batch}, LambdaContext()) == {"batchItemFailures": []}
    assert metrics(lines()) == {"OrdersPlaced": [1, 1], "OrdersCompleted": [1], "OrdersCancelled": [1]}


def test_the_lag_of_an_expiry_is_measured(orders: Service, lines: Lines) -> None:
    expired = order("OrderExpired", expiresAt="2026-07-01T11:59:58.500Z")
    orders.function("relay").handler({"Records": [record(1, expired)]}, LambdaContext())
    assert metrics(lines()) == {"OrdersExpired": [1], "ExpiryLag": [1500]}


def test_unpublished_events_are_not_counted(
    orders: Service, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = orders.function("relay")
    from tiketz_common import aws

    def refuse(Entries: list[Any]) -> dict[str, Any]:
        return {"FailedEntryCount": len(Entries), "Entries": [{"ErrorCode": "Throttled"} for _ in Entries]}

    monkeypatch.setattr(aws.client("events"), "put_events", refuse)
    answer = relay.handler({"Records": [record(7, order("OrderCreated"))]}, LambdaContext())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    assert metrics(lines()) == {}


def test_payments_are_counted_by_status(payments: PaymentsService, lines: Lines) -> None:
    names = ["PaymentAuthorized", "PaymentCaptured", "PaymentVoided", "PaymentVoided"]
    batch = [record(number, reports(name, {})) for number, name in enumerate(names)]
    payments.relay.handler({"Records": batch}, LambdaContext())
    counted = metrics(lines())
    assert counted == {"PaymentsAuthorized": [1], "PaymentsCaptured": [1], "PaymentsVoided": [1, 1]}


def test_a_missed_timer_is_counted(orders: Service, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    from tiketz_common import clock

    orders.consume(sqs_record("TicketCreated", ticket_data()))
    orders.request("POST", "/api/orders", {"ticketId": "t1"}, user="bo")
    late = clock.from_wire("2126-01-01T00:00:00.000Z")
    sweeper = orders.function("sweeper")
    monkeypatch.setattr(clock, "now", lambda: late)
    lines()
    sweeper.handler({"id": "tick-1"}, LambdaContext())
    written = lines()
    assert metrics(written) == {"TimersMissed": [1]}
    assert written[0]["correlation_id"] == "tick-1"


def test_a_timer_within_its_latency_is_not_counted_as_missed(
    orders: Service, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tiketz_common import clock

    orders.consume(sqs_record("TicketCreated", ticket_data()))
    placed = orders.request("POST", "/api/orders", {"ticketId": "t1"}, user="bo").json
    monkeypatch.setattr(clock, "now", lambda: clock.from_wire(placed["expiresAt"]) + timedelta(seconds=10))
    lines()
    orders.function("sweeper").handler({"id": "tick-1"}, LambdaContext())
    assert lines() == []
    assert orders.request("GET", f"/api/orders/{placed['id']}", user="bo").json["status"] == "expired"


def test_no_metric_is_logged_without_values(orders: Service, lines: Lines) -> None:
    orders.function("relay").handler({"Records": []}, LambdaContext())
    assert lines() == []
