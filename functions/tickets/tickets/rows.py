"""Tickets as rows, and back.

A ticket's row holds what its seller said (`ticket`), what orders told (`held`, `sold`, `inventoryVersion`),
what marks the seller's latest change (`event`), and keys to be found by:
- `soonest`, `newest`, `cheapest`: its place in each order, ending with its id, so that no two are equal.
- `city`, `category`: folded, to be compared.
- `shelf`, `cityShelf`, `categoryShelf`: only while it can be bought; the lists are indexes on these.

- `silent`: only after a change that was not the seller's: the relay need not be called for it.

For each word of its title, city and venue there is a word row (`WORD#m`, `marble#id`) that repeats the first
two groups of keys and has all the `words`. Word rows hold no stock: only the seller's edits touch them.

`GONE#{seller}` says that somebody deleted their account: they list nothing more.
"""

from datetime import datetime, timedelta

from tiketz_common.clock import to_wire
from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import Row

from tickets.model import MAX_PRICE, Inventory, State, Ticket
from tickets.words import label, words

HIGHEST = "~"  # sorts after every digit and letter
SHELVES = ("shelf", "cityShelf", "categoryShelf")
DELETED_SELLER_KEPT = timedelta(days=40)  # longer than a table can be gone back to
PROJECTION = "ticket, held, sold, inventoryVersion"  # what a Ticket is made from

_TICKET = RowCodec(Ticket, without=("inventory",))
_INVENTORY = RowCodec(Inventory, rename={"version": "inventoryVersion"})


def key(id: str) -> Row:
    return {"pk": f"TICKET#{id}", "sk": "TICKET"}


def deleted_seller_key(seller_id: str) -> Row:
    return {"pk": f"GONE#{seller_id}", "sk": "GONE"}


def of_deleted_seller(seller_id: str, now: datetime) -> Row:
    forget_at = int((now + DELETED_SELLER_KEPT).timestamp())
    return {**deleted_seller_key(seller_id), "since": to_wire(now), "forgetAt": forget_at}


def word_key(word: str, rest: str = "") -> Row:
    return {"pk": f"WORD#{word[0]}", "sk": f"{word}{rest}"}


def of_ticket(ticket: Ticket, marker: dict[str, str], now: datetime) -> Row:
    return {
        **key(ticket.id),
        "ticket": _TICKET.to_row(ticket),
        **of_inventory(ticket.inventory),
        **_keys(ticket),
        **shelves(ticket, now),
        "seller": ticket.seller_id,
        "event": marker,
    }


def of_inventory(inventory: Inventory) -> Row:
    return _INVENTORY.to_row(inventory)


def shelves(ticket: Ticket, now: datetime) -> Row:
    """Where the ticket stands for sale: nowhere, unless somebody could buy it now."""
    if not ticket.on_sale(now):
        return {}
    city, category = label(ticket.city), label(ticket.category)
    return {
        "shelf": "all",
        **({"cityShelf": city} if city else {}),
        **({"categoryShelf": category} if category else {}),
    }


def of_words(ticket: Ticket) -> dict[str, Row]:
    """The ticket's word rows, by word; none once it is withdrawn. They are forgotten after its date."""
    if ticket.state is State.WITHDRAWN:
        return {}
    found = words(ticket.title, ticket.city, ticket.venue)
    common: Row = {**_keys(ticket), "words": "".join(f" {word}" for word in found)}
    if ticket.starts_at:
        common["forgetAt"] = int(ticket.starts_at.timestamp())
    return {word: {**word_key(word, f"#{ticket.id}"), **common} for word in found}


def ticket(row: Row) -> Ticket:
    """The ticket of a ticket's row (of its PROJECTION)."""
    return _TICKET.from_row(row["ticket"], inventory=_INVENTORY.from_row(row))


def price_sort_key(price: int) -> str:
    """A price as text that sorts as the number does: as many digits as the highest has."""
    return f"{price:0{len(str(MAX_PRICE))}}"


def ticket_id_at(position: str) -> str:
    """The id of the ticket that stands at this place of an order."""
    return position.rpartition("#")[2]


def _keys(ticket: Ticket) -> Row:
    city, category = label(ticket.city), label(ticket.category)
    return {
        "soonest": f"{to_wire(ticket.starts_at) if ticket.starts_at else HIGHEST}#{ticket.id}",
        "newest": f"{to_wire(ticket.created_at)}#{ticket.id}",
        "cheapest": f"{price_sort_key(ticket.price)}#{ticket.id}",
        **({"city": city} if city else {}),
        **({"category": category} if category else {}),
    }
