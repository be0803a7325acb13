"""What tickets can do: one function per use case."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from tiketz_common import ids, retry
from tiketz_common.errors import NotFound, PreconditionFailed, Unavailable

from tickets import events
from tickets.catalogue import Page, TicketSearch
from tickets.model import Facts, Inventory, Ticket
from tickets.repository import Stale, TicketTable

SWEPT_AT_ONCE = 500
WITHDRAWN_AT_ONCE = 100
WITHDRAWING_SECONDS = 5  # half of what a batch of messages has
INDEX_FOLLOWS_WITHIN = timedelta(seconds=2)
Accepts = Callable[[int], bool]
"""Whether a version is one that the caller takes for the latest."""


def list_ticket(seller_id: str, facts: Facts, *, tickets: TicketTable, now: datetime) -> Ticket:
    ticket = Ticket.listed(ids.new(), seller_id, facts, now)
    for _ in retry.attempts():
        try:
            tickets.add(ticket, events.created(ticket), now)
        except Stale:
            continue
        return ticket
    raise Unavailable("We are busier than usual; try again in a moment.", code="busy")


def browse(
    search: TicketSearch, limit: int, after: str | None, *, tickets: TicketTable, now: datetime
) -> Page:
    return tickets.browse(search, limit, after, now)


def listings_of(seller_id: str, limit: int, after: str | None, *, tickets: TicketTable) -> Page:
    return tickets.of_seller(seller_id, limit, after)


def ticket_of(id: str, *, tickets: TicketTable) -> Ticket:
    """Raises NotFound."""
    ticket = tickets.find(id)
    if ticket is None:
        raise NotFound("We know no such ticket.", code="ticket_unknown")
    return ticket


def edit_ticket(
    id: str, user_id: str, changes: Facts, accepts: Accepts, *, tickets: TicketTable, now: datetime
) -> Ticket:
    """The ticket with its seller's changes. Raises PreconditionFailed where its version is not accepted."""
    for _ in retry.attempts():
        ticket = ticket_of(id, tickets=tickets)
        ticket.check_seller(user_id)
        if not accepts(ticket.version):
            raise PreconditionFailed("This listing has changed since you read it.", code="listing_changed")
        edited = ticket.edited(changes, now)
        if edited is ticket:
            return ticket
        try:
            tickets.save(ticket, edited, events.updated(edited), now)
        except Stale:
            continue
        return edited
    raise Unavailable("This listing is changing right now; try again in a moment.", code="busy")


def withdraw_ticket(id: str, user_id: str, *, tickets: TicketTable, now: datetime) -> None:
    """Take an offer back; again is as good as once."""

    def withdrawn(ticket: Ticket) -> Ticket:
        ticket.check_seller(user_id)
        return ticket.withdrawn()

    _withdraw(id, withdrawn, tickets=tickets, now=now)


def withdraw_all_listings(seller_id: str, *, tickets: TicketTable, now: datetime) -> bool:
    """Take back what somebody who is gone offers, and let them offer no more. Orders that were placed stand.

    False where it must be asked again: there are more than fit in its time, or the index of sellers, which
    follows the table, may not know yet what they listed just before they were gone.
    """
    since = tickets.block_seller(seller_id, now)
    ends = time.monotonic() + WITHDRAWING_SECONDS
    after: str | None = None
    while True:
        page = tickets.of_seller(seller_id, WITHDRAWN_AT_ONCE, after)
        for ticket in page.tickets:
            if ticket.force_withdrawn() is ticket:
                continue
            _withdraw(ticket.id, Ticket.force_withdrawn, tickets=tickets, now=now)
            if time.monotonic() >= ends:
                return False
        if page.after is None:
            return now - since >= INDEX_FOLLOWS_WITHIN
        after = page.after


def _withdraw(id: str, rule: Callable[[Ticket], Ticket], *, tickets: TicketTable, now: datetime) -> None:
    for _ in retry.attempts():
        ticket = ticket_of(id, tickets=tickets)
        withdrawn = rule(ticket)
        if withdrawn is ticket:
            return
        try:
            tickets.save(ticket, withdrawn, events.withdrawn(withdrawn), now)
        except Stale:
            continue
        return
    raise Unavailable("This listing is changing right now; try again in a moment.", code="busy")


def apply_inventory(id: str, heard: Inventory, *, tickets: TicketTable, now: datetime) -> None:
    """Keep what orders tells of a ticket's units, if it is newer than what we know."""
    for _ in retry.attempts():
        ticket = tickets.find(id)
        if ticket is None:  # orders knows only tickets that we told it of, and ours are never deleted
            return
        restocked = ticket.with_inventory(heard)
        if restocked is ticket:
            return
        try:
            tickets.apply_inventory(restocked, now)
        except Stale:
            continue
        return
    raise Unavailable(f"ticket {id} is contended", code="busy")


def unlist_started_events(*, tickets: TicketTable, now: datetime) -> int:
    """Take tickets whose date has passed off the shelf; how many there were."""
    begun = tickets.started(now, SWEPT_AT_ONCE)
    for id in begun:
        try:
            tickets.unlist(id, now)
        except Stale:  # its seller moved the date
            continue
    return len(begun)
