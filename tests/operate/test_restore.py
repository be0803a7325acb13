"""Lost rows are copied back from a restored table, except those of what has ended since."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from tickets import service
from tickets.model import Inventory, Ticket
from tickets.repository import TicketTable
from tiketz_common.rows import pack, unpack

from operate import restore
from operate.command import CommandError, UsageError
from operate.stages import Stage
from tests.factories import EMAIL, MIN_PRICES, PASSWORD
from tests.support import tables
from tests.support.auth_service import AuthService

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
RESTORED = "restored"  # the restored table
FACTS: dict[str, Any] = dict.fromkeys(("starts_at", "venue", "city", "category", "description")) | {
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "quantity": 2,
}


class ServiceTables(Stage):
    """A stage whose tables have the names of their services."""

    def outputs(self, service: str | None = None) -> dict[str, str]:
        return {} if service == "expiration" else {"TableName": str(service)}


@pytest.fixture
def stage(aws: None) -> Stage:
    """A stage on AWS."""
    return ServiceTables(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


@pytest.fixture
def auth(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """The auth service with one account, whose user is signed in."""
    auth = AuthService(monkeypatch)
    auth.browser().sign_up()
    return auth


def rows(table: str) -> dict[str, dict[str, Any]]:
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    return {" ".join(row[key] for key in ("pk", "sk") if key in row): row for row in map(unpack, items)}


def put(table: str, row: dict[str, Any]) -> None:
    boto3.client("dynamodb").put_item(TableName=table, Item=pack(row))


def delete(table: str, *prefixes: str) -> None:
    for row in rows(table).values():
        if row["pk"].startswith(prefixes):
            key = pack({name: row[name] for name in ("pk", "sk") if name in row})
            boto3.client("dynamodb").delete_item(TableName=table, Key=key)


def snapshot(service: str) -> None:
    """Create the restored table: the service's table as it is now."""
    tables.create(service, RESTORED)
    for row in rows(service).values():
        put(RESTORED, row)


def copy_back(stage: Stage, service: str, key: str | None = None) -> int:
    return restore.copy_back(stage, service, RESTORED, NOON, key)


def test_missing_rows_are_copied_back_and_present_ones_stay(stage: Stage) -> None:
    tables.create("payments")
    for pk in ("o1", "o2"):
        put("payments", {"pk": pk, "word": "old"})
    snapshot("payments")
    delete("payments", "o1")
    put("payments", {"pk": "o2", "word": "new"})
    assert copy_back(stage, "payments") == 1
    assert {pk: row["word"] for pk, row in rows("payments").items()} == {"o1": "old", "o2": "new"}
    assert copy_back(stage, "payments", "o2") == 1
    assert {pk: row["word"] for pk, row in rows("payments").items()} == {"o1": "old", "o2": "old"}


def test_a_restored_table_is_named_after_its_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    # DynamoDB Local can't restore: use moto, with a client that was not created for the other.
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
    monkeypatch.setattr(boto3, "client", boto3.Session().client)
    tables.create("payments")
    assert restore.restore(stage, "payments", NOON) == "payments-20261201T120000"


def test_a_lost_account_is_copied_back_completely(stage: Stage, auth: AuthService) -> None:
    snapshot("auth")
    delete("auth", "USER#", "EMAIL#")
    assert auth.browser().sign_in().status == 401
    assert copy_back(stage, "auth") == 2
    assert auth.browser().sign_in().status == 200


def test_a_deleted_account_stays_deleted(stage: Stage, auth: AuthService) -> None:
    snapshot("auth")
    browser = auth.browser()
    browser.sign_in()
    user = browser.current_user()["id"]
    assert browser.send("DELETE", "me", {"password": PASSWORD}).status == 204
    assert copy_back(stage, "auth") == 0
    assert copy_back(stage, "auth", f"USER#{user}") == copy_back(stage, "auth", f"EMAIL#{EMAIL}") == 0
    assert auth.browser().sign_in().status == 401
    assert EMAIL not in str(rows("auth"))


def test_a_deletion_is_known_as_long_as_a_table_can_be_restored(stage: Stage, auth: AuthService) -> None:
    browser = auth.browser()
    browser.sign_in()
    browser.send("DELETE", "me", {"password": PASSWORD})
    [deleted] = auth.rows("USER#")
    assert deleted["forgetAt"] > (auth.now + timedelta(days=35)).timestamp()


def test_the_present_owner_of_an_email_keeps_it(stage: Stage, auth: AuthService) -> None:
    snapshot("auth")
    delete("auth", "USER#", "EMAIL#", "FAMILY#")
    auth.browser().sign_up()
    before = rows("auth")
    assert copy_back(stage, "auth") == copy_back(stage, "auth", f"EMAIL#{EMAIL}") == 0
    assert rows("auth") == before


