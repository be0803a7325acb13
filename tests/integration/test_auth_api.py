"""Accounts through auth's HTTP handler."""

import json

import pytest

from tests.factories import EMAIL, PASSWORD
from tests.support.auth_service import REFRESH, SESSION, AuthService
from tests.support.handlers import send_request

SESSION_ATTRIBUTES = {"Path=/", "HttpOnly", "Secure", "SameSite=Lax"}
REFRESH_ATTRIBUTES = {"Path=/api/users", "HttpOnly", "Secure", "SameSite=Strict"}
CREDENTIALS = {"email": EMAIL, "password": PASSWORD}


def attributes(cookies: list[str]) -> dict[str, set[str]]:
    split = [cookie.split("; ") for cookie in cookies]
    return {first.partition("=")[0]: set(rest) for first, *rest in split}


def test_signing_up_returns_the_user_and_a_session(auth: AuthService) -> None:
    browser = auth.browser()
    answer = browser.sign_up()
    assert (answer.status, answer.json) == (201, {"id": answer.json["id"], "email": EMAIL})
    assert answer.headers["cache-control"] == "no-store"
    assert attributes(answer.cookies) == {
        SESSION: {*SESSION_ATTRIBUTES, "Max-Age=900"},
        REFRESH: {*REFRESH_ATTRIBUTES, "Max-Age=2592000"},
    }
    assert browser.current_user() == answer.json


def test_signing_up_stores_the_user_their_email_a_session_and_an_event(auth: AuthService) -> None:
    user = auth.browser().sign_up().json["id"]
    assert sorted(row["pk"].partition("#")[0] for row in auth.rows()) == [
        "ATTEMPTS",
        "EMAIL",
        "FAMILY",
        "REQUEST",
        "USER",
    ]
    [row] = auth.rows("USER#")
    detail = json.loads(row["event"]["detail"])
    assert (row["event"]["type"], row["event"]["source"]) == ("UserSignedUp", "tiketz.auth")
    assert detail["data"] == {"userId": user}


def test_a_password_is_stored_only_as_argon2id(auth: AuthService) -> None:
    auth.browser().sign_up()
    [row] = auth.rows("EMAIL#")
    assert row["passwordHash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in str(auth.rows())


@pytest.mark.parametrize("email", [EMAIL, "  Ada@Tiketz.TEST "])
def test_an_email_is_taken_once_however_it_is_written(auth: AuthService, email: str) -> None:
    auth.browser().sign_up()
    answer = auth.browser().sign_up(email)
    assert (answer.status, answer.cookies) == (409, [])
    assert answer.json["errors"] == [
        {"message": "Somebody has signed up with this e-mail address.", "field": "email"}
    ]
    assert len(auth.rows("USER#")) == len(auth.rows("EMAIL#")) == len(auth.rows("FAMILY#")) == 1


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"email": "This is needed.", "password": "This is needed."}),
        ({**CREDENTIALS, "email": "ada"}, {"email": "This is not an e-mail address."}),
        ({**CREDENTIALS, "email": 7}, {"email": "Input should be a valid string."}),
        ({**CREDENTIALS, "email": None}, {"email": "Input should be a valid string."}),
        ({**CREDENTIALS, "password": "sevench"}, {"password": "At least 8 characters, please."}),
        ({**CREDENTIALS, "password": "p" * 129}, {"password": "At most 128 characters, please."}),
        ({**CREDENTIALS, "password": ""}, {"password": "This is needed."}),
        ({**CREDENTIALS, "password": ["p" * 8]}, {"password": "Input should be a valid string."}),
        ({**CREDENTIALS, "id": "mine"}, {"id": "We don't know this field."}),
        ({**CREDENTIALS, "passwordHash": "x"}, {"passwordHash": "We don't know this field."}),
    ],
)
def test_signing_up_validates_its_body(
    auth: AuthService, body: dict[str, object], errors: dict[str, str]
) -> None:
    answer = auth.browser().send("POST", "signup", body)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert {error["field"]: error["message"] for error in answer.json["errors"]} == errors
    assert auth.rows() == []


def test_signing_in_creates_its_own_session(auth: AuthService) -> None:
    first, second = auth.browser(), auth.browser()
    user = first.sign_up().json
    answer = second.sign_in("ADA@tiketz.test")
    assert (answer.status, answer.json) == (200, user)
    assert attributes(answer.cookies).keys() == {SESSION, REFRESH}
    assert second.current_user() == user
    assert first.cookies[REFRESH] != second.cookies[REFRESH]


