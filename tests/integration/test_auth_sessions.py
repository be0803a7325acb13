"""Sessions: refreshed, stolen, concurrent and ended."""

import boto3
import pytest
from auth import refresh_tokens
from tiketz_common import secrets

from tests.factories import EMAIL
from tests.fakes.dynamodb_faults import before_call, losing_the_reply
from tests.support.auth_service import REFRESH, SESSION, AuthService, Browser, new_pem, put_keys
from tests.support.handlers import send_request


def test_a_session_lasts_fifteen_minutes(auth: AuthService, ada: Browser) -> None:
    auth.wait(minutes=14, seconds=59)
    assert ada.current_user()["email"] == EMAIL
    auth.wait(seconds=10)
    assert ada.current_user() is None


def test_refreshing_prolongs_the_session_and_replaces_both_tokens(auth: AuthService, ada: Browser) -> None:
    before, user = dict(ada.cookies), ada.current_user()
    auth.wait(minutes=20)
    answer = ada.refresh()
    assert (answer.status, answer.json) == (200, user)
    assert answer.headers["cache-control"] == "no-store"
    assert ada.current_user() == user
    assert (ada.cookies[SESSION], ada.cookies[REFRESH]) != (before[SESSION], before[REFRESH])


def test_a_session_lives_for_thirty_days_after_its_last_use(auth: AuthService, ada: Browser) -> None:
    for _ in range(2):
        auth.wait(days=29)
        assert ada.refresh().status == 200
    auth.wait(days=30)
    assert ada.refresh().status == 401


def test_a_row_expires_with_its_session(auth: AuthService, ada: Browser) -> None:
    auth.wait(days=1)
    ada.refresh()
    auth.wait(days=30)
    [row] = auth.rows("FAMILY#")
    assert row["forgetAt"] == auth.now.timestamp()


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 67, "x" * 8_000, "\u00e9" * 67, "a=b"])
def test_a_token_we_did_not_make_refreshes_nothing(auth: AuthService, token: str) -> None:
    browser = auth.browser()
    browser.cookies[REFRESH] = token
    answer = browser.refresh()
    assert (answer.status, answer.json["detail"], answer.cookies) == (401, "Sign in again.", [])


def test_without_a_token_nothing_is_refreshed(auth: AuthService) -> None:
    assert auth.browser().refresh().status == 401


def test_no_refresh_token_is_stored(auth: AuthService, ada: Browser) -> None:
    spent = ada.cookies[REFRESH]
    ada.refresh()
    stored = str(auth.rows())
    assert spent[24:] not in stored
    assert ada.cookies[REFRESH][24:] not in stored


def test_a_lost_response_is_repeated(auth: AuthService, ada: Browser) -> None:
    before = ada.copy()
    ada.refresh()
    auth.wait(seconds=10)
    assert before.refresh().status == 200
    assert before.cookies[REFRESH] == ada.cookies[REFRESH]
    auth.wait(minutes=15)
    assert ada.refresh().status == 200


@pytest.mark.parametrize("operation", ["GetItem", "PutItem"])
def test_refreshing_succeeds_though_a_response_within_was_lost(
    auth: AuthService, ada: Browser, operation: str
) -> None:
    with losing_the_reply(operation):
        assert ada.refresh().status == 200
    auth.wait(minutes=15)
    assert ada.refresh().status == 200


def test_a_slow_tab_gets_the_current_token(auth: AuthService, ada: Browser) -> None:
    slow = ada.copy()
    ada.refresh()
    ada.refresh()
    auth.wait(seconds=9)
    assert slow.refresh().status == 200
    assert slow.cookies[REFRESH] == ada.cookies[REFRESH]


def test_a_reused_token_ends_the_session(auth: AuthService, ada: Browser) -> None:
    thief = ada.copy()
    ada.refresh()
    auth.wait(seconds=11)
    assert thief.refresh().status == 401
    assert ada.refresh().status == 401
    assert auth.rows("FAMILY#") == []


def test_a_thief_who_refreshed_first_is_detected(auth: AuthService, ada: Browser) -> None:
    thief = ada.copy()
    thief.refresh()
    auth.wait(minutes=15)
    assert ada.refresh().status == 401
    assert thief.refresh().status == 401


