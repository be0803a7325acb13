"""What auth stores in its table, row by row, and which writes it refuses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import botocore.exceptions
import pytest
from auth.model import Account, Family, Profile, User
from auth.rate_limits import SignInLimits, TooManyAttempts
from auth.repository import AuthTable
from tiketz_common.errors import Conflict, Unavailable
from tiketz_common.retry import Contended

from tests.factories import NOON
from tests.fakes.aws_errors import AwsError
from tests.fakes.dynamodb_faults import before_call, cancelling
from tests.fakes.in_memory_tables import InMemoryTables
from tests.unit.conftest import StillClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
MONTH = timedelta(days=30)
IN_A_MONTH = int((NOON + MONTH).timestamp())
TOMORROW = NOON + timedelta(days=1)
EVENT = {"id": "e1", "type": "UserSignedUp"}
GONE = {"id": "e2", "type": "UserDeleted"}

ADA = Account(User("u1", "ada@tiketz.test"), "$argon2id$hash", NOON)
LIMITS = SignInLimits(of_network=2, of_account=3, of_account_and_network=2)
HERE = LIMITS.at("ada@tiketz.test", "192.0.2.1", NOON)
FAMILY = Family.create("f1", ADA.user, "first", NOON)
REQUEST = {"pk": "REQUEST#r1", "purpose": "verify", "userId": "u1"}
SIGNED_UP = {
    "EMAIL#ada@tiketz.test": {
        "pk": "EMAIL#ada@tiketz.test",
        "userId": "u1",
        "passwordHash": "$argon2id$hash",
        "epoch": 0,
        "epochSince": "2026-07-01T12:00:00.000Z",
        "verified": False,
    },
    "USER#u1": {
        "pk": "USER#u1",
        "userId": "u1",
        "email": "ada@tiketz.test",
        "createdAt": "2026-07-01T12:00:00.000Z",
        "event": EVENT,
    },
    "FAMILY#f1": {
        "pk": "FAMILY#f1",
        "userId": "u1",
        "current": "first",
        "spent": [],
        "expiresAt": "2026-07-31T12:00:00.000Z",
        "epoch": 0,
        "createdAt": "2026-07-01T12:00:00.000Z",
        "forgetAt": IN_A_MONTH,
    },
    "REQUEST#r1": REQUEST,
}


@pytest.fixture
def auth(memory: InMemoryTables, still_clock: StillClock) -> AuthTable:
    """A table in which Ada has just signed up."""
    table = AuthTable("auth")
    table.add(ADA, FAMILY, EVENT, NOON, request=REQUEST)
    return table


# ---------------------------------------------------------------- accounts


def test_a_user_their_email_and_session_are_one_transaction(memory: InMemoryTables, auth: AuthTable) -> None:
    assert memory.rows("auth") == SIGNED_UP
    assert memory.operations() == ["TransactWriteItems"]
    assert auth.account(["ada@tiketz.test"], HERE, NOON) == (ADA, False)
    assert auth.profile("u1") == Profile(ADA.user, NOON)
    assert auth.family("f1") == FAMILY


def test_unknown_accounts_and_users_are_none(auth: AuthTable) -> None:
    assert auth.account(["eve@tiketz.test"], HERE, NOON) == (None, False)
    assert (auth.profile("u2"), auth.family("f2")) == (None, None)


def test_an_email_has_one_account(memory: InMemoryTables, auth: AuthTable) -> None:
    second = Account(User("u2", "ada@tiketz.test"), "other")
    with pytest.raises(Conflict, match=r"^Somebody has signed up with this e-mail address\.$") as refusal:
        auth.add(second, Family.create("f2", second.user, "first", NOON), EVENT, NOON, request=REQUEST)
    assert refusal.value.code == "email_taken"
    assert refusal.value.field == "email"
    assert memory.rows("auth") == SIGNED_UP


def test_a_sign_up_whose_response_was_lost_can_be_repeated(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.add(ADA, FAMILY, EVENT, NOON, request=REQUEST)
    assert memory.rows("auth") == SIGNED_UP


def test_a_deleted_account_leaves_its_event_for_forty_days(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.remove(ADA.user, GONE, NOON)
    gone = {"pk": "USER#u1", "userId": "u1", "event": GONE, "forgetAt": IN_A_MONTH + 10 * 24 * 3600}
    left = {**SIGNED_UP, "USER#u1": gone}
    del left["EMAIL#ada@tiketz.test"]
    assert memory.rows("auth") == left
    assert (auth.profile("u1"), auth.account(["ada@tiketz.test"], HERE, NOON)) == (None, (None, False))


def test_deleting_an_account_deletes_its_order_row(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.record_order("o1", "u1", 2, None, NOON)
    auth.remove(ADA.user, GONE, NOON)
    assert "WAITING#u1" not in memory.rows("auth")


def test_an_account_with_a_pending_order_is_not_deleted(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.record_order("o1", "u1", 1, TOMORROW, NOON)
    before = memory.rows("auth")
    waits = r"^An order of yours waits to be paid\. Pay it, cancel it, or let its time run out\.$"
    with pytest.raises(Conflict, match=waits) as refusal:
        auth.remove(ADA.user, GONE, NOON)
    assert refusal.value.code == "orders_pending"
    assert memory.rows("auth") == before


def test_an_account_is_deleted_once(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.remove(ADA.user, GONE, NOON)
    before = memory.rows("auth")
    auth.remove(ADA.user, {"id": "e3"}, NOON + MINUTE)
    assert memory.rows("auth") == before


# ---------------------------------------------------------------- in each other's way


def test_a_busy_table_is_retried(auth: AuthTable) -> None:
    with cancelling("TransactionConflict", 3):
        auth.remove(ADA.user, GONE, NOON)
    assert auth.profile("u1") is None


def test_a_table_that_stays_busy_is_unavailable(memory: InMemoryTables, auth: AuthTable) -> None:
    with cancelling("TransactionConflict", 1000), pytest.raises(Unavailable):
        auth.remove(ADA.user, GONE, NOON)
    assert memory.rows("auth") == SIGNED_UP


def test_a_transaction_that_is_wrong_fails(auth: AuthTable) -> None:
    with (
        cancelling("ValidationError", 1),
        pytest.raises(botocore.exceptions.ClientError, match="TransactionCanceled"),
    ):
        auth.remove(ADA.user, GONE, NOON)


def test_a_failed_condition_is_reported_before_a_conflict(memory: InMemoryTables, auth: AuthTable) -> None:
    codes = "ConditionalCheckFailed", "TransactionConflict", "None"
    memory.errors = [
        AwsError("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes])
    ]
    with pytest.raises(Conflict, match="waits to be paid"):
        auth.remove(ADA.user, GONE, NOON)


# ---------------------------------------------------------------- orders of theirs


def waiting(memory: InMemoryTables) -> dict[str, Any]:
    return memory.rows("auth")["WAITING#u1"]


def test_an_order_is_recorded_for_a_month(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.record_order("o1", "u1", 1, TOMORROW, NOON)
    until = int(TOMORROW.timestamp())
    first = {"id": "o1", "version": 1, "until": until}
    row = {"pk": "WAITING#u1", "orders": [first], "until": until, "revision": 1, "forgetAt": IN_A_MONTH}
    assert waiting(memory) == row
    auth.record_order("o2", "u1", 1, TOMORROW + MINUTE, NOON + MINUTE)
    second = {"id": "o2", "version": 1, "until": until + 60}
    row |= {"orders": [first, second], "until": until + 60, "revision": 2, "forgetAt": IN_A_MONTH + 60}
    assert waiting(memory) == row
    auth.record_order("o1", "u1", 2, None, NOON + MINUTE)
    ended = {"id": "o1", "version": 2, "until": 0}
    assert waiting(memory) == {**row, "orders": [second, ended], "revision": 3}
    auth.record_order("o2", "u1", 2, None, NOON + MINUTE)
    assert waiting(memory)["until"] == 0


def test_an_order_past_its_time_counts_as_ended(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.record_order("o1", "u1", 1, NOON, NOON)
    for number in range(10):
        auth.record_order(f"ended{number}", "u1", 1, None, NOON)
    assert "o1" not in str(waiting(memory))


@pytest.mark.parametrize(("after", "stays"), [(timedelta(), True), (timedelta(days=1), False)])
def test_an_order_keeps_an_account_until_its_time_ends(
    auth: AuthTable, after: timedelta, stays: bool
) -> None:
    auth.record_order("o1", "u1", 1, TOMORROW, NOON)
    if stays:
        with pytest.raises(Conflict):
            auth.remove(ADA.user, GONE, NOON + after)
    else:
        auth.remove(ADA.user, GONE, NOON + after)
    assert (auth.profile("u1") is not None) == stays


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_version_of_an_order_changes_nothing(
    memory: InMemoryTables, auth: AuthTable, version: int
) -> None:
    auth.record_order("o1", "u1", 2, None, NOON)
    before = waiting(memory)
    auth.record_order("o1", "u1", version, TOMORROW, NOON + MINUTE)
    assert waiting(memory) == before
    auth.record_order("o2", "u1", version, TOMORROW, NOON)
    assert waiting(memory)["until"] == int(TOMORROW.timestamp())


def test_the_last_ten_ended_and_all_pending_orders_are_stored(
    memory: InMemoryTables, auth: AuthTable
) -> None:
    for number in range(12):
        auth.record_order(f"waits{number}", "u1", 1, TOMORROW, NOON)
        auth.record_order(f"ended{number}", "u1", 1, None, NOON)
    ids = [each["id"] for each in waiting(memory)["orders"]]
    assert ids == [f"waits{number}" for number in range(12)] + [f"ended{number}" for number in range(2, 12)]


def test_of_two_orders_recorded_at_once_neither_is_lost(memory: InMemoryTables, auth: AuthTable) -> None:
    with before_call("PutItem", lambda: auth.record_order("o1", "u1", 1, TOMORROW, NOON)):
        auth.record_order("o2", "u1", 1, TOMORROW, NOON)
    assert [each["id"] for each in waiting(memory)["orders"]] == ["o1", "o2"]
    with before_call("PutItem", lambda: auth.record_order("o3", "u1", 1, TOMORROW, NOON)):
        auth.record_order("o4", "u1", 1, TOMORROW, NOON)
    assert [each["id"] for each in waiting(memory)["orders"]] == ["o1", "o2", "o3", "o4"]


@pytest.mark.parametrize("error", ["ConditionalCheckFailedException", "TransactionConflictException"])
def test_a_row_that_stays_contended_is_unavailable(
    memory: InMemoryTables, auth: AuthTable, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    calls = memory.call

    def call(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "PutItem":
            raise AwsError(error)
        return calls(operation, params)

    monkeypatch.setattr(memory, "call", call)
    with pytest.raises(Unavailable):
        auth.record_order("o1", "u1", 1, TOMORROW, NOON)


# ---------------------------------------------------------------- sessions


def test_a_session_is_added_and_deleted(memory: InMemoryTables, auth: AuthTable) -> None:
    second = Family.create("f2", ADA.user, "another", NOON)
    auth.add_family(second)
    assert auth.family("f2") == second
    auth.delete_family("f2")
    assert memory.rows("auth") == SIGNED_UP
    auth.delete_family("f2")


def test_a_rotation_is_stored_with_the_spent_tokens(memory: InMemoryTables, auth: AuthTable) -> None:
    rotated = FAMILY.rotate("second", NOON + MINUTE).rotate("third", NOON + 2 * MINUTE)
    auth.replace_family(FAMILY, rotated)
    assert auth.family("f1") == rotated
    assert memory.rows("auth")["FAMILY#f1"] == {
        "pk": "FAMILY#f1",
        "userId": "u1",
        "current": "third",
        "spent": [
            {"digest": "first", "at": "2026-07-01T12:01:00.000Z"},
            {"digest": "second", "at": "2026-07-01T12:02:00.000Z"},
        ],
        "expiresAt": "2026-07-31T12:02:00.000Z",
        "epoch": 0,
        "createdAt": "2026-07-01T12:00:00.000Z",
        "forgetAt": IN_A_MONTH + 120,
    }


def test_one_of_two_concurrent_rotations_is_stored(auth: AuthTable) -> None:
    first, second = FAMILY.rotate("a", NOON), FAMILY.rotate("b", NOON)
    auth.replace_family(FAMILY, first)
    with pytest.raises(Contended):
        auth.replace_family(FAMILY, second)
    assert auth.family("f1") == first


def test_a_session_that_ended_is_not_prolonged(auth: AuthTable) -> None:
    auth.delete_family("f1")
    with pytest.raises(Contended):
        auth.replace_family(FAMILY, FAMILY.rotate("second", NOON))
    assert auth.family("f1") is None


# ---------------------------------------------------------------- attempts


def test_attempts_are_counted_up_to_the_limit_and_uncounted(memory: InMemoryTables, auth: AuthTable) -> None:
    rate_limit = HERE.account_and_network
    auth.count_attempt(rate_limit, NOON)
    auth.count_attempt(rate_limit, NOON + MINUTE)
    key = f"ATTEMPTS#{rate_limit.key}"
    last = int((NOON + MINUTE).timestamp())
    counted = {"pk": key, "taken": 2, "lastAt": last, "forgetAt": int((NOON + 15 * MINUTE).timestamp())}
    assert memory.rows("auth")[key] == counted
    with pytest.raises(TooManyAttempts) as refusal:
        auth.count_attempt(rate_limit, NOON + 5 * MINUTE)
    assert refusal.value.retry_after == 600
    assert memory.rows("auth")[key] == counted
    auth.uncount(rate_limit)
    del counted["lastAt"]
    assert memory.rows("auth")[key] == {**counted, "taken": 1}
    auth.count_attempt(rate_limit, NOON)


def test_a_slowed_account_has_one_attempt_a_minute(auth: AuthTable) -> None:
    rate_limit = replace(HERE.account_and_network, limit=3)
    auth.count_attempt(rate_limit, NOON, slowed=True)
    with pytest.raises(TooManyAttempts) as refusal:
        auth.count_attempt(rate_limit, NOON + MINUTE - SECOND, slowed=True)
    assert refusal.value.retry_after == 60
    auth.count_attempt(rate_limit, NOON + MINUTE, slowed=True)
    auth.count_attempt(rate_limit, NOON + MINUTE + SECOND)
    with pytest.raises(TooManyAttempts):
        auth.count_attempt(rate_limit, NOON + 3 * MINUTE, slowed=True)


def test_an_attempt_that_succeeded_slows_no_other(auth: AuthTable) -> None:
    auth.count_attempt(HERE.account_and_network, NOON, slowed=True)
    auth.uncount(HERE.account_and_network)
    auth.count_attempt(HERE.account_and_network, NOON, slowed=True)


def test_an_account_is_slowed_once_its_limit_is_reached(auth: AuthTable) -> None:
    for _ in range(2):
        auth.count_failure(HERE.account)
    assert auth.account(["ada@tiketz.test"], HERE, NOON) == (ADA, False)
    auth.count_failure(HERE.account)
    assert auth.account(["ada@tiketz.test"], HERE, NOON) == (ADA, True)
    assert auth.account(["eve@tiketz.test"], HERE, NOON) == (None, True)


def test_a_network_is_refused_once_its_limit_is_reached(memory: InMemoryTables, auth: AuthTable) -> None:
    auth.count_failure(HERE.network)
    assert auth.account(["ada@tiketz.test"], HERE, NOON) == (ADA, False)
    auth.count_failure(HERE.network)
    memory.calls.clear()
    with pytest.raises(TooManyAttempts) as refusal:
        auth.account(["ada@tiketz.test"], HERE, NOON + 5 * MINUTE)
    assert refusal.value.retry_after == 600
    assert memory.operations() == ["BatchGetItem"]
    auth.count_failure(HERE.network)
    assert memory.rows("auth")[f"ATTEMPTS#{HERE.network.key}"]["taken"] == 3
    with pytest.raises(TooManyAttempts):
        auth.account(["ada@tiketz.test"], HERE, NOON)


def test_every_read_is_consistent(memory: InMemoryTables, auth: AuthTable) -> None:
    memory.calls.clear()
    auth.account(["x"], HERE, NOON)
    auth.profile("x")
    auth.family("x")
    [(_, many), *others] = memory.calls
    assert many["RequestItems"]["auth"]["ConsistentRead"]
    assert [(operation, params["ConsistentRead"]) for operation, params in others] == [("GetItem", True)] * 2