def test_a_password_is_the_same_on_every_keyboard(auth: AuthService) -> None:
    composed, decomposed = "caf\u00e9-\ufb01ne", "cafe\u0301-fine"
    auth.browser().sign_up(password=composed)
    assert auth.browser().sign_in(password=decomposed).status == 200


def test_an_unknown_email_and_a_wrong_password_look_alike(auth: AuthService) -> None:
    auth.browser().sign_up()
    wrong, unknown = auth.browser().sign_in(password="wrong"), auth.browser().sign_in("eve@tiketz.test")
    assert (wrong.status, wrong.cookies) == (401, [])
    assert (wrong.text, wrong.cookies) == (unknown.text, unknown.cookies)
    assert wrong.json["detail"] == "The e-mail address or the password is wrong."


@pytest.mark.parametrize(
    "body", [{}, {"email": "ada", "password": PASSWORD}, {"email": EMAIL}, {**CREDENTIALS, "remember": True}]
)
def test_signing_in_validates_its_body(auth: AuthService, body: dict[str, object]) -> None:
    assert auth.browser().send("POST", "signin", body).status == 400


def test_signing_out_clears_the_cookies_as_they_were_set(auth: AuthService) -> None:
    browser = auth.browser()
    browser.sign_up()
    answer = browser.sign_out()
    assert (answer.status, answer.json) == (200, {})
    assert attributes(answer.cookies) == {
        SESSION: {*SESSION_ATTRIBUTES, "Max-Age=0"},
        REFRESH: {*REFRESH_ATTRIBUTES, "Max-Age=0"},
    }
    assert browser.cookies == {}
    assert browser.current_user() is None
    assert auth.rows("FAMILY#") == []


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 67, "\u00e9" * 67])
def test_anybody_may_sign_out(auth: AuthService, token: str) -> None:
    browser = auth.browser()
    browser.cookies[REFRESH] = token
    assert browser.sign_out().status == 200


def test_no_session_has_no_current_user(auth: AuthService) -> None:
    answer = auth.browser().send("GET", "currentuser")
    assert (answer.status, answer.json) == (200, {"currentUser": None})
    assert answer.headers["cache-control"] == "no-store"


def test_the_health_route_responds(auth: AuthService) -> None:
    answer = send_request(auth.api.handler, "GET", "/api/health")
    assert (answer.status, answer.json) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/api", "/api/nope", "/api/users", "/api/users/signup/x", "/api/users/%00"])
def test_an_unknown_path_is_a_problem(auth: AuthService, path: str) -> None:
    answer = send_request(auth.api.handler, "GET", path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json["errors"] == [{"message": "There is nothing at this address."}]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/users/signup"),
        ("HEAD", "/api/users/signin"),
        ("DELETE", "/api/users/currentuser"),
        ("POST", "/api/health"),
    ],
)
def test_another_method_is_refused(auth: AuthService, method: str, path: str) -> None:
    assert send_request(auth.api.handler, method, path).status == 405


@pytest.mark.parametrize("path", ["signup", "signin", "signout", "refresh"])
def test_a_request_from_another_site_is_refused(auth: AuthService, path: str) -> None:
    browser = auth.browser()
    browser.sign_up()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.test"}):
        assert browser.copy().send("POST", path, CREDENTIALS, headers=headers).status == 403
    assert browser.refresh().status == 200


@pytest.mark.parametrize("path", ["signup", "signin"])
@pytest.mark.parametrize(
    ("raw", "headers", "status"),
    [
        ("email=ada", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("--", {"content-type": "multipart/form-data"}, 415),
        ("{", {}, 400),
        ("[]", {}, 400),
        ('{"email": "a@b.cc", "email": "a@b.cc", "password": "12345678"}', {}, 400),
        ('{"email": "a@b.cc", "password": "\\ud800-lone-surrogate"}', {}, 400),
        ('{"email": "a\\u0000@b.cc", "password": "12345678"}', {}, 400),
        ('{"email": "a@b.cc", "password": ' + "9" * 5_000 + "}", {}, 400),
        ('{"email": "a@b.cc", "password": ' + "[" * 5_000 + "]" * 5_000 + "}", {}, 400),
        ('{"email": "a@b.cc", "password": "' + "p" * 17_000 + '"}', {}, 413),
    ],
)
def test_a_body_that_is_not_small_plain_json_is_refused(
    auth: AuthService, path: str, raw: str, headers: dict[str, str], status: int
) -> None:
    answer = auth.browser().send("POST", path, raw=raw, headers=headers)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json["errors"]