def test_theft_ends_one_session_and_leaves_the_others(auth: AuthService, ada: Browser) -> None:
    phone, thief = auth.browser(), ada.copy()
    phone.sign_in()
    ada.refresh()
    auth.wait(seconds=11)
    thief.refresh()
    assert phone.refresh().status == 200


def test_a_forged_token_of_a_known_family_ends_it(auth: AuthService, ada: Browser) -> None:
    forger = ada.copy()
    forger.cookies[REFRESH] = ada.cookies[REFRESH][:24] + refresh_tokens.first()[24:]
    assert forger.refresh().status == 401
    assert ada.refresh().status == 401


def test_two_tabs_that_refresh_at_once_share_a_token(auth: AuthService, ada: Browser) -> None:
    tab = ada.copy()
    with before_call("PutItem", lambda: tab.refresh()):
        assert ada.refresh().status == 200
    assert tab.cookies[REFRESH] == ada.cookies[REFRESH]
    auth.wait(minutes=15)
    assert tab.refresh().status == 200


def test_three_tabs_that_refresh_at_once_share_a_token(auth: AuthService, ada: Browser) -> None:
    second, third = ada.copy(), ada.copy()

    def both() -> None:
        with before_call("PutItem", lambda: third.refresh()):
            second.refresh()

    with before_call("PutItem", both):
        assert ada.refresh().status == 200
    assert ada.cookies[REFRESH] == second.cookies[REFRESH] == third.cookies[REFRESH]


def test_signing_out_wins_over_a_concurrent_refresh(auth: AuthService, ada: Browser) -> None:
    tab = ada.copy()
    with before_call("PutItem", lambda: tab.sign_out()):
        assert ada.refresh().status == 401
    assert auth.rows("FAMILY#") == []


def test_signing_out_ends_a_session_that_was_just_refreshed(auth: AuthService, ada: Browser) -> None:
    tab = ada.copy()
    with before_call("DeleteItem", lambda: tab.refresh()):
        ada.sign_out()
    assert tab.refresh().status == 401


def test_a_copied_refresh_token_is_invalid_after_signing_out(auth: AuthService, ada: Browser) -> None:
    copy = ada.copy()
    ada.sign_out()
    assert copy.refresh().status == 401


def test_signing_out_ends_one_session_and_leaves_the_others(auth: AuthService, ada: Browser) -> None:
    phone = auth.browser()
    phone.sign_in()
    ada.sign_out()
    assert phone.refresh().status == 200


def test_a_deleted_users_session_is_not_refreshed(auth: AuthService, ada: Browser) -> None:
    [user] = auth.rows("USER#")
    boto3.client("dynamodb").delete_item(TableName=auth.env["TABLE_NAME"], Key={"pk": {"S": user["pk"]}})
    assert ada.refresh().status == 401


def test_rotating_the_signing_key_keeps_sessions(auth: AuthService, ada: Browser) -> None:
    new, visitor = new_pem(), auth.browser()

    def published() -> list[str]:
        return [key["kid"] for key in visitor.send("GET", "jwks.json").json["keys"]]

    put_keys("k1", k1=auth.pem, k2=new)
    secrets._cache.clear()  # five minutes later
    assert published() == ["k1", "k2"]
    put_keys("k2", k1=auth.pem, k2=new)
    secrets._cache.clear()
    assert ada.current_user()["email"] == EMAIL
    ada.refresh()
    put_keys("k2", k2=new)
    secrets._cache.clear()
    assert published() == ["k2"]
    assert ada.current_user()["email"] == EMAIL


def test_the_published_keys_hold_nothing_private(auth: AuthService) -> None:
    answer = send_request(auth.api.handler, "GET", "/api/users/jwks.json")
    [key] = answer.json["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["kty"], key["crv"], key["kid"], key["use"], key["alg"]) == (
        "EC",
        "P-256",
        "k1",
        "sig",
        "ES256",
    )
    assert answer.headers["cache-control"] == "public, max-age=300"
