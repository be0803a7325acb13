"""Tickets as rows, and back.

A ticket's row holds what its seller entered (`ticket`), where its units are (`held`, `sold`,
`inventoryVersion`), the marker of its latest event (`event`), and keys of the indexes:
- `soonest`, `newest`, `cheapest`: its sort key in each order, ending with its id, so that no two are equal.
- `city`, `category`: folded, to be compared.
- `shelf`, `cityShelf`, `categoryShelf`: only while it can be bought; the lists are indexes on these.

- `fileUnits`, `filesVersion`: how many units its files have, where any are known.
- `silent`: only after a change that was not the seller's: the stream does not invoke the relay for it.

For each word of its title, city, venue, category and description, in this order and at most 40, there is a
word row (`WORD#m`, `marble#id`) that repeats the first two groups of keys and has all the `words`. Word rows
hold no units: only the seller's edits write them.

`GONE#{seller}` marks a deleted account, which may list nothing more.
"""

from datetime import datetime, timedelta

from tiketz_common.clock import to_wire
from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import Row

from tickets.model import MAX_PRICE, Files, Inventory, State, Ticket
from tickets.words import label, words

HIGHEST = "~"  # sorts after every digit and letter
SHELVES = ("shelf", "cityShelf", "categoryShelf")
DELETED_SELLER_KEPT = timedelta(days=40)  # longer than a table can be restored to
PROJECTION = "ticket, held, sold, inventoryVersion, fileUnits, filesVersion"  # what a Ticket is made from

_TICKET = RowCodec(Ticket, without=("inventory", "files"))
_INVENTORY = RowCodec(Inventory, rename={"version": "inventoryVersion"})
_FILES = RowCodec(Files, rename={"units": "fileUnits", "version": "filesVersion"})


def key(ticket_id: str) -> Row:
    """The key of a ticket's row."""
    return {"pk": f"TICKET#{ticket_id}", "sk": "TICKET"}


def deleted_seller_key(seller_id: str) -> Row:
    """The key of the row that marks a deleted account."""
    return {"pk": f"GONE#{seller_id}", "sk": "GONE"}


def of_deleted_seller(seller_id: str, now: datetime) -> Row:
    """The row that marks a deleted account, for as long as an event could be restored."""
    forget_at = int((now + DELETED_SELLER_KEPT).timestamp())
    return {**deleted_seller_key(seller_id), "since": to_wire(now), "forgetAt": forget_at}


def word_key(word: str, rest: str = "") -> Row:
    """The key of a word row; `rest` is `#` and the ticket's id."""
    return {"pk": f"WORD#{word[0]}", "sk": f"{word}{rest}"}


def of_ticket(ticket: Ticket, marker: dict[str, str], now: datetime) -> Row:
    """A ticket's row."""
    return {
        **key(ticket.id),
        "ticket": _TICKET.to_row(ticket),
        **of_inventory(ticket.inventory),
        **(of_files(ticket.files) if ticket.files.version else {}),
        **_keys(ticket),
        **shelves(ticket, now),
        "seller": ticket.seller_id,
        "event": marker,
    }


def of_inventory(inventory: Inventory) -> Row:
    """The attributes that say where a ticket's units are."""
    return _INVENTORY.to_row(inventory)


def of_files(files: Files) -> Row:
    """The attributes that say how many units a ticket's files have."""
    return _FILES.to_row(files)


def shelves(ticket: Ticket, now: datetime) -> Row:
    """The partition keys of the lists that the ticket is in: none, unless it can be bought now."""
    if not ticket.on_sale(now):
        return {}
    city, category = label(ticket.city), label(ticket.category)
    return {
        "shelf": "all",
        **({"cityShelf": city} if city else {}),
        **({"categoryShelf": category} if category else {}),
    }


def of_words(ticket: Ticket) -> dict[str, Row]:
    """The ticket's word rows, by word; none once it is withdrawn. They expire (TTL) when its event starts."""
    if ticket.state is State.WITHDRAWN:
        return {}
    own = words(ticket.title, ticket.city, ticket.venue, ticket.category, ticket.description)
    common: Row = {**_keys(ticket), "words": "".join(f" {word}" for word in own)}
    if ticket.starts_at:
        common["forgetAt"] = int(ticket.starts_at.timestamp())
    return {word: {**word_key(word, f"#{ticket.id}"), **common} for word in own}


def ticket(row: Row) -> Ticket:
    """The ticket of a ticket's row (of its PROJECTION)."""
    inventory, files = _INVENTORY.from_row(row), _FILES.from_row(row)
    return _TICKET.from_row(row["ticket"], inventory=inventory, files=files)


def price_sort_key(price: int) -> str:
    """A price as text that sorts as the number does: as many digits as the highest has."""
    return f"{price:0{len(str(MAX_PRICE))}}"


def ticket_id_at(position: str) -> str:
    """The id that a sort key ends with."""
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
