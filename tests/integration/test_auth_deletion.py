"""An account goes when its owner says so: who they were is forgotten, what they did stays."""

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

Hear = Callable[..., list[str]]
PENDING, ENDED = ("OrderCreated", 1, "pending"), ("OrderExpired", 3, "expired")
EXTENDED = ("OrderExtended", 2, "pending")


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """AuthService with nobody signed up, at noon."""
    queue = boto3.client("sqs").create_queue(QueueName="auth-inbox")["QueueUrl"]
    return AuthService(monkeypatch, INBOX_URL=queue)


@pytest.fixture
def ada(auth: AuthService) -> Browser:
    """A browser in which Ada has just signed up."""
    browser = auth.browser()
    browser.sign_up()
    return browser


@pytest.fixture
def hear(auth: AuthService, ada: Browser) -> Hear:
    """Tell auth of one of Ada's orders."""
    door, ada_id = auth.function("consumer"), ada.current_user()["id"]

    def tell(kind: str, version: int, status: str, order: str = "o1") -> list[str]:
        data = {"id": order, "userId": ada_id, "status": status, "version": version}
        data["expiresAt"] = "2026-07-01T12:15:00Z"
        return deliver_batch(door.handler, sqs_record(kind, data))

    return tell


def delete(browser: Browser, password: str = PASSWORD) -> HttpResponse:
    return browser.send("DELETE", "me", {"password": password})


def said(auth: AuthService) -> list[Any]:
    """The events that users' rows carry: type and data."""
    rows = auth.rows("USER#")
    return [(row["event"]["type"], json.loads(row["event"]["detail"])["data"]) for row in rows]


def test_an_account_goes_with_everything_that_names_its_owner(auth: AuthService, ada: Browser) -> None:
    user = ada.current_user()["id"]
    answer = delete(ada)
    assert (answer.status, answer.text) == (204, "")
    assert ada.cookies == {}
    assert EMAIL not in str(auth.rows())
    assert "argon2id" not in str(auth.rows())
    assert auth.rows("FAMILY#") == []
    assert said(auth) == [("UserDeleted", {"userId": user})]


def test_whoever_is_gone_can_neither_sign_in_nor_stay(auth: AuthService, ada: Browser) -> None:
    elsewhere = auth.browser()
    elsewhere.sign_in()
    delete(ada)
    assert auth.browser().sign_in().status == 401
    assert elsewhere.refresh().status == 401


def test_the_email_is_free_again_and_means_somebody_new(ada: Browser, auth: AuthService) -> None:
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


def test_passwords_cannot_be_tried_out_here_either(ada: Browser) -> None:
    assert [delete(ada, "wrong").status for _ in range(11)] == [403] * 10 + [429]


def test_whoever_is_not_signed_in_has_no_account_to_delete(auth: AuthService, ada: Browser) -> None:
    assert delete(auth.browser()).status == 401
    assert auth.rows("EMAIL#")


def test_the_password_is_needed(ada: Browser) -> None:
    assert ada.send("DELETE", "me").status == 400


def test_an_account_stays_while_an_order_is_pending(auth: AuthService, ada: Browser, hear: Hear) -> None:
    hear(*PENDING)
    answer = delete(ada)
    assert answer.status == 409
    assert "An order of yours waits to be paid" in answer.json["detail"]
    assert ada.current_user() is not None
    assert auth.browser().sign_in().status == 200


@pytest.mark.parametrize("kind", ["OrderCompleted", "OrderCancelled", "OrderExpired", "OrderRefunded"])
def test_an_account_may_go_once_its_orders_have_ended(ada: Browser, hear: Hear, kind: str) -> None:
    hear(*PENDING)
    hear(kind, 2, kind.removeprefix("Order").lower())
    assert delete(ada).status == 204


def test_one_of_two_orders_is_enough_to_stay(ada: Browser, hear: Hear) -> None:
    hear(*PENDING)
    hear(*PENDING, "o2")
    hear(*ENDED)
    assert delete(ada).status == 409
    hear(*ENDED, "o2")
    assert delete(ada).status == 204


@pytest.mark.parametrize("told", list(permutations([PENDING, EXTENDED, ENDED])))
def test_events_may_come_twice_and_in_any_order(
    ada: Browser, hear: Hear, told: tuple[tuple[str, int, str], ...]
) -> None:
    for each in told:
        assert hear(*each) == []
        assert hear(*each) == []
    assert delete(ada).status == 204


def test_somebody_elses_order_keeps_nobody(auth: AuthService, ada: Browser, hear: Hear) -> None:
    hear(*PENDING)
    bo = auth.browser()
    bo.sign_up("bo@tiketz.test")
    assert delete(bo).status == 204


def test_two_orders_heard_of_at_once_both_count(ada: Browser, hear: Hear) -> None:
    with before_call("PutItem", lambda: hear(*PENDING, "o2")):
        hear(*PENDING)
    hear(*ENDED, "o2")
    assert delete(ada).status == 409
    hear(*ENDED)
    assert delete(ada).status == 204


def test_what_comes_late_of_a_recent_order_is_known_to_be_old(ada: Browser, hear: Hear) -> None:
    for number in range(10):
        hear(*ENDED, f"o{number}")
    for number in range(10):
        hear(*PENDING, f"o{number}")
    assert delete(ada).status == 204


def test_what_is_said_again_of_an_order_long_over_keeps_nobody(
    auth: AuthService, ada: Browser, hear: Hear
) -> None:
    hear(*ENDED, "old")
    for number in range(10):  # and no more are remembered
        hear(*ENDED, f"o{number}")
    auth.wait(days=2)
    ada.sign_in()
    hear(*PENDING, "old")
    assert delete(ada).status == 204


def test_an_order_whose_end_was_never_heard_of_keeps_nobody_for_ever(
    auth: AuthService, ada: Browser, hear: Hear
) -> None:
    hear(*PENDING)
    auth.wait(hours=24)
    ada.sign_in()
    assert delete(ada).status == 409
    auth.wait(minutes=15)
    assert delete(ada).status == 204


def test_somebody_with_many_orders_has_one_small_row(auth: AuthService, hear: Hear) -> None:
    hear(*PENDING, "open")
    for number in range(40):
        hear(*ENDED, f"o{number}")
    [row] = auth.rows("WAITING#")
    assert (row["orders"][0]["id"], len(row["orders"])) == ("open", 11)


def test_an_order_heard_of_at_the_last_moment_counts(ada: Browser, hear: Hear) -> None:
    with before_call("TransactWriteItems", lambda: hear(*PENDING)):
        assert delete(ada).status == 409


def test_an_order_is_counted_once_though_a_reply_was_lost(ada: Browser, hear: Hear) -> None:
    with losing_the_reply("PutItem"):
        assert hear(*PENDING) == []
    hear(*ENDED)
    assert delete(ada).status == 204


def test_deleting_succeeds_though_a_reply_was_lost(auth: AuthService, ada: Browser) -> None:
    with losing_the_reply("TransactWriteItems"):
        assert delete(ada).status == 204
    assert [kind for kind, _ in said(auth)] == ["UserDeleted"]


def test_deleting_in_two_tabs_at_once_tells_it_once(auth: AuthService, ada: Browser) -> None:
    other = ada.copy()
    with before_call("TransactWriteItems", lambda: delete(other)):
        assert delete(ada).status == 204
    assert [kind for kind, _ in said(auth)] == ["UserDeleted"]
    assert delete(other).status == 401
