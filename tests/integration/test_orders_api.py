"""Orders through its HTTP handler."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tiketz_common import clock, cursor, retry

from tests.factories import NOON, payment_data, ticket_data
from tests.fakes.dynamodb_faults import cancelling, reading_one_alone, reading_one_by_one
from tests.support.handlers import HttpResponse, sqs_record
from tests.support.service import Service


@pytest.fixture
def shop(orders: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """An orders service at noon with maren's one ticket, t1."""
    at(NOON, monkeypatch)
    orders.consume(sqs_record("TicketCreated", ticket_data()))
    return orders


def at(time: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: time)


def order(shop: Service, user: str = "ann", key: str = "", **body: object) -> HttpResponse:
    headers = {"Idempotency-Key": key}
    answer: HttpResponse = shop.request(
        "POST", "/api/orders", {"ticketId": "t1", **body}, user=user, headers=headers
    )
    return answer


def test_placing_an_order_holds_the_ticket_for_fifteen_minutes(shop: Service) -> None:
    answer = order(shop)
    assert answer.status == 201
    assert answer.headers["location"] == f"/api/orders/{answer.json['id']}"
    assert answer.json == {
        "id": answer.json["id"],
        "userId": "ann",
        "status": "pending",
        "quantity": 1,
        "total": 4860,
        "currency": "eur",
        "expiresAt": "2026-07-01T12:15:00Z",
        "createdAt": "2026-07-01T12:00:00Z",
        "extensions": 0,
        "version": 1,
        "delivery": "seller",
        "ticket": {
            "id": "t1",
            "title": "Marble Arcade",
            "price": 4860,
            "startsAt": "2126-12-04T19:00:00Z",
            "timeZone": "Europe/Amsterdam",
            "venue": "Halcyon Hall",
            "city": "Rotterdam",
        },
    }
    assert units(shop) == (0, 1, 0)


def units(shop: Service) -> tuple[int, int, int]:
    row = shop.row("TICKET#t1")
    return row["available"], row["held"], row["sold"]


def test_a_held_ticket_cannot_be_ordered_again(shop: Service) -> None:
    order(shop)
    answer = order(shop, "bob")
    assert (answer.status, answer.json["detail"]) == (409, "Somebody is paying for this one.")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": "ticket_reserved",
        "detail": "Somebody is paying for this one.",
        "errors": [{"message": "Somebody is paying for this one."}],
    }


def test_a_stranger_must_sign_in(shop: Service) -> None:
    assert order(shop, user="").status == 401


def test_an_unknown_ticket_has_a_retry_after(shop: Service) -> None:
    answer = order(shop, ticketId="nope")
    assert (answer.status, answer.headers["retry-after"]) == (404, "1")


def test_a_seller_cannot_buy_their_own(shop: Service) -> None:
    assert order(shop, "maren").status == 403


def test_another_price_than_seen_is_refused(shop: Service) -> None:
    assert order(shop, price=4000).status == 409
    assert order(shop, price=4860).status == 201


def test_another_version_than_seen_is_refused(shop: Service) -> None:
    shop.consume(sqs_record("TicketUpdated", ticket_data(title="Pub quiz", currency="gbp", version=2)))
    refused = order(shop, price=4860, version=1)
    assert (refused.status, refused.json["code"]) == (409, "listing_changed")
    assert refused.json["detail"] == "The listing changed; look again."
    assert "retry-after" not in refused.headers
    assert order(shop, price=4860, version=2).status == 201


def test_a_version_that_is_on_its_way_may_be_retried(shop: Service) -> None:
    refused = order(shop, version=2)
    assert (refused.status, refused.headers["retry-after"]) == (409, "1")
    shop.consume(sqs_record("TicketUpdated", ticket_data(version=2)))
    assert order(shop, version=2).status == 201


def test_a_repeat_that_saw_another_version_is_another_request(shop: Service) -> None:
    first = order(shop, key="k1", version=1)
    assert order(shop, key="k1", version=1).json == first.json
    assert order(shop, key="k1", version=2).status == 422
    assert order(shop, key="k1").status == 422


