"""Sign up, sign in, sign out, and the current user."""

from typing import Any

import pytest

from tests.support.users import User


def test_signing_up_creates_an_account(visitor: User) -> None:
    response = visitor.send("POST", "/api/users/signup", email=visitor.email, password=visitor.password)
    assert response.status_code == 201
    assert response.json()["email"] == visitor.email


@pytest.mark.parametrize("email", ["not-an-email", "", "a@b", "a b@c.test"])
def test_signing_up_with_an_invalid_email_is_refused(visitor: User, email: str) -> None:
    assert (
        visitor.send("POST", "/api/users/signup", email=email, password=visitor.password).status_code == 400
    )


@pytest.mark.parametrize("password", ["", "short", "x" * 129])
def test_a_password_has_8_to_128_characters(visitor: User, password: str) -> None:
    assert (
        visitor.send("POST", "/api/users/signup", email=visitor.email, password=password).status_code == 400
    )


@pytest.mark.parametrize("missing", ["email", "password"])
def test_signing_up_needs_an_email_and_a_password(visitor: User, missing: str) -> None:
    body: dict[str, Any] = {"email": visitor.email, "password": visitor.password}
    del body[missing]
    assert visitor.send("POST", "/api/users/signup", **body).status_code == 400


def test_an_email_has_one_account(seller: User, visitor: User) -> None:
    again = visitor.send("POST", "/api/users/signup", email=seller.email.upper(), password="another password")
    assert again.status_code == 409


def test_signing_up_sets_a_session_cookie(visitor: User) -> None:
    visitor.send("POST", "/api/users/signup", email=visitor.email, password=visitor.password)
    assert "__Host-session" in visitor.http.cookies


def test_an_unknown_email_cannot_sign_in(visitor: User) -> None:
    response = visitor.send("POST", "/api/users/signin", email=visitor.email, password=visitor.password)
    assert response.status_code == 401


def test_a_wrong_password_and_an_unknown_email_get_one_response(seller: User, visitor: User) -> None:
    wrong = visitor.send("POST", "/api/users/signin", email=seller.email, password="not the password")
    unknown = visitor.send("POST", "/api/users/signin", email=visitor.email, password="not the password")
    assert wrong.status_code == 401
    assert wrong.json() == unknown.json()
    assert not visitor.http.cookies


def test_signing_in_sets_a_session_cookie(seller: User, visitor: User) -> None:
    response = visitor.send("POST", "/api/users/signin", email=seller.email, password=seller.password)
    assert response.status_code == 200
    assert response.json() == {"id": seller.id, "email": seller.email}
    assert "__Host-session" in visitor.http.cookies


def test_signing_out_clears_the_session(seller: User) -> None:
    response = seller.send("POST", "/api/users/signout")
    assert (response.status_code, response.json()) == (200, {})
    assert not seller.http.cookies
    assert seller.send("GET", "/api/users/currentuser").json() == {"currentUser": None}


def test_the_current_user_has_an_id_and_an_email(seller: User) -> None:
    response = seller.send("GET", "/api/users/currentuser")
    assert response.json() == {"currentUser": {"id": seller.id, "email": seller.email}}


def test_without_a_session_the_current_user_is_null(visitor: User) -> None:
    response = visitor.send("GET", "/api/users/currentuser")
    assert (response.status_code, response.json()) == (200, {"currentUser": None})
