"""Verification, forgotten and changed passwords, changed addresses and sessions, through the handlers."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from auth.link_tokens import LinkKeys
from tiketz_common import aws, secrets

from tests.factories import EMAIL, PASSWORD
from tests.fakes.dynamodb_faults import before_call, cancelling
from tests.support.auth_service import LINK_KEYS, AuthService, Browser, put_secret
from tests.support.handlers import HttpResponse, LambdaContext

NEW_PASSWORD = "another horse battery"
NEW_EMAIL = "ada@elsewhere.test"
NOBODY: dict[str, Any] = {"to": [], "token": None}


class Mails:
    """What the service that sends mail learns: requests from events, the rest from Directory."""

    def __init__(self, auth: AuthService) -> None:
        self._auth, self._directory = auth, auth.function("user_directory")

    def ask(self, **event: str) -> Any:
        return self._directory.handler(event, LambdaContext())

    def requests(self, purpose: str) -> list[dict[str, Any]]:
        """The rows of requests for a purpose, the latest last."""
        rows = [row for row in self._auth.rows("REQUEST#") if row["purpose"] == purpose]
        return sorted(rows, key=lambda row: row["createdAt"])

    def read(self, purpose: str) -> Any:
        """What Directory returns for the latest request."""
        return self.ask(requestId=self.requests(purpose)[-1]["pk"].removeprefix("REQUEST#"))

    def token(self, purpose: str) -> str:
        return str(self.read(purpose)["token"])


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """AuthService without accounts at noon, behind CloudFront with its origin secret."""
    return AuthService(monkeypatch, ORIGIN_SECRET="from-cloudfront")


@pytest.fixture
def mails(auth: AuthService) -> Mails:
    return Mails(auth)


@pytest.fixture
def other_process(auth: AuthService) -> Browser:
    """A browser whose requests another process of the function answers."""
    return Browser(auth.function("api").handler)


def forget(browser: Browser, email: str = EMAIL, address: str = "192.0.2.1") -> HttpResponse:
    headers = {"x-viewer-ip": address, "x-origin-secret": "from-cloudfront"}
    return browser.send("POST", "forgot", {"email": email}, headers=headers)


def reset(browser: Browser, token: str, password: str = NEW_PASSWORD) -> HttpResponse:
    return browser.send("POST", "reset", {"token": token, "password": password})


def verify(browser: Browser, token: str) -> HttpResponse:
    return browser.send("POST", "verify", {"token": token})


def change_email(browser: Browser, email: str = NEW_EMAIL, password: str = PASSWORD) -> HttpResponse:
    return browser.send("PUT", "me/email", {"email": email, "password": password})


def change_password(browser: Browser, password: str = PASSWORD, new: str = NEW_PASSWORD) -> HttpResponse:
    return browser.send("PUT", "me/password", {"password": password, "newPassword": new})


def confirm(browser: Browser, token: str) -> HttpResponse:
    return browser.send("POST", "me/email/confirm", {"token": token})


def me(browser: Browser) -> Any:
    return browser.send("GET", "me").json


def refused(response: HttpResponse) -> tuple[int, str]:
    return response.status, response.json["code"]


INVALID = (400, "link_invalid")


# ---------------------------------------------------------------- verification


def test_signing_up_has_a_link_mailed_that_verifies(auth: AuthService, ada: Browser, mails: Mails) -> None:
    profile = me(ada)
    assert profile.keys() == {"id", "email", "verified", "createdAt"}
    assert (profile["email"], profile["verified"]) == (EMAIL, False)
    assert mails.ask(userId=profile["id"]) == {"email": EMAIL, "verified": False}
    answer = mails.read("verify")
    assert answer["to"] == [{"email": EMAIL, "role": "owner"}]
    used = verify(auth.browser(), answer["token"])
    assert (used.status, used.json, used.cookies) == (200, {"verified": True}, [])
    assert me(ada)["verified"]
    assert mails.ask(userId=profile["id"]) == {"email": EMAIL, "verified": True}
    assert refused(verify(ada, answer["token"])) == INVALID
    assert mails.read("verify") == NOBODY


def test_a_verified_user_stays_signed_in_and_their_token_says_so(
    auth: AuthService, ada: Browser, mails: Mails
) -> None:
    verify(ada, mails.token("verify"))
    for signed_in in (ada.refresh, ada.sign_in):
        assert signed_in().status == 200
        identified = auth.function("authorizer").handler(
            {"cookies": [f"{name}={value}" for name, value in ada.cookies.items()]}, LambdaContext()
        )
        assert identified["context"]["verified"] is True


def test_a_link_that_verifies_is_valid_for_a_day(auth: AuthService, ada: Browser, mails: Mails) -> None:
    token = mails.token("verify")
    auth.wait(hours=24)
    assert refused(verify(ada, token)) == INVALID
    assert mails.read("verify") == NOBODY
    ada.refresh()
    auth.wait(seconds=1)
    assert ada.send("POST", "verification").status == 202
    assert verify(ada, mails.token("verify")).status == 200


def test_nothing_is_mailed_to_verify_a_verified_address(ada: Browser, mails: Mails) -> None:
    verify(ada, mails.token("verify"))
    assert ada.send("POST", "verification").status == 202
    assert len(mails.requests("verify")) == 1


def test_three_links_an_hour_are_mailed_to_an_address(auth: AuthService, ada: Browser) -> None:
    assert [ada.send("POST", "verification").status for _ in range(4)] == [202, 202, 202, 429]
    assert forget(ada).status == 202  # each purpose is counted by itself
    auth.wait(hours=1)
    ada.refresh()
    assert ada.send("POST", "verification").status == 202


# ---------------------------------------------------------------- forgotten passwords


def test_a_forgotten_password_is_reset(auth: AuthService, ada: Browser, mails: Mails) -> None:
    answer = forget(auth.browser())
    assert (answer.status, answer.text, answer.cookies) == (202, "", [])
    mail = mails.read("reset")
    assert mail["to"] == [{"email": EMAIL, "role": "owner"}]
    assert mails.read("reset") == mail
    used = reset(auth.browser(), mail["token"])
    assert (used.status, used.text, used.cookies) == (204, "", [])
    assert auth.browser().sign_in().status == 401
    assert auth.browser().sign_in(password=NEW_PASSWORD).status == 200
    assert refused(reset(auth.browser(), mail["token"], PASSWORD)) == INVALID
    [request] = mails.requests("reset")
    assert request["event"]["type"] == "PasswordChanged"
    data = json.loads(request["event"]["detail"])["data"]
    assert data == {"userId": request["userId"], "requestId": request["pk"].removeprefix("REQUEST#")}


def test_a_reset_verifies_the_address_and_ends_every_session(
    auth: AuthService, ada: Browser, mails: Mails
) -> None:
    elsewhere = auth.browser()
    elsewhere.sign_in()
    forget(ada)
    reset(ada, mails.token("reset"))
    assert [browser.copy().refresh().status for browser in (ada, elsewhere)] == [401, 401]
    assert [browser.send("GET", "me").status for browser in (ada, elsewhere)] == [401, 401]
    ada.sign_in(password=NEW_PASSWORD)
    assert me(ada)["verified"]
    assert ada.refresh().status == 200


def test_a_reset_voids_every_request_of_before(auth: AuthService, ada: Browser, mails: Mails) -> None:
    change_email(ada, "eve@attacker.test")
    forget(ada)
    forget(ada)
    verification, email = mails.token("verify"), mails.token("email")
    first, second = (mails.ask(requestId=row["pk"][8:]) for row in mails.requests("reset"))
    auth.wait(seconds=1)
    forget(ada)  # its mail is written after the reset
    auth.wait(seconds=1)
    assert reset(ada, first["token"]).status == 204
    assert refused(reset(ada, second["token"], PASSWORD)) == INVALID
    assert refused(verify(ada, verification)) == INVALID
    ada.sign_in(password=NEW_PASSWORD)
    assert refused(confirm(ada, email)) == INVALID
    assert me(ada)["email"] == EMAIL
    assert [mails.ask(requestId=row["pk"][8:]) for row in auth.rows("REQUEST#")] == [NOBODY] * 5


def test_an_unknown_address_leaves_the_same_rows(auth: AuthService, ada: Browser, mails: Mails) -> None:
    assert forget(ada).status == 202
    [known] = mails.requests("reset")
    answer = forget(ada, "nobody@tiketz.test", "198.51.100.1")
    assert (answer.status, answer.text) == (202, "")
    [unknown] = [row for row in mails.requests("reset") if row["pk"] != known["pk"]]
    assert known.keys() == unknown.keys()
    assert len(auth.rows("ATTEMPTS#")) == 5  # of a sign-up, and of two addresses and two networks
    assert mails.ask(requestId=unknown["pk"][8:]) == NOBODY
    assert "userId" not in auth.row(unknown["pk"])


def test_forgetting_makes_the_same_calls_for_every_address(auth: AuthService, ada: Browser) -> None:
    events, calls = aws.client("dynamodb").meta.events, []

    def record(model: Any, **_: Any) -> None:
        calls.append(model.name)

    events.register("before-call.dynamodb", record)
    forget(ada)
    known, calls[:] = list(calls), []
    forget(ada, "nobody@tiketz.test")
    events.unregister("before-call.dynamodb", record)
    assert calls == known == ["TransactWriteItems"]


def test_an_account_that_is_newer_than_the_request_gets_no_link(auth: AuthService, mails: Mails) -> None:
    forget(auth.browser())
    auth.wait(seconds=1)
    auth.browser().sign_up()
    assert mails.read("reset") == NOBODY


def test_a_reset_link_is_valid_for_half_an_hour(auth: AuthService, ada: Browser, mails: Mails) -> None:
    forget(ada)
    token = mails.token("reset")
    auth.wait(minutes=30)
    assert refused(reset(ada, token)) == INVALID
    assert mails.read("reset") == NOBODY


def test_a_poor_password_keeps_the_link(auth: AuthService, ada: Browser, mails: Mails) -> None:
    forget(ada)
    token = mails.token("reset")
    for poor in ("short", "password", "TrustNo1", " " * 8, "p" * 129):
        answer = reset(ada, token, poor)
        assert refused(answer) == (400, "validation_failed")
        assert [error["field"] for error in answer.json["errors"]] == ["password"]
    assert reset(ada, token).status == 204


def test_forgetting_is_limited_by_address_and_network(auth: AuthService, ada: Browser) -> None:
    assert [forget(ada, address=f"192.0.2.{last}").status for last in range(4)] == [202, 202, 202, 429]
    answer = forget(ada, address="198.51.100.1")
    assert refused(answer) == (429, "too_many_mails")
    assert answer.headers["retry-after"] == "3600"
    others = [forget(ada, f"user{number}@tiketz.test", "203.0.113.7") for number in range(31)]
    assert [each.status for each in others] == [202] * 30 + [429]
    assert forget(ada, "user99@tiketz.test", "203.0.113.8").status == 202
    assert len([row for row in auth.rows("REQUEST#") if row["purpose"] == "reset"]) == 34


@pytest.mark.parametrize("written", ["a@bücher.example", "A@XN--BCHER-KVA.example"])
def test_all_spellings_of_an_address_share_its_limit(auth: AuthService, written: str) -> None:
    for _ in range(3):
        forget(auth.browser(), "a@xn--bcher-kva.example")
    assert forget(auth.browser(), written).status == 429


# ---------------------------------------------------------------- tokens


def wrong_tokens(token: str) -> dict[str, str]:
    request, mac = token.split(".")
    other = "0" * 8 + request[8:]
    return {
        "truncated": token[:-1],
        "longer": token + "A",
        "of another request": f"{other}.{mac}",
        "without its mac": request,
        "empty": "",
        "with another mac": f"{request}.{'A' * 43}",
        "not ASCII": f"{request}.{'é' * 43}",
    }


@pytest.mark.parametrize("kind", sorted(wrong_tokens("r.m")))
def test_a_wrong_token_is_refused(ada: Browser, mails: Mails, kind: str) -> None:
    forget(ada)
    wrong = wrong_tokens(mails.token("reset"))[kind]
    assert refused(reset(ada, wrong)) == INVALID
    assert ada.sign_in().status == 200


def test_a_token_serves_one_purpose(auth: AuthService, ada: Browser, mails: Mails) -> None:
    forget(ada)
    change_email(ada)
    tokens = {purpose: mails.token(purpose) for purpose in ("verify", "reset", "email")}
    uses: dict[str, Callable[[Browser, str], HttpResponse]] = {
        "verify": verify,
        "reset": reset,
        "email": confirm,
    }
    for purpose, use in uses.items():
        others = [token for name, token in tokens.items() if name != purpose]
        assert [refused(use(ada, token)) for token in others] == [INVALID] * 2
    assert verify(ada, tokens["verify"]).status == 200


def test_of_two_uses_at_once_one_succeeds(
    auth: AuthService, ada: Browser, mails: Mails, other_process: Browser
) -> None:
    forget(ada)
    token, answers = mails.token("reset"), []
    with before_call("TransactWriteItems", lambda: answers.append(reset(other_process, token))):
        second = reset(auth.browser(), token, PASSWORD)
    assert [each.status for each in answers] == [204]
    assert refused(second) == INVALID
    assert auth.browser().sign_in(password=NEW_PASSWORD).status == 200


def test_a_contended_use_is_retried(ada: Browser, mails: Mails) -> None:
    token = mails.token("verify")
    with cancelling("TransactionConflict", 2):
        assert verify(ada, token).status == 200


def test_a_token_outlives_a_rotation_by_a_day(auth: AuthService, ada: Browser, mails: Mails) -> None:
    token = mails.token("verify")
    stored = boto3.client("ssm").get_parameter(Name=LINK_KEYS, WithDecryption=True)["Parameter"]["Value"]
    rotated = LinkKeys.parse(stored).rotate("l2", "2d" * 32, auth.now)
    put_secret(LINK_KEYS, rotated.secret())
    secrets._cache.clear()
    assert mails.token("verify") == token
    auth.wait(seconds=1)
    ada.send("POST", "verification")
    assert mails.token("verify") != token
    put_secret(LINK_KEYS, rotated.rotate("l3", "3e" * 32, auth.now).secret())
    secrets._cache.clear()
    assert refused(verify(ada, token)) == INVALID
    assert verify(ada, mails.token("verify")).status == 200


def test_a_key_that_is_new_to_a_process_is_read(auth: AuthService, ada: Browser, mails: Mails) -> None:
    old = secrets._cache.copy()
    stored = LinkKeys.parse(secrets.read(LINK_KEYS)).rotate("l2", "2d" * 32, auth.now)
    put_secret(LINK_KEYS, stored.secret())
    secrets._cache.clear()
    auth.wait(seconds=1)
    ada.send("POST", "verification")
    token = mails.token("verify")
    secrets._cache.clear()
    secrets._cache.update(old)
    assert verify(ada, token).status == 200


def test_no_row_event_or_log_holds_a_token(
    auth: AuthService, ada: Browser, mails: Mails, capsys: pytest.CaptureFixture[str]
) -> None:
    forget(ada)
    change_email(ada)
    tokens = [mails.token(purpose) for purpose in ("verify", "reset", "email")]
    verify(ada, tokens[0])
    confirm(ada, tokens[2])
    reset(ada, tokens[1] + "x")
    texts = str(auth.rows()) + capsys.readouterr().out
    assert not any(token.partition(".")[2] in texts for token in tokens)


# ---------------------------------------------------------------- changed passwords


def test_a_password_is_changed_and_other_sessions_end(auth: AuthService, ada: Browser, mails: Mails) -> None:
    elsewhere = auth.browser()
    elsewhere.sign_in()
    verification = mails.token("verify")
    answer = change_password(ada)
    assert (answer.status, answer.text) == (204, "")
    assert elsewhere.refresh().status == 401
    assert me(ada)["email"] == EMAIL
    assert ada.refresh().status == 200
    assert [auth.browser().sign_in(password=each).status for each in (PASSWORD, NEW_PASSWORD)] == [401, 200]
    assert refused(verify(ada, verification)) == INVALID
    [report] = mails.requests("password")
    assert report["event"]["type"] == "PasswordChanged"
    assert json.loads(report["event"]["detail"])["data"]["userId"] == me(ada)["id"]
    assert mails.read("password") == NOBODY


def test_changing_a_password_needs_the_old_one(auth: AuthService, ada: Browser) -> None:
    answer = change_password(ada, "wrong")
    assert refused(answer) == (401, "wrong_password")
    assert answer.json["errors"] == [{"message": "The password is wrong.", "field": "password"}]
    assert refused(change_password(ada, new="password")) == (400, "validation_failed")
    assert [change_password(ada, "wrong").status for _ in range(10)] == [401] * 9 + [429]
    assert auth.browser().send("PUT", "me/password", {"password": PASSWORD}).status == 401


def test_a_change_that_meets_a_reset_does_not_undo_it(
    auth: AuthService, ada: Browser, mails: Mails, other_process: Browser
) -> None:
    forget(ada)
    token = mails.token("reset")
    with before_call("TransactWriteItems", lambda: reset(other_process, token)):
        answer = change_password(ada, new="an attacker's choice")
    assert refused(answer) == (401, "session_expired")
    assert auth.browser().sign_in(password=NEW_PASSWORD).status == 200


def test_a_rotation_that_meets_a_change_keeps_the_session(ada: Browser, other_process: Browser) -> None:
    other_tab = Browser(other_process.handler, dict(ada.cookies))
    with before_call("PutItem", lambda: change_password(other_tab)):
        assert ada.refresh().status == 200
    assert ada.refresh().status == 200


# ---------------------------------------------------------------- changed addresses


def test_an_address_is_changed_by_a_link_to_the_new_one(
    auth: AuthService, ada: Browser, mails: Mails
) -> None:
    elsewhere = auth.browser()
    elsewhere.sign_in()
    answer = change_email(ada)
    assert (answer.status, answer.text) == (202, "")
    mail = mails.read("email")
    assert mail["to"] == [{"email": NEW_EMAIL, "role": "new"}, {"email": EMAIL, "role": "old"}]
    assert me(ada)["email"] == EMAIL
    used = confirm(ada, mail["token"])
    assert (used.status, used.json) == (200, {"id": me(ada)["id"], "email": NEW_EMAIL})
    assert ada.current_user() == used.json
    assert (me(ada)["email"], me(ada)["verified"]) == (NEW_EMAIL, True)
    assert elsewhere.refresh().status == 401
    assert ada.refresh().json["email"] == NEW_EMAIL
    assert [auth.browser().sign_in(each).status for each in (EMAIL, NEW_EMAIL)] == [401, 200]
    assert mails.read("email") == {"to": [{"email": EMAIL, "role": "old"}], "token": None}
    [request] = mails.requests("email")
    assert request["event"]["type"] == "EmailChanged"
    assert json.loads(request["event"]["detail"])["data"]["userId"] == me(ada)["id"]
    assert refused(confirm(ada, mail["token"])) == INVALID
    assert auth.browser().sign_up(EMAIL).status == 201


def test_changing_an_address_needs_the_password_and_another_address(ada: Browser, mails: Mails) -> None:
    assert refused(change_email(ada, password="wrong")) == (401, "wrong_password")
    assert refused(change_email(ada, "nothing")) == (400, "validation_failed")
    assert refused(change_email(ada, f" {EMAIL.upper()} ")) == (400, "bad_request")
    assert mails.requests("email") == []


def test_nobody_learns_that_a_new_address_is_taken(auth: AuthService, ada: Browser, mails: Mails) -> None:
    auth.browser().sign_up(NEW_EMAIL)
    assert change_email(ada).status == 202
    answer = confirm(ada, mails.token("email"))
    assert refused(answer) == (409, "email_taken")
    assert me(ada)["email"] == EMAIL
    assert ada.sign_in().status == 200


def test_a_change_is_confirmed_by_the_user_who_requested_it(
    auth: AuthService, ada: Browser, mails: Mails
) -> None:
    change_email(ada)
    token = mails.token("email")
    eve = auth.browser()
    eve.sign_up("eve@tiketz.test")
    assert refused(confirm(eve, token)) == INVALID
    assert confirm(auth.browser(), token).status == 401
    assert confirm(ada, token).status == 200


def test_links_to_new_addresses_are_limited(auth: AuthService, ada: Browser) -> None:
    statuses = [change_email(ada, f"ada{number}@elsewhere.test").status for number in range(4)]
    assert statuses == [202, 202, 202, 429]  # each warns the old address
    eve = auth.browser()
    eve.sign_up("eve@tiketz.test")
    assert change_email(eve, "ada0@elsewhere.test").status == 202
    assert change_email(eve, EMAIL).status == 429


# ---------------------------------------------------------------- sessions


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_sessions_are_listed_and_ended(auth: AuthService, ada: Browser, mails: Mails) -> None:
    auth.wait(minutes=5)
    elsewhere = auth.browser()
    elsewhere.sign_in(headers={"user-agent": FIREFOX})
    auth.wait(minutes=1)
    ada.refresh()
    own, other = ada.send("GET", "me/sessions").json
    assert (own["current"], other["current"]) == (True, False)
    assert (own["createdAt"], own["lastUsedAt"]) == ("2026-07-01T12:00:00Z", "2026-07-01T12:06:00Z")
    assert (other["createdAt"], other["lastUsedAt"]) == ("2026-07-01T12:05:00Z", "2026-07-01T12:05:00Z")
    assert other["device"] == "Firefox on Linux"
    token = mails.token("verify")
    ended = ada.send("DELETE", "me/sessions")
    assert (ended.status, ended.text) == (204, "")
    assert [each["id"] for each in ada.send("GET", "me/sessions").json] == [own["id"]]
    assert elsewhere.send("GET", "me/sessions").status == 401
    assert (elsewhere.refresh().status, ada.refresh().status) == (401, 200)
    assert refused(verify(ada, token)) == INVALID
    assert auth.browser().send("GET", "me/sessions").status == 401


def test_without_a_refresh_token_every_session_ends(auth: AuthService, ada: Browser) -> None:
    thief = ada.copy()
    del thief.cookies["__Secure-refresh"]
    assert [each["current"] for each in thief.send("GET", "me/sessions").json] == [False]
    assert thief.send("DELETE", "me/sessions").status == 204
    assert ada.refresh().status == 401


def test_a_foreign_refresh_token_keeps_no_session(auth: AuthService, ada: Browser) -> None:
    eve = auth.browser()
    eve.sign_up("eve@tiketz.test")
    mixed = Browser(auth.api.handler, {**ada.cookies, "__Secure-refresh": eve.cookies["__Secure-refresh"]})
    assert mixed.send("DELETE", "me/sessions").status == 204
    assert (ada.refresh().status, eve.refresh().status) == (401, 200)


def test_more_sessions_than_a_page_are_listed(auth: AuthService, ada: Browser) -> None:
    [family] = auth.rows("FAMILY#")
    table = boto3.resource("dynamodb").Table(auth.table)
    for number in range(104):
        table.put_item(Item={**family, "pk": f"FAMILY#{number}"})
    assert len(ada.send("GET", "me/sessions").json) == 105
