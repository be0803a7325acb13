"""One mailbox, one account; accounts of earlier versions keep signing in as they did."""

import boto3
import pytest
from auth.passwords import hash_password
from tiketz_common.rows import pack

from tests.factories import PASSWORD
from tests.support.auth_service import AuthService
from tests.support.handlers import LambdaContext

A_LABEL, U_LABEL = "a@xn--bcher-kva.example", "a@bücher.example"


def store_account(auth: AuthService, email: str, user_id: str, password: str = PASSWORD) -> None:
    """The rows of an account as earlier versions stored them."""
    created = "2026-06-01T12:00:00.000Z"
    rows = (
        {"pk": f"EMAIL#{email}", "userId": user_id, "passwordHash": hash_password(password)},
        {"pk": f"USER#{user_id}", "userId": user_id, "email": email, "createdAt": created},
    )
    for row in rows:
        boto3.client("dynamodb").put_item(TableName=auth.table, Item=pack(row))


@pytest.mark.parametrize("written", [U_LABEL, A_LABEL, "A@BÜCHER.example", "a@XN--bcher-KVA.EXAMPLE"])
def test_every_spelling_of_a_domain_is_one_account(auth: AuthService, written: str) -> None:
    answer = auth.browser().sign_up(written)
    assert (answer.status, answer.json["email"]) == (201, A_LABEL)
    for other in (U_LABEL, A_LABEL):
        assert auth.browser().sign_in(other).json == answer.json
        assert auth.browser().sign_up(other).status == 409


@pytest.mark.parametrize("taken", [U_LABEL, A_LABEL])
def test_an_older_account_takes_all_spellings(auth: AuthService, taken: str) -> None:
    store_account(auth, taken, "u1")
    for email in (U_LABEL, A_LABEL):
        assert auth.browser().sign_up(email).status == 409
        assert auth.browser().sign_in(email).json == {"id": "u1", "email": taken}
    assert auth.rows("USER#") == [auth.row("USER#u1")]


def test_older_accounts_that_share_a_mailbox_keep_their_spelling(auth: AuthService) -> None:
    store_account(auth, U_LABEL, "u1", "the password of u1")
    store_account(auth, A_LABEL, "u2", "the password of u2")
    assert auth.browser().sign_in(U_LABEL, "the password of u1").json["id"] == "u1"
    assert auth.browser().sign_in(A_LABEL, "the password of u2").json["id"] == "u2"
    assert auth.browser().sign_in(A_LABEL, "the password of u1").status == 401


def test_an_older_account_is_verified_reset_and_renamed(auth: AuthService) -> None:
    store_account(auth, U_LABEL, "u1")
    directory = auth.function("user_directory")

    def mail(purpose: str) -> dict[str, object]:
        [row] = [each for each in auth.rows("REQUEST#") if each["purpose"] == purpose]
        answer: dict[str, object] = directory.handler({"requestId": row["pk"][8:]}, LambdaContext())
        return answer

    browser = auth.browser()
    browser.sign_in(U_LABEL)
    assert browser.send("GET", "me").json["verified"] is False
    assert browser.send("POST", "verification").status == 202
    assert mail("verify")["to"] == [{"email": A_LABEL, "role": "owner"}]
    assert browser.send("POST", "verify", {"token": mail("verify")["token"]}).status == 200
    auth.browser().send("POST", "forgot", {"email": A_LABEL})
    body = {"token": mail("reset")["token"], "password": "another horse battery"}
    assert auth.browser().send("POST", "reset", body).status == 204
    browser.sign_in(U_LABEL, "another horse battery")
    change = {"email": U_LABEL, "password": "another horse battery"}
    assert browser.send("PUT", "me/email", change).status == 202
    answer = browser.send("POST", "me/email/confirm", {"token": mail("email")["token"]})
    assert (answer.status, answer.json) == (200, {"id": "u1", "email": A_LABEL})
    assert [row["pk"] for row in auth.rows("EMAIL#")] == [f"EMAIL#{A_LABEL}"]


def test_an_older_address_that_gets_no_mail_still_signs_in(auth: AuthService) -> None:
    store_account(auth, "josé@tiketz.test", "u1")
    browser = auth.browser()
    assert browser.sign_in("JOSÉ@tiketz.test").status == 200
    assert browser.send("POST", "forgot", {"email": "josé@tiketz.test"}).status == 202
    [row] = auth.rows("REQUEST#")
    answer = auth.function("user_directory").handler({"requestId": row["pk"][8:]}, LambdaContext())
    assert answer == {"to": [], "token": None}
    assert auth.browser().sign_up("josé@tiketz.test").status == 400


def test_a_session_of_an_earlier_version_goes_on(auth: AuthService) -> None:
    browser = auth.browser()
    browser.sign_up()
    [family] = auth.rows("FAMILY#")
    old = {name: value for name, value in family.items() if name not in ("epoch", "createdAt", "device")}
    boto3.client("dynamodb").put_item(TableName=auth.table, Item=pack(old))
    [session] = browser.send("GET", "me/sessions").json
    assert (session["device"], session["createdAt"]) == (None, session["lastUsedAt"])
    body = {"password": PASSWORD, "newPassword": "another horse battery"}
    assert browser.send("PUT", "me/password", body).status == 204
    assert browser.refresh().status == 200
    boto3.client("dynamodb").put_item(
        TableName=auth.table, Item=pack(old)
    )  # as an earlier version rotates it
    assert browser.refresh().status == 401
