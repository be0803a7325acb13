"""What tickets does: one function per use case."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from tiketz_common import ids, retry
from tiketz_common.errors import NotFound, PreconditionFailed

from tickets import events
from tickets.catalogue import Page, TicketSearch
from tickets.model import Details, Files, Inventory, MinPrices, Ticket
from tickets.repository import TicketTable
from tickets.terms import STANDARD, Terms

SWEPT_AT_ONCE = 500
WITHDRAWN_AT_ONCE = 100
WITHDRAWING_SECONDS = 5  # half of the timeout of a batch of messages
INDEX_FOLLOWS_WITHIN = timedelta(seconds=2)
CHANGING = "This listing is changing right now; try again in a moment."

Accepts = Callable[[int], bool]
"""Whether a version is one that the caller takes for the latest."""


def list_ticket(
    seller_id: str,
    details: Details,
    min_prices: MinPrices,
    *,
    tickets: TicketTable,
    now: datetime,
    terms: Terms = STANDARD,
) -> Ticket:
    """A new listing, stored. Raises BadRequest, Unauthorized for a deleted account, Unavailable."""
    ticket = Ticket.create(ids.new(), seller_id, details, now)
    ticket.check_price(min_prices)
    terms.check(ticket)
    tickets.add(ticket, events.created(ticket), now)
    return ticket


def browse(
    search: TicketSearch, limit: int, after: str | None, *, tickets: TicketTable, now: datetime
) -> Page:
    """A page of the tickets that can be bought and match. It may be short without being the last."""
    return tickets.browse(search, limit, after, now)


def listings_of(seller_id: str, limit: int, after: str | None, *, tickets: TicketTable) -> Page:
    """A page of the seller's listings in every state, newest first."""
    return tickets.of_seller(seller_id, limit, after)


def ticket_of(ticket_id: str, *, tickets: TicketTable) -> Ticket:
    """The ticket, withdrawn or not. Raises NotFound."""
    ticket = tickets.find(ticket_id)
    if ticket is None:
        raise NotFound("We know no such ticket.", code="ticket_unknown")
    return ticket


@retry.optimistic(CHANGING)
def edit_ticket(
    ticket_id: str,
    user_id: str,
    changes: Details,
    accepts: Accepts,
    min_prices: MinPrices,
    *,
    tickets: TicketTable,
    now: datetime,
    terms: Terms = STANDARD,
) -> Ticket:
    """The ticket with its seller's changes, stored.

    Raises BadRequest, Forbidden, NotFound, Conflict, Unavailable, and PreconditionFailed where its version is
    not accepted.
    """
    ticket = ticket_of(ticket_id, tickets=tickets)
    ticket.check_seller(user_id)
    if not accepts(ticket.version):
        raise PreconditionFailed("This listing has changed since you read it.", code="listing_changed")
    edited = ticket.edited(changes, now)
    if (edited.price, edited.currency) != (ticket.price, ticket.currency):
        edited.check_price(min_prices)
    if edited is not ticket:
        terms.check(edited, ticket)
        tickets.save(ticket, edited, events.updated(edited), now)
    return edited


def withdraw_ticket(ticket_id: str, user_id: str, *, tickets: TicketTable, now: datetime) -> None:
    """Withdraw a listing. Idempotent. Raises Forbidden, NotFound, Conflict, Unavailable."""

    def withdrawn(ticket: Ticket) -> Ticket:
        ticket.check_seller(user_id)
        return ticket.withdrawn()

    _withdraw(ticket_id, withdrawn, tickets=tickets, now=now)


def withdraw_all_listings(seller_id: str, *, tickets: TicketTable, now: datetime) -> bool:
    """Withdraw what a deleted account offers, and let it list no more. Placed orders stand.

    False where it must run again: more listings are left than fit in its time, or the index of sellers, which
    follows the table, may still lack what was listed just before the account was deleted.
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


@retry.optimistic(CHANGING)
def _withdraw(
    ticket_id: str, rule: Callable[[Ticket], Ticket], *, tickets: TicketTable, now: datetime
) -> None:
    ticket = ticket_of(ticket_id, tickets=tickets)
    withdrawn = rule(ticket)
    if withdrawn is not ticket:
        tickets.save(ticket, withdrawn, events.withdrawn(withdrawn), now)


@retry.optimistic(CHANGING)
def apply_inventory(ticket_id: str, inventory: Inventory, *, tickets: TicketTable, now: datetime) -> None:
    """Store where a ticket's units are, if it is newer than what we have. Raises Unavailable."""
    ticket = tickets.find(ticket_id)
    if ticket is None:  # tickets are never deleted; an unknown one is acknowledged
        return
    changed = ticket.with_inventory(inventory)
    if changed is not ticket:
        tickets.apply_inventory(changed, now)


@retry.optimistic(CHANGING)
def apply_files(ticket_id: str, files: Files, *, tickets: TicketTable, now: datetime) -> None:
    """Store how many units a ticket's files have, if it is newer; orders learns whether it is a draft.

    Raises Unavailable.
    """
    ticket = tickets.find(ticket_id)
    if ticket is None:
        return
    changed = ticket.with_files(files)
    if changed.version != ticket.version:
        tickets.save(ticket, changed, events.updated(changed), now)
    elif changed is not ticket:
        tickets.apply_files(changed)


def unlist_started_events(*, tickets: TicketTable, now: datetime) -> int:
    """Take tickets whose event has started out of the lists; the number of those there were."""
    started = tickets.started(now, SWEPT_AT_ONCE)
    for ticket_id in started:
        with suppress(retry.Contended):  # its seller moved the date
            tickets.unlist(ticket_id, now)
    return len(started)
