"""Sign up, sign in, sign out, and who is asking."""

import pytest

from tests.support.users import User


def test_signing_up_makes_an_account(visitor: User) -> None:
    answer = visitor.send("POST", "/api/users/signup", email=visitor.email, password=visitor.password)
    assert answer.status_code == 201
    assert answer.json()["email"] == visitor.email


@pytest.mark.parametrize("email", ["not-an-email", "", "a@b", "a b@c.test"])
def test_signing_up_takes_a_real_email(visitor: User, email: str) -> None:
    assert (
        visitor.send("POST", "/api/users/signup", email=email, password=visitor.password).status_code == 400
    )


@pytest.mark.parametrize("password", ["", "short", "x" * 129])
def test_signing_up_takes_a_password_of_8_to_128_characters(visitor: User, password: str) -> None:
    assert (
        visitor.send("POST", "/api/users/signup", email=visitor.email, password=password).status_code == 400
    )


@pytest.mark.parametrize("missing", ["email", "password"])
def test_signing_up_takes_both(visitor: User, missing: str) -> None:
    body = {"email": visitor.email, "password": visitor.password}
    del body[missing]
    assert visitor.send("POST", "/api/users/signup", **body).status_code == 400


def test_an_email_is_taken_once(seller: User, visitor: User) -> None:
    again = visitor.send("POST", "/api/users/signup", email=seller.email.upper(), password="another password")
    assert again.status_code == 409


def test_signing_up_sets_a_session_cookie(visitor: User) -> None:
    visitor.send("POST", "/api/users/signup", email=visitor.email, password=visitor.password)
    assert "__Host-session" in visitor.http.cookies


def test_an_unknown_email_cannot_sign_in(visitor: User) -> None:
    answer = visitor.send("POST", "/api/users/signin", email=visitor.email, password=visitor.password)
    assert answer.status_code == 401


def test_a_wrong_password_cannot_sign_in_and_says_no_more(seller: User, visitor: User) -> None:
    wrong = visitor.send("POST", "/api/users/signin", email=seller.email, password="not the password")
    unknown = visitor.send("POST", "/api/users/signin", email=visitor.email, password="not the password")
    assert wrong.status_code == 401
    assert wrong.json() == unknown.json()
    assert not visitor.http.cookies


def test_the_right_password_signs_in_with_a_cookie(seller: User, visitor: User) -> None:
    answer = visitor.send("POST", "/api/users/signin", email=seller.email, password=seller.password)
    assert answer.status_code == 200
    assert answer.json() == {"id": seller.id, "email": seller.email}
    assert "__Host-session" in visitor.http.cookies


def test_signing_out_clears_the_session(seller: User) -> None:
    answer = seller.send("POST", "/api/users/signout")
    assert (answer.status_code, answer.json()) == (200, {})
    assert not seller.http.cookies
    assert seller.send("GET", "/api/users/currentuser").json() == {"currentUser": None}


def test_the_current_user_is_told(seller: User) -> None:
    answer = seller.send("GET", "/api/users/currentuser")
    assert answer.json() == {"currentUser": {"id": seller.id, "email": seller.email}}


def test_nobody_is_told_as_null(visitor: User) -> None:
    answer = visitor.send("GET", "/api/users/currentuser")
    assert (answer.status_code, answer.json()) == (200, {"currentUser": None})
