"""Lost rows come back from a restored table; what ended since then stays ended."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from tickets import service
from tickets.model import Inventory, Ticket
from tickets.repository import TicketTable
from tiketz_common.rows import pack, unpack

from operate import restore
from operate.stages import CannotDo, Stage
from tests.factories import EMAIL, PASSWORD
from tests.support import tables
from tests.support.auth_service import AuthService

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
THEN = "then"  # a restored table
FACTS: dict[str, Any] = dict.fromkeys(("starts_at", "venue", "city", "category", "description")) | {
    "title": "Marble Arcade",
    "price": 4860,
    "currency": "eur",
    "quantity": 2,
}


class Place(Stage):
    """A stage that names each service's table as tests do."""

    def outputs(self, service: str | None = None) -> dict[str, str]:
        return {} if service == "expiration" else {"TableName": str(service)}


@pytest.fixture
def place(aws: None) -> Stage:
    """A stage on AWS."""
    return Place(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


@pytest.fixture
def auth(place: Stage, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """The auth service with Ada in it, signed in."""
    auth = AuthService(monkeypatch)
    auth.browser().sign_up()
    return auth


def rows(table: str) -> dict[str, dict[str, Any]]:
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    return {" ".join(row[key] for key in ("pk", "sk") if key in row): row for row in map(unpack, items)}


def put(table: str, row: dict[str, Any]) -> None:
    boto3.client("dynamodb").put_item(TableName=table, Item=pack(row))


def lose(table: str, *prefixes: str) -> None:
    for row in rows(table).values():
        if row["pk"].startswith(prefixes):
            key = pack({name: row[name] for name in ("pk", "sk") if name in row})
            boto3.client("dynamodb").delete_item(TableName=table, Key=key)


def remember(service: str) -> None:
    """A table as the service's is now, as if it were restored to this time later."""
    tables.create(service, THEN)
    for row in rows(service).values():
        put(THEN, row)


def put_back(place: Stage, service: str, key: str | None = None) -> int:
    return restore.put_back(place, service, THEN, NOON, key)


def test_lost_rows_come_back_and_those_in_use_stay(place: Stage) -> None:
    tables.create("payments")
    for pk in ("o1", "o2"):
        put("payments", {"pk": pk, "word": "then"})
    remember("payments")
    lose("payments", "o1")
    put("payments", {"pk": "o2", "word": "now"})
    assert put_back(place, "payments") == 1
    assert {pk: row["word"] for pk, row in rows("payments").items()} == {"o1": "then", "o2": "now"}
    assert put_back(place, "payments", "o2") == 1
    assert {pk: row["word"] for pk, row in rows("payments").items()} == {"o1": "then", "o2": "then"}


def test_a_restored_table_is_named_after_its_time(place: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    # DynamoDB Local restores nothing; the clients made so far know no other place.
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB", raising=False)
    monkeypatch.setattr(boto3, "client", boto3.Session().client)
    tables.create("payments")
    assert restore.restore(place, "payments", NOON) == "payments-20261201T120000"


def test_a_lost_account_comes_back_whole(place: Stage, auth: AuthService) -> None:
    remember("auth")
    lose("auth", "USER#", "EMAIL#")
    assert auth.browser().sign_in().status == 401
    assert put_back(place, "auth") == 2
    assert auth.browser().sign_in().status == 200


def test_a_deleted_account_stays_deleted(place: Stage, auth: AuthService) -> None:
    remember("auth")
    browser = auth.browser()
    browser.sign_in()
    user = browser.current_user()["id"]
    assert browser.send("DELETE", "me", {"password": PASSWORD}).status == 204
    assert put_back(place, "auth") == 0
    assert put_back(place, "auth", f"USER#{user}") == put_back(place, "auth", f"EMAIL#{EMAIL}") == 0
    assert auth.browser().sign_in().status == 401
    assert EMAIL not in str(rows("auth"))


def test_an_account_is_known_to_be_deleted_for_as_long_as_a_table_can_be_restored(
    place: Stage, auth: AuthService
) -> None:
    browser = auth.browser()
    browser.sign_in()
    browser.send("DELETE", "me", {"password": PASSWORD})
    [gone] = auth.rows("USER#")
    assert gone["forgetAt"] > (auth.now + timedelta(days=35)).timestamp()


def test_whoever_has_the_email_now_keeps_it(place: Stage, auth: AuthService) -> None:
    remember("auth")
    lose("auth", "USER#", "EMAIL#", "FAMILY#")
    auth.browser().sign_up()
    before = rows("auth")
    assert put_back(place, "auth") == put_back(place, "auth", f"EMAIL#{EMAIL}") == 0
    assert rows("auth") == before


def test_a_session_that_ended_stays_ended(place: Stage, auth: AuthService) -> None:
    browser = auth.browser()
    browser.sign_in()
    stolen = browser.copy()
    [*_, family] = auth.rows("FAMILY#")
    put("auth", {"pk": "ATTEMPTS#a", "taken": 1})
    put("auth", {"pk": "WAITING#u", "revision": 1})
    remember("auth")
    browser.sign_out()
    lose("auth", "FAMILY#", "ATTEMPTS#", "WAITING#")
    assert put_back(place, "auth") == 0
    with pytest.raises(CannotDo, match="begin again what has ended"):
        put_back(place, "auth", family["pk"])
    assert stolen.refresh().status == 401


def test_a_buyer_is_not_counted_for_units_that_were_given_back(place: Stage) -> None:
    tables.create("orders")
    put("orders", {"pk": "HELD#t1#ben", "units": 10, "forgetAt": int(NOON.timestamp()) + 9})
    remember("orders")
    lose("orders", "HELD#")
    assert put_back(place, "orders") == 0


def test_an_inventory_that_was_lost_has_what_was_sold_since(place: Stage) -> None:
    tables.create("orders")
    put("orders", {"pk": "TICKET#t1", "quantity": 3, "available": 3, "held": 0, "sold": 0})
    remember("orders")
    lose("orders", "TICKET#")
    for id, status, quantity in (("o1", "completed", 1), ("o2", "pending", 1), ("o3", "cancelled", 2)):
        put("orders", {"pk": f"ORDER#{id}", "status": status, "quantity": quantity, "ticket": {"id": "t1"}})
    assert put_back(place, "orders") == 1
    back = rows("orders")["TICKET#t1"]
    assert {name: back[name] for name in ("quantity", "available", "held", "sold")} == {
        "quantity": 3,
        "available": 1,
        "held": 1,
        "sold": 1,
    }


def test_a_lost_order_comes_back_with_its_units_unless_it_was_pending(place: Stage) -> None:
    tables.create("orders")
    put("orders", {"pk": "TICKET#t1", "quantity": 3, "available": 0, "held": 2, "sold": 1})
    for id, status, quantity in (("o1", "completed", 1), ("o2", "pending", 2)):
        put("orders", {"pk": f"ORDER#{id}", "status": status, "quantity": quantity, "ticket": {"id": "t1"}})
    remember("orders")
    lose("orders", "TICKET#", "ORDER#")
    assert put_back(place, "orders") == 2
    assert rows("orders").keys() == {"TICKET#t1", "ORDER#o1"}
    assert (rows("orders")["TICKET#t1"]["available"], rows("orders")["TICKET#t1"]["sold"]) == (2, 1)
    assert put_back(place, "orders", "ORDER#o2") == 0


def test_what_would_be_forgotten_at_once_is_not_put_back(place: Stage, auth: AuthService) -> None:
    put("auth", {"pk": "USER#gone", "forgetAt": int(NOON.timestamp())})
    remember("auth")
    lose("auth", "USER#gone")
    assert put_back(place, "auth") == 0


def test_expiration_has_nothing_to_restore(place: Stage) -> None:
    for attempt in (
        lambda: restore.restore(place, "expiration", NOON),
        lambda: put_back(place, "expiration"),
    ):
        with pytest.raises(CannotDo, match="expiration keeps nothing that could be restored"):
            attempt()


@pytest.fixture
def listing(place: Stage) -> Ticket:
    """A listing whose units moved after its seller's last word, in a table of which there is a copy."""
    tables.create("tickets")
    shop = TicketTable("tickets")
    listing = service.list_ticket("maren", FACTS, tickets=shop, now=NOON)
    service.apply_inventory(listing.id, Inventory(held=1, version=2), tickets=shop, now=NOON)
    remember("tickets")
    return listing


def test_a_lost_listing_is_found_again_and_tells_of_itself(place: Stage, listing: Ticket) -> None:
    before = rows("tickets")
    lose("tickets", "TICKET#", "WORD#")
    assert put_back(place, "tickets") == len(before)
    after = rows("tickets")
    told = after.pop(f"TICKET#{listing.id} TICKET")
    silent = before.pop(f"TICKET#{listing.id} TICKET")
    assert silent.pop("silent")  # the relay would not be called for such a row
    assert told == silent
    assert after == before


def test_a_listing_is_not_found_by_words_that_its_seller_took_out(place: Stage, listing: Ticket) -> None:
    edited = service.edit_ticket(
        listing.id, "maren", {"title": "Marble"}, lambda _: True, tickets=TicketTable("tickets"), now=NOON
    )
    before = rows("tickets")
    assert put_back(place, "tickets") == 0
    assert rows("tickets") == before
    lose("tickets", "WORD#")
    assert put_back(place, "tickets") == 1
    assert rows("tickets") == before
    assert edited.version == 2


def test_what_somebody_sold_who_is_gone_stays_away(place: Stage, listing: Ticket) -> None:
    lose("tickets", "TICKET#", "WORD#")
    service.withdraw_all_listings("maren", tickets=TicketTable("tickets"), now=NOON)
    assert put_back(place, "tickets") == 0
    assert put_back(place, "tickets", f"TICKET#{listing.id}") == 0
