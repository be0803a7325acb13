"""Deleting an account: personal data goes, orders and listings stay."""

import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import boto3
import pytest

from tests.factories import EMAIL, PASSWORD
from tests.fakes.dynamodb_faults import before_call, losing_the_reply
from tests.support.auth_service import AuthService, Browser
from tests.support.handlers import HttpResponse, deliver_batch, sqs_record

SendOrder = Callable[..., list[str]]
PENDING, ENDED = ("OrderCreated", 1, "pending"), ("OrderExpired", 3, "expired")
EXTENDED = ("OrderExtended", 2, "pending")


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """AuthService without accounts at noon."""
    queue = boto3.client("sqs").create_queue(QueueName="auth-inbox")["QueueUrl"]
    return AuthService(monkeypatch, INBOX_URL=queue)


@pytest.fixture
def send_order(auth: AuthService, ada: Browser) -> SendOrder:
    """Sends auth an event of one of Ada's orders."""
    consumer, ada_id = auth.function("consumer"), ada.current_user()["id"]

    def tell(kind: str, version: int, status: str, order: str = "o1") -> list[str]:
        data = {"id": order, "userId": ada_id, "status": status, "version": version}
        data["expiresAt"] = "2026-07-01T12:15:00Z"
        return deliver_batch(consumer.handler, sqs_record(kind, data))

    return tell


def delete(browser: Browser, password: str = PASSWORD) -> HttpResponse:
    return browser.send("DELETE", "me", {"password": password})


def published(auth: AuthService) -> list[Any]:
    """The events that users' rows carry: type and data."""
    rows = auth.rows("USER#")
    return [(row["event"]["type"], json.loads(row["event"]["detail"])["data"]) for row in rows]


def test_a_deleted_account_leaves_no_personal_data(auth: AuthService, ada: Browser) -> None:
    user = ada.current_user()["id"]
    answer = delete(ada)
    assert (answer.status, answer.text) == (204, "")
    assert ada.cookies == {}
    assert EMAIL not in str(auth.rows())
    assert "argon2id" not in str(auth.rows())
    assert auth.rows("FAMILY#") == []
    assert published(auth) == [("UserDeleted", {"userId": user})]


def test_a_deleted_user_can_neither_sign_in_nor_refresh(auth: AuthService, ada: Browser) -> None:
    elsewhere = auth.browser()
    elsewhere.sign_in()
    delete(ada)
    assert auth.browser().sign_in().status == 401
    assert elsewhere.refresh().status == 401


def test_the_email_can_be_used_for_a_new_account(ada: Browser, auth: AuthService) -> None:
    before = ada.current_user()["id"]
    delete(ada)
    answer = auth.browser().sign_up()
    assert answer.status == 201
    assert answer.json["id"] != before


def test_a_wrong_password_deletes_nothing(auth: AuthService, ada: Browser) -> None:
    answer = delete(ada, "not the password")
    assert answer.status == 403
    assert answer.json["errors"] == [{"message": "The password is wrong.", "field": "password"}]
    assert auth.browser().sign_in().status == 200


def test_deleting_is_rate_limited_like_signing_in(ada: Browser) -> None:
    assert [delete(ada, "wrong").status for _ in range(11)] == [403] * 10 + [429]


def test_deleting_needs_a_session(auth: AuthService, ada: Browser) -> None:
    assert delete(auth.browser()).status == 401
    assert auth.rows("EMAIL#")


def test_the_password_is_needed(ada: Browser) -> None:
    assert ada.send("DELETE", "me").status == 400


def test_an_account_is_not_deleted_while_an_order_is_pending(
    auth: AuthService, ada: Browser, send_order: SendOrder
) -> None:
    send_order(*PENDING)
    answer = delete(ada)
    assert answer.status == 409
    assert "An order of yours waits to be paid" in answer.json["detail"]
    assert ada.current_user() is not None
    assert auth.browser().sign_in().status == 200


