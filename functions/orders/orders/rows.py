"""Orders and inventories as rows, and back."""

from tiketz_common.row_codec import RowCodec
from tiketz_common.rows import Row

from orders.model import Inventory, Order, Request, Status, Ticket, TicketSnapshot

# The maps inside an order's row are in snake_case. A later field of theirs is beside them (`seenVersion`,
# `venueZone`): version 0.1.0 reads no map with a field that it does not know.
_ORDER = RowCodec(Order, without=("id", "request", "ticket", "declined"))
_REQUEST = RowCodec(Request, without=("version",), name=str)
_SNAPSHOT = RowCodec(TicketSnapshot, without=("time_zone",), name=str)
_TICKET = RowCodec(
    Ticket, without=("id", "quantity"), rename={"version": "ticketVersion", "time_zone": "venueZone"}
)  # TIMEZONE is a reserved word of DynamoDB


def of_order(order: Order, marker: dict[str, str]) -> Row:
    """The order with its event's marker; only a pending one is in the index `pending`."""
    row: Row = {"pk": f"ORDER#{order.id}", **_ORDER.to_row(order), "event": marker}
    row["ticket"] = _SNAPSHOT.to_row(order.ticket)
    row["venueZone"] = order.ticket.time_zone
    row["request"] = _REQUEST.to_row(order.request)
    if order.request.version is not None:
        row["seenVersion"] = order.request.version
    if order.declined:
        row["declined"] = True
    return {**row, "pendingShard": order.id[-1]} if order.status is Status.PENDING else row


def order(row: Row) -> Order:
    """The order of an order's row."""
    request = _REQUEST.from_row(row["request"], version=row.get("seenVersion"))
    ticket = _SNAPSHOT.from_row(row["ticket"], time_zone=row.get("venueZone"))
    declined = row.get("declined", False)
    order_id = row["pk"].removeprefix("ORDER#")
    return _ORDER.from_row(row, id=order_id, request=request, ticket=ticket, declined=declined)


def of_ticket(ticket: Ticket) -> Row:
    """What an edit of the listing changes in its inventory row, except `quantity`."""
    return _TICKET.to_row(ticket)


def inventory(row: Row) -> Inventory:
    """The ticket and its units of an inventory row."""
    ticket = _TICKET.from_row(row, id=row["pk"].removeprefix("TICKET#"), quantity=row["quantity"])
    return Inventory(ticket=ticket, available=row["available"], held=row["held"], sold=row["sold"])