def test_nothing_is_held_past_the_start_of_its_event(shop: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    starts = {"startsAt": "2026-07-01T12:00:08.000Z"}
    shop.consume(sqs_record("TicketUpdated", ticket_data(**starts, version=2)))
    placed = order(shop).json
    assert placed["expiresAt"] == "2026-07-01T12:00:08Z"
    extend = ("POST", f"/api/orders/{placed['id']}/extend")
    assert shop.request(*extend, user="ann").json["code"] == "event_starts_first"
    at(NOON + timedelta(seconds=9), monkeypatch)
    assert shop.request(*extend, user="ann").status == 409
    shop.consume(sqs_record("PaymentAuthorized", payment_data(placed)))
    assert shop.row(f"ORDER#{placed['id']}")["status"] == "expired"
    assert units(shop) == (1, 0, 0)


def test_a_withdrawn_ticket_is_refused(shop: Service) -> None:
    shop.consume(sqs_record("TicketWithdrawn", ticket_data(status="withdrawn", version=2)))
    assert order(shop).status == 409


def test_a_ticket_for_a_past_event_is_refused(shop: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    at(datetime(2126, 12, 4, 19, tzinfo=UTC), monkeypatch)
    assert order(shop).status == 409


@pytest.mark.parametrize(
    "body",
    [
        {"quantity": 0},
        {"quantity": 11},
        {"quantity": "1"},
        {"quantity": 1.5},
        {"quantity": True},
        {"price": -1},
        {"status": "completed"},
        {"userId": "bob"},
        {"ticketId": None},
        {"ticketId": ""},
        {"ticketId": "a.b"},
        {"ticketId": "x" * 5_000},
        {"quantity": 10**4_000},
    ],
)
def test_a_bad_body_is_refused_and_nothing_is_written(shop: Service, body: dict[str, Any]) -> None:
    before = shop.rows()
    answer = order(shop, **body)
    assert answer.status == 400
    assert answer.json["errors"][0]["message"]
    assert shop.rows() == before


@pytest.mark.parametrize(
    ("raw", "headers", "status"),
    [
        ("{", {}, 400),
        ("[]", {}, 400),
        ('{"ticketId": "t1", "ticketId": "t2"}', {}, 400),
        ('{"ticketId": "\\ud800"}', {}, 400),
        ('{"a":' * 2_500 + "1" + "}" * 2_500, {}, 400),
        ('{"ticketId": "' + "x" * 17_000 + '"}', {}, 413),
        ("ticketId=t1", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("--x", {"content-type": "multipart/form-data"}, 415),
        ('{"ticketId": "t1"}', {"sec-fetch-site": "cross-site"}, 403),
        ('{"ticketId": "t1"}', {"origin": "https://evil.test"}, 403),
        ('{"ticketId": "t1"}', {"origin": "https://tiketz.test"}, 201),
        ('{"ticketId": "t1"}', {"sec-fetch-site": "same-origin"}, 201),
        ('{"ticketId": "t1"}', {"content-type": "application/json; charset=utf-8"}, 201),
    ],
)
def test_a_request_must_be_small_json_from_our_own_site(
    shop: Service, raw: str, headers: dict[str, str], status: int
) -> None:
    assert shop.request("POST", "/api/orders", raw=raw, headers=headers, user="ann").status == status


def test_the_same_key_means_the_same_order_even_when_nothing_is_left(shop: Service) -> None:
    first, again = order(shop, key="k1"), order(shop, key="k1")
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert units(shop) == (0, 1, 0)


def test_the_same_key_for_another_request_is_refused(shop: Service) -> None:
    order(shop, key="k1")
    assert order(shop, key="k1", quantity=2).status == 422
    assert order(shop, key="k1", ticketId="nope").status == 422


def test_another_buyer_may_use_the_same_key(shop: Service) -> None:
    order(shop, key="k1")
    assert order(shop, "bob", key="k1").status == 409


@pytest.mark.parametrize("key", ["x" * 256, "with space", "é"])
def test_a_key_is_visible_ascii(shop: Service, key: str) -> None:
    assert order(shop, key=key).status == 400


def test_a_buyer_holds_at_most_ten_units_of_a_ticket(shop: Service) -> None:
    shop.consume(sqs_record("TicketUpdated", ticket_data(quantity=50, version=2)))
    assert order(shop, quantity=6).status == 201
    assert order(shop, quantity=5).status == 409
    held = order(shop, quantity=4).json
    assert order(shop).status == 409
    assert order(shop, "bob", quantity=10).status == 201
    shop.request("DELETE", f"/api/orders/{held['id']}", user="ann")
    assert order(shop, quantity=4).status == 201


def test_paid_units_do_not_count_as_held(shop: Service) -> None:
    shop.consume(sqs_record("TicketUpdated", ticket_data(quantity=50, version=2)))
    held = order(shop, quantity=10).json
    shop.consume(sqs_record("PaymentAuthorized", payment_data(held)))
    assert order(shop, quantity=10).status == 201


def test_a_cancelled_order_frees_its_ticket(shop: Service) -> None:
    placed = order(shop).json
    path = f"/api/orders/{placed['id']}"
    assert shop.request("DELETE", path, user="ann").status == 204
    assert shop.request("DELETE", path, user="ann").status == 204
    assert shop.request("GET", path, user="ann").json["status"] == "cancelled"
    assert units(shop) == (1, 0, 0)


def test_a_ticket_let_go_twice_waits_two_minutes(shop: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        placed = order(shop, key="first").json if not shop.rows("ORDER#") else order(shop).json
        assert shop.request("DELETE", f"/api/orders/{placed['id']}", user="ann").status == 204
    refused = order(shop)
    assert (refused.status, refused.headers["retry-after"]) == (429, "120")
    assert refused.json["code"] == "released_too_often"
    assert units(shop) == (1, 0, 0)
    assert order(shop, key="first").json["status"] == "cancelled"  # a repeated request has its order
    at(NOON + timedelta(minutes=2), monkeypatch)
    assert order(shop).status == 201


def test_a_buyer_holds_at_most_twenty_unpaid_units(shop: Service) -> None:
    for number in range(1, 4):
        shop.consume(sqs_record("TicketCreated", ticket_data(id=f"many{number}", quantity=50)))
    held = [order(shop, ticketId=f"many{number}", quantity=10).json for number in (1, 2)]
    refused = order(shop, ticketId="many3")
    assert (refused.status, refused.json["code"]) == (429, "too_many_unpaid")
    assert refused.headers["retry-after"] == "60"
    shop.consume(sqs_record("PaymentAuthorized", payment_data(held[0])))
    assert order(shop, ticketId="many3", quantity=10).status == 201


def test_a_paid_order_cannot_be_cancelled_or_extended(shop: Service) -> None:
    placed = order(shop).json
    shop.consume(sqs_record("PaymentAuthorized", payment_data(placed)))
    path = f"/api/orders/{placed['id']}"
    assert shop.request("DELETE", path, user="ann").status == 409
    assert shop.request("POST", f"{path}/extend", user="ann").status == 409
    assert units(shop) == (0, 0, 1)


@pytest.mark.parametrize(("method", "suffix"), [("DELETE", ""), ("POST", "/extend")])
def test_a_route_without_a_body_refuses_fields(shop: Service, method: str, suffix: str) -> None:
    path = f"/api/orders/{order(shop).json['id']}{suffix}"
    refused = shop.request(method, path, {"extensions": 0}, user="ann")
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "extensions")
    assert shop.request(method, path, {"extensions": 0}).status == 401
    assert shop.request(method, path, {}, user="ann").status in (200, 204)


def test_an_order_is_extended_twice_and_a_double_click_counts_once(
    shop: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/orders/{order(shop).json['id']}/extend"
    for minutes, status, extensions in [(10, 200, 1), (10, 200, 1), (20, 200, 2), (30, 409, None)]:
        at(NOON + timedelta(minutes=minutes), monkeypatch)
        answer = shop.request("POST", path, user="ann")
        assert answer.status == status
        assert answer.json.get("extensions") == extensions
    at(NOON + timedelta(minutes=36), monkeypatch)
    assert shop.request("POST", path, user="ann").status == 409


def test_an_order_past_its_time_cannot_be_extended(shop: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = order(shop).json
    at(NOON + timedelta(minutes=15), monkeypatch)
    assert shop.request("POST", f"/api/orders/{placed['id']}/extend", user="ann").status == 409


@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("DELETE", ""), ("POST", "/extend")])
def test_another_buyers_order_is_unknown(shop: Service, method: str, suffix: str) -> None:
    path = f"/api/orders/{order(shop).json['id']}{suffix}"
    assert shop.request(method, path, user="bob").status == 404
    assert shop.request(method, path).status == 401
    assert shop.request(method, f"/api/orders/none{suffix}", user="ann").status == 404


def test_the_list_holds_the_callers_orders_newest_first_each_once(
    shop: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.consume(sqs_record("TicketUpdated", ticket_data(quantity=50, version=2)))
    placed = []
    for second in range(7):
        at(NOON + timedelta(seconds=second), monkeypatch)
        placed.append(order(shop).json["id"])
    order(shop, "bob")
    seen, query = [], "limit=3"
    while query:
        answer = shop.request("GET", "/api/orders", user="ann", query=query)
        seen += [each["id"] for each in answer.json]
        query = answer.headers.get("link", "").partition("?")[2].partition(">")[0]
    assert seen == placed[::-1]


def test_a_full_last_page_has_no_next_link(shop: Service) -> None:
    shop.consume(sqs_record("TicketUpdated", ticket_data(quantity=50, version=2)))
    for _ in range(3):
        order(shop)
    assert "link" in shop.request("GET", "/api/orders", user="ann", query="limit=2").headers
    assert "link" not in shop.request("GET", "/api/orders", user="ann", query="limit=3").headers


def test_a_list_is_complete_and_ordered_at_any_page_size(
    shop: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.consume(sqs_record("TicketUpdated", ticket_data(quantity=50, version=2)))
    placed = []
    for second in range(3):
        at(NOON + timedelta(seconds=second), monkeypatch)
        placed.append(order(shop).json)
    with reading_one_by_one():
        assert shop.request("GET", "/api/orders", user="ann").json == placed[::-1]
    with reading_one_alone():
        assert shop.request("GET", "/api/orders", user="ann").json in [[each] for each in placed]


def test_a_buyer_without_an_order_has_an_empty_list(shop: Service) -> None:
    assert shop.request("GET", "/api/orders", user="ann").json == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=abc", "cursor=%ff", "x=%00"])
def test_invalid_list_parameters_are_refused(shop: Service, query: str) -> None:
    assert shop.request("GET", "/api/orders", user="ann", query=query).status == 400


def test_another_buyers_cursor_is_refused(shop: Service) -> None:
    shop.consume(sqs_record("TicketUpdated", ticket_data(quantity=50, version=2)))
    for _ in range(3):
        order(shop)
    link = shop.request("GET", "/api/orders", user="ann", query="limit=1").headers["link"]
    query = link.partition("?")[2].partition(">")[0]
    assert shop.request("GET", "/api/orders", user="ann", query=query).status == 200
    assert shop.request("GET", "/api/orders", user="bob", query=query).status == 400


@pytest.mark.parametrize(
    "position",
    [
        {},
        {"pk": 1, "createdAt": "x"},
        {"pk": "ORDER#x"},
        {"pk": "", "createdAt": ""},
        {"pk": "TICKET#t1", "createdAt": "2026-07-01T12:00:00.000Z"},
        {"pk": "\ud800", "createdAt": "2026-07-01T12:00:00.000Z"},
    ],
)
def test_a_forged_cursor_is_refused(shop: Service, position: dict[str, object]) -> None:
    query = f"cursor={cursor.encode(position, 'ann')}"
    assert shop.request("GET", "/api/orders", user="ann", query=query).status == 400


@pytest.mark.parametrize(
    "reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
def test_a_busy_table_is_retried(shop: Service, reason: str) -> None:
    with cancelling(reason, times=2):
        placed = order(shop)
        assert placed.status == 201
    with cancelling(reason, times=2):
        assert shop.request("DELETE", f"/api/orders/{placed.json['id']}", user="ann").status == 204
    assert units(shop) == (1, 0, 0)


def test_a_table_that_stays_busy_is_unavailable(shop: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "attempts", lambda: range(2))
    with cancelling("ThrottlingError", times=2):
        answer = order(shop)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert units(shop) == (1, 0, 0)


def test_an_unknown_path_is_404_and_a_wrong_method_405(shop: Service) -> None:
    assert shop.request("GET", "/api/orders/a/b/c", user="ann").status == 404
    assert shop.request("GET", "/api/orders/", user="ann").status == 404
    wrong = shop.request("PATCH", "/api/orders", {}, user="ann")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, HEAD, POST")
    assert shop.request("GET", "/api/orders/" + "x" * 3_000, user="ann").status == 404