@pytest.mark.parametrize("kind", ["OrderCompleted", "OrderCancelled", "OrderExpired", "OrderRefunded"])
def test_an_account_is_deleted_once_its_orders_have_ended(
    ada: Browser, send_order: SendOrder, kind: str
) -> None:
    send_order(*PENDING)
    send_order(kind, 2, kind.removeprefix("Order").lower())
    assert delete(ada).status == 204


def test_one_pending_order_of_two_keeps_the_account(ada: Browser, send_order: SendOrder) -> None:
    send_order(*PENDING)
    send_order(*PENDING, "o2")
    send_order(*ENDED)
    assert delete(ada).status == 409
    send_order(*ENDED, "o2")
    assert delete(ada).status == 204


@pytest.mark.parametrize("events", list(permutations([PENDING, EXTENDED, ENDED])))
def test_events_may_come_twice_and_in_any_order(
    ada: Browser, send_order: SendOrder, events: tuple[tuple[str, int, str], ...]
) -> None:
    for each in events:
        assert send_order(*each) == []
        assert send_order(*each) == []
    assert delete(ada).status == 204


def test_another_users_order_does_not_keep_the_account(
    auth: AuthService, ada: Browser, send_order: SendOrder
) -> None:
    send_order(*PENDING)
    bo = auth.browser()
    bo.sign_up("bo@tiketz.test")
    assert delete(bo).status == 204


def test_two_concurrent_orders_both_count(ada: Browser, send_order: SendOrder) -> None:
    with before_call("PutItem", lambda: send_order(*PENDING, "o2")):
        send_order(*PENDING)
    send_order(*ENDED, "o2")
    assert delete(ada).status == 409
    send_order(*ENDED)
    assert delete(ada).status == 204


def test_a_late_event_of_a_recent_order_is_ignored(ada: Browser, send_order: SendOrder) -> None:
    for number in range(10):
        send_order(*ENDED, f"o{number}")
    for number in range(10):
        send_order(*PENDING, f"o{number}")
    assert delete(ada).status == 204


def test_a_replayed_event_of_an_old_order_keeps_no_account(
    auth: AuthService, ada: Browser, send_order: SendOrder
) -> None:
    send_order(*ENDED, "old")
    for number in range(10):  # and no more are stored
        send_order(*ENDED, f"o{number}")
    auth.wait(days=2)
    ada.sign_in()
    send_order(*PENDING, "old")
    assert delete(ada).status == 204


def test_an_order_whose_end_was_lost_keeps_no_account_for_ever(
    auth: AuthService, ada: Browser, send_order: SendOrder
) -> None:
    send_order(*PENDING)
    auth.wait(hours=24)
    ada.sign_in()
    assert delete(ada).status == 409
    auth.wait(minutes=15)
    assert delete(ada).status == 204


def test_a_user_with_many_orders_has_one_small_row(auth: AuthService, send_order: SendOrder) -> None:
    send_order(*PENDING, "open")
    for number in range(40):
        send_order(*ENDED, f"o{number}")
    [row] = auth.rows("WAITING#")
    assert (row["orders"][0]["id"], len(row["orders"])) == ("open", 11)


def test_an_order_at_the_last_moment_counts(ada: Browser, send_order: SendOrder) -> None:
    with before_call("TransactWriteItems", lambda: send_order(*PENDING)):
        assert delete(ada).status == 409


def test_an_order_is_counted_once_though_a_response_was_lost(ada: Browser, send_order: SendOrder) -> None:
    with losing_the_reply("PutItem"):
        assert send_order(*PENDING) == []
    send_order(*ENDED)
    assert delete(ada).status == 204


def test_deleting_succeeds_though_a_response_was_lost(auth: AuthService, ada: Browser) -> None:
    with losing_the_reply("TransactWriteItems"):
        assert delete(ada).status == 204
    assert [kind for kind, _ in published(auth)] == ["UserDeleted"]


def test_deleting_in_two_tabs_publishes_one_event(auth: AuthService, ada: Browser) -> None:
    other = ada.copy()
    with before_call("TransactWriteItems", lambda: delete(other)):
        assert delete(ada).status == 204
    assert [kind for kind, _ in published(auth)] == ["UserDeleted"]
    assert delete(other).status == 401