def test_a_session_that_ended_stays_ended(stage: Stage, auth: AuthService) -> None:
    browser = auth.browser()
    browser.sign_in()
    stolen = browser.copy()
    [*_, family] = auth.rows("FAMILY#")
    put("auth", {"pk": "ATTEMPTS#a", "taken": 1})
    put("auth", {"pk": "WAITING#u", "revision": 1})
    snapshot("auth")
    browser.sign_out()
    delete("auth", "FAMILY#", "ATTEMPTS#", "WAITING#")
    assert copy_back(stage, "auth") == 0
    with pytest.raises(UsageError, match="is transient and can't be restored"):
        copy_back(stage, "auth", family["pk"])
    assert stolen.refresh().status == 401


def test_the_count_of_a_buyers_released_units_stays_lost(stage: Stage) -> None:
    tables.create("orders")
    put("orders", {"pk": "HELD#t1#ben", "units": 10, "forgetAt": int(NOON.timestamp()) + 9})
    snapshot("orders")
    delete("orders", "HELD#")
    assert copy_back(stage, "orders") == 0


def test_a_lost_inventory_counts_what_was_sold_since(stage: Stage) -> None:
    tables.create("orders")
    put("orders", {"pk": "TICKET#t1", "quantity": 3, "available": 3, "held": 0, "sold": 0})
    snapshot("orders")
    delete("orders", "TICKET#")
    for name, status, quantity in (("o1", "completed", 1), ("o2", "pending", 1), ("o3", "cancelled", 2)):
        put(
            "orders",
            {"pk": f"ORDER#{name}", "status": status, "quantity": quantity, "ticket": {"id": "t1"}},
        )
    assert copy_back(stage, "orders") == 1
    inventory = rows("orders")["TICKET#t1"]
    assert {name: inventory[name] for name in ("quantity", "available", "held", "sold")} == {
        "quantity": 3,
        "available": 1,
        "held": 1,
        "sold": 1,
    }


def test_a_lost_order_is_copied_back_unless_it_was_pending(stage: Stage) -> None:
    tables.create("orders")
    put("orders", {"pk": "TICKET#t1", "quantity": 3, "available": 0, "held": 2, "sold": 1})
    for name, status, quantity in (("o1", "completed", 1), ("o2", "pending", 2)):
        put(
            "orders",
            {"pk": f"ORDER#{name}", "status": status, "quantity": quantity, "ticket": {"id": "t1"}},
        )
    snapshot("orders")
    delete("orders", "TICKET#", "ORDER#")
    assert copy_back(stage, "orders") == 2
    assert rows("orders").keys() == {"TICKET#t1", "ORDER#o1"}
    assert (rows("orders")["TICKET#t1"]["available"], rows("orders")["TICKET#t1"]["sold"]) == (2, 1)
    assert copy_back(stage, "orders", "ORDER#o2") == 0


def test_expired_rows_are_not_copied_back(stage: Stage, auth: AuthService) -> None:
    put("auth", {"pk": "USER#gone", "forgetAt": int(NOON.timestamp())})
    snapshot("auth")
    delete("auth", "USER#gone")
    assert copy_back(stage, "auth") == 0


def test_expiration_has_nothing_to_restore(stage: Stage) -> None:
    for attempt in (
        lambda: restore.restore(stage, "expiration", NOON),
        lambda: copy_back(stage, "expiration"),
    ):
        with pytest.raises(CommandError, match="expiration has nothing to restore"):
            attempt()


@pytest.fixture
def listing(stage: Stage) -> Ticket:
    """A listing whose inventory changed after its seller's last edit; a snapshot of its table exists."""
    tables.create("tickets")
    table = TicketTable("tickets")
    listing = service.list_ticket("maren", FACTS, MIN_PRICES, tickets=table, now=NOON)
    service.apply_inventory(listing.id, Inventory(version=2), tickets=table, now=NOON)
    snapshot("tickets")
    return listing


def test_a_lost_listing_is_found_again_and_publishes_its_event(stage: Stage, listing: Ticket) -> None:
    before = rows("tickets")
    delete("tickets", "TICKET#", "WORD#")
    assert copy_back(stage, "tickets") == len(before)
    after = rows("tickets")
    copied = after.pop(f"TICKET#{listing.id} TICKET")
    original = before.pop(f"TICKET#{listing.id} TICKET")
    assert original.pop("silent")  # the stream's filter would drop the row
    assert copied == original
    assert after == before


def test_words_that_the_seller_removed_are_not_copied_back(stage: Stage, listing: Ticket) -> None:
    changes, table = {"title": "Marble"}, TicketTable("tickets")
    edited = service.edit_ticket(
        listing.id, "maren", changes, lambda _: True, MIN_PRICES, tickets=table, now=NOON
    )
    before = rows("tickets")
    assert copy_back(stage, "tickets") == 0
    assert rows("tickets") == before
    delete("tickets", "WORD#")
    assert copy_back(stage, "tickets") == 1
    assert rows("tickets") == before
    assert edited.version == 2


def test_listings_of_a_deleted_seller_are_not_copied_back(stage: Stage, listing: Ticket) -> None:
    delete("tickets", "TICKET#", "WORD#")
    service.withdraw_all_listings("maren", tickets=TicketTable("tickets"), now=NOON)
    assert copy_back(stage, "tickets") == 0
    assert copy_back(stage, "tickets", f"TICKET#{listing.id}") == 0
