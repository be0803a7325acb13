"""Accounts under concurrent, repeated and rate limited requests."""

import logging
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import botocore.exceptions
import pytest
from auth import passwords
from tiketz_common import aws as clients
from tiketz_common import retry

from tests.factories import EMAIL, PASSWORD
from tests.fakes.dynamodb_faults import before_call, cancelling, losing_the_reply
from tests.support.auth_service import FAILURES, SIGN_UPS, AuthService, Browser
from tests.support.handlers import HttpResponse

ROUNDS, TIMED, WARM = 3, 45, 5  # sign-ins of each kind, of which the first do not count


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """AuthService without accounts at noon, behind CloudFront with its origin secret."""
    return AuthService(monkeypatch, ORIGIN_SECRET="from-cloudfront")


@pytest.fixture
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fast password hash, for tests with hundreds of sign-ins."""
    monkeypatch.setattr(passwords, "matches", lambda password, kept: password == PASSWORD)


def fail(auth: AuthService, times: int, email: str = EMAIL, **how: Any) -> list[int]:
    return [auth.browser().sign_in(email, "wrong", **how).status for _ in range(times)]


def from_address(address: str, secret: str = "from-cloudfront") -> dict[str, str]:
    return {"x-viewer-ip": address, "x-origin-secret": secret}


# ---------------------------------------------------------------- at once


def test_concurrent_sign_ups_with_one_email_get_one_account(auth: AuthService) -> None:
    first, second = auth.browser(), auth.browser()
    with before_call("TransactWriteItems", lambda: first.sign_up()):
        answer = second.sign_up()
    assert (answer.status, answer.cookies) == (409, [])
    assert len(auth.rows("USER#")) == len(auth.rows("EMAIL#")) == len(auth.rows("FAMILY#")) == 1
    assert first.refresh().status == 200


def test_signing_up_succeeds_though_a_response_was_lost(auth: AuthService) -> None:
    browser = auth.browser()
    with losing_the_reply("TransactWriteItems"):
        assert browser.sign_up().status == 201
    assert browser.refresh().status == 200
    assert len(auth.rows("USER#")) == 1


@pytest.mark.parametrize("operation", ["UpdateItem", "BatchGetItem", "PutItem"])
def test_signing_in_succeeds_though_a_response_was_lost(
    auth: AuthService, ada: Browser, operation: str
) -> None:
    browser = auth.browser()
    with losing_the_reply(operation):
        assert browser.sign_in().status == 200
    assert browser.refresh().status == 200


def test_a_busy_table_is_retried(auth: AuthService) -> None:
    assert sign_up_while(auth, "TransactionConflict", times=3).status == 201


def test_a_table_that_stays_busy_is_unavailable(auth: AuthService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "attempts", lambda: range(4))
    answer = sign_up_while(auth, "TransactionConflict", times=4)
    assert (answer.status, answer.headers["retry-after"], answer.cookies) == (503, "1", [])
    assert [row["pk"].partition("-")[0] for row in auth.rows()] == ["ATTEMPTS#signups"]


def test_a_fault_is_not_reported_as_busy(auth: AuthService) -> None:
    with pytest.raises(botocore.exceptions.ClientError, match="TransactionCanceled"):
        sign_up_while(auth, "ValidationError", times=1)


def sign_up_while(auth: AuthService, reason: str, times: int) -> HttpResponse:
    """Sign up while DynamoDB cancels the first transactions for `reason`."""
    with cancelling(reason, times):
        return auth.browser().sign_up()


# ---------------------------------------------------------------- too often


HERE, THERE = from_address("198.51.100.7"), from_address("198.51.100.8")


@pytest.mark.usefixtures("quick_hash")
def test_an_account_is_refused_to_a_network_after_ten_wrong_passwords(
    auth: AuthService, ada: Browser
) -> None:
    assert fail(auth, FAILURES.of_account_and_network + 1) == [401] * FAILURES.of_account_and_network + [429]
    auth.wait(minutes=5)
    answer = auth.browser().sign_in()
    assert (answer.status, answer.headers["retry-after"], answer.cookies) == (429, "600", [])
    assert answer.json["code"] == "too_many_attempts"
    assert answer.json["detail"] == "Too many attempts to sign in failed; wait a little and try again."
    auth.wait(minutes=10)
    assert auth.browser().sign_in().status == 200


@pytest.mark.usefixtures("quick_hash")
def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_out(auth: AuthService, ada: Browser) -> None:
    assert fail(auth, FAILURES.of_account_and_network + 1, headers=THERE)[-1] == 429
    assert auth.browser().sign_in(headers=HERE).status == 200


@pytest.mark.usefixtures("quick_hash")
def test_wrong_passwords_from_many_networks_slow_an_account_down(auth: AuthService, ada: Browser) -> None:
    for number in range(FAILURES.of_account):
        assert fail(auth, 1, headers=from_address(f"192.0.2.{number}")) == [401]
    assert fail(auth, 2, headers=THERE) == [401, 429]
    assert auth.browser().sign_in(headers=HERE).status == 200
    assert auth.browser().sign_in(headers=HERE).status == 200  # the right password is not slowed
    assert fail(auth, 2, headers=HERE) == [401, 429]
    answer = auth.browser().sign_in(headers=HERE)
    assert (answer.status, answer.headers["retry-after"]) == (429, "60")
    auth.wait(minutes=1)
    assert auth.browser().sign_in(headers=HERE).status == 200


@pytest.mark.usefixtures("quick_hash")
def test_an_unknown_email_is_rate_limited_like_a_known_one(auth: AuthService) -> None:
    assert fail(auth, FAILURES.of_account_and_network + 1, "nobody@tiketz.test")[-2:] == [401, 429]


@pytest.mark.usefixtures("quick_hash")
def test_a_rate_limited_account_keeps_its_sessions(auth: AuthService, ada: Browser) -> None:
    fail(auth, FAILURES.of_account_and_network + 1)
    assert ada.current_user()["email"] == EMAIL
    assert ada.refresh().status == 200
    assert ada.sign_out().status == 200


@pytest.mark.usefixtures("quick_hash")
def test_successful_sign_ins_are_not_counted(auth: AuthService, ada: Browser) -> None:
    assert {auth.browser().sign_in().status for _ in range(50)} == {200}
    assert {row["taken"] for row in auth.rows("ATTEMPTS#pair")} == {0}


@pytest.mark.usefixtures("quick_hash")
def test_concurrent_attempts_are_counted_before_they_are_made(
    auth: AuthService, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(auth, FAILURES.of_account_and_network - 1)
    really, meanwhile = passwords.matches, []

    def matches(password: str, kept: str) -> bool:
        meanwhile.extend(fail(auth, 1))
        return really(password, kept)

    monkeypatch.setattr(passwords, "matches", matches)
    assert (fail(auth, 1), meanwhile) == ([401], [429])


@pytest.mark.usefixtures("quick_hash")
def test_a_network_is_rate_limited_after_300_failures(auth: AuthService, ada: Browser) -> None:
    for number in range(FAILURES.of_network):
        assert fail(auth, 1, f"user{number}@tiketz.test", headers=HERE) == [401]
    assert auth.browser().sign_in(headers=HERE).status == 429
    assert auth.browser().sign_in(headers=THERE).status == 200


def test_a_network_creates_thirty_accounts_an_hour(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "hash_password", lambda password: "hash")

    def sign_up(number: int, **how: Any) -> HttpResponse:
        return auth.browser().sign_up(f"user{number}@tiketz.test", **how)

    assert {sign_up(number, headers=HERE).status for number in range(SIGN_UPS)} == {201}
    auth.wait(minutes=20)
    answer = sign_up(SIGN_UPS, headers=HERE)
    assert (answer.status, answer.headers["retry-after"], answer.cookies) == (429, "2400", [])
    assert answer.json["code"] == "too_many_sign_ups"
    assert answer.json["detail"] == "Too many accounts were created from your network; try again later."
    assert sign_up(SIGN_UPS, headers=THERE).status == 201
    auth.wait(minutes=40)
    assert sign_up(SIGN_UPS + 1, headers=HERE).status == 201


def test_a_refused_sign_up_counts_too(auth: AuthService) -> None:
    answers = [auth.browser().sign_up().status for _ in range(SIGN_UPS + 1)]
    assert answers == [201, *[409] * (SIGN_UPS - 1), 429]


@pytest.mark.usefixtures("quick_hash")
def test_an_untrusted_address_header_is_ignored(auth: AuthService, ada: Browser) -> None:
    fail(auth, 1, headers=from_address("198.51.100.7", secret="guessed"))
    fail(auth, 1)
    assert sorted(row["taken"] for row in auth.rows("ATTEMPTS#address")) == [2]


def test_rate_limit_rows_expire_and_hold_no_address(auth: AuthService) -> None:
    fail(auth, 1)
    auth.wait(minutes=15)
    rows = auth.rows("ATTEMPTS#")
    assert [row["forgetAt"] for row in rows] == [auth.now.timestamp()] * 3
    assert EMAIL not in str(rows)
    assert "192.0.2.1" not in str(rows)


# ---------------------------------------------------------------- in silence


def test_an_unknown_email_and_a_wrong_password_make_the_same_calls(
    auth: AuthService, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    really = passwords.matches

    def matches(password: str, kept: str) -> bool:
        steps.append(kept.rpartition("$")[0].rpartition("$")[0])
        return really(password, kept)

    monkeypatch.setattr(passwords, "matches", matches)
    clients.client("dynamodb").meta.events.register(
        "before-call.dynamodb", lambda model, **_: steps.append(model.name)
    )
    fail(auth, 1)
    known, steps[:] = list(steps), []
    fail(auth, 1, "nobody@tiketz.test")
    check = "$argon2id$v=19$m=19456,t=2,p=1"
    assert steps == known == ["BatchGetItem", "UpdateItem", check, "UpdateItem", "UpdateItem"]


def test_an_unknown_email_and_a_wrong_password_take_as_long(auth: AuthService, ada: Browser) -> None:
    """By processor time, alternating; other load may spoil a round, but not all three."""
    ratios: list[float] = []
    while len(ratios) < ROUNDS and not any(0.9 < ratio < 1.1 for ratio in ratios):
        ratios.append(_time_of_a_wrong_password_to_an_unknown_email(auth))
    assert 0.9 < ratios[-1] < 1.1, ratios


def _time_of_a_wrong_password_to_an_unknown_email(auth: AuthService) -> float:
    """The ratio of the medians; the responses are compared too."""
    emails = [EMAIL, "nobody@tiketz.test"]
    taken: dict[str, list[float]] = {email: [] for email in emails}
    answers: dict[str, HttpResponse] = {}
    for turn in range(TIMED):
        auth.wait(minutes=15)  # or there would be too many attempts
        for email in emails if turn % 2 else reversed(emails):
            browser = auth.browser()
            started = time.process_time()
            answers[email] = browser.sign_in(email, "wrong")
            taken[email].append(time.process_time() - started)
    known, unknown = (answers[email] for email in emails)
    assert (known.status, known.json, known.cookies) == (unknown.status, unknown.json, unknown.cookies)
    assert (known.status, known.cookies) == (401, [])
    assert {**known.headers, "x-correlation-id": ""} == {**unknown.headers, "x-correlation-id": ""}
    wrong, nobody = (median(taken[email][WARM:]) for email in emails)
    return wrong / nobody


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line that any logger writes, the debug ones too."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.__dict__}")

    keeper, root = Keeper(), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    ours = [each for each in loggers if not each.name.startswith(("botocore", "boto3", "urllib3"))]
    for each in ours:
        each.addHandler(keeper)
    yield lines
    for each in ours:
        each.removeHandler(keeper)


def test_no_log_line_or_event_holds_an_email_a_password_or_a_token(
    auth: AuthService, log: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    browser = auth.browser()
    secrets = {"canary-mail", "canary-pass"}
    email, password = "canary-mail@tiketz.test", "canary-password"

    def remember() -> None:
        secrets.update(token[-20:] for token in browser.cookies.values())

    browser.sign_up(email, password)
    remember()
    browser.sign_up(email, password)
    browser.sign_up("canary-mail", "canary-pass" * 20)
    browser.send("POST", "signup", {"email": email, "password": password, "canary-mail": 1})
    browser.sign_in(email, "canary-pass")
    browser.sign_in(email, password)
    remember()
    thief = browser.copy()
    browser.refresh()
    remember()
    auth.wait(seconds=11)
    thief.refresh()
    browser.current_user()
    browser.sign_out()
    written = capfd.readouterr()
    text = "\n".join([*log, written.out, written.err])
    assert "refresh token reused" in text
    assert "/api/users/signin" in text
    assert [secret for secret in secrets if secret in text] == []
    assert [secret for secret in secrets if secret in str([row.get("event") for row in auth.rows()])] == []
