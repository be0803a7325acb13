"""HTTP handler of the tickets service."""

import re
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, cursor, settings
from tiketz_common.http import (
    Api,
    CacheControl,
    NoBody,
    SignedIn,
    View,
    body,
    header,
    json_response,
    page_response,
    query,
)
from tiketz_common.origin import Origin
from tiketz_common.powertools import Response

from tickets import catalogue, service
from tickets.etags import accepts, etag
from tickets.forms import Browse, EditTicket, Listings, ListTicket
from tickets.model import Ticket
from tickets.repository import TicketTable
from tickets.settings import ApiSettings
from tickets.terms import Terms
from tickets.views import ListingView, TicketView

config = settings.read(ApiSettings)
api = Api(settings.read(Origin))
tickets = TicketTable(config.table_name)
tickets.connect()
min_prices = {"eur": config.min_price_eur, "usd": config.min_price_usd, "gbp": config.min_price_gbp}
terms = Terms(
    file_delivery=config.file_delivery == "on",
    max_markup_percent=int(config.max_markup_percent) if config.max_markup_percent else None,
)
_POSITION = re.compile(r"[0-9A-Z:.~-]{1,40}#[0-9a-f-]{36}")


@api.route("POST", "/api/tickets", summary="Offer a ticket for sale", responses={201: TicketView})
def list_ticket(seller: SignedIn, form: Annotated[ListTicket, body(ListTicket)]) -> Response[str]:
    """Creates a listing that the caller sells. `price` is in minor units; times are RFC 3339."""
    ticket = service.list_ticket(
        seller.id, form.model_dump(), min_prices, tickets=tickets, terms=terms, now=clock.now()
    )
    return _one(201, ticket, Location=f"/api/tickets/{ticket.id}")


@api.route("GET", "/api/tickets", summary="Tickets that can be bought", responses={200: list[TicketView]})
def browse_tickets(cached: CacheControl, params: Annotated[Browse, query(Browse)]) -> Response[str]:
    """Listings with free units that have not begun.

    `q` searches title, city, venue, category and description; the Link header leads to the next page.
    """
    after = _after(params.cursor, params.scope)
    page = service.browse(params.search, params.limit, after, tickets=tickets, now=clock.now())
    return _page(page, TicketView, "/api/tickets", params.link, params.scope, cached)


@api.route(
    "GET",
    "/api/tickets/mine",
    summary="The caller's listings in every state, newest first",
    responses={200: list[ListingView]},
)
def my_listings(seller: SignedIn, params: Annotated[Listings, query(Listings)]) -> Response[str]:
    """With units held and sold. The Link header leads to the next page."""
    page = service.listings_of(seller.id, params.limit, _after(params.cursor, seller.id), tickets=tickets)
    return _page(page, ListingView, "/api/tickets/mine", {"limit": str(params.limit)}, seller.id)


@api.route("GET", "/api/tickets/{id}", summary="One ticket", responses={200: TicketView}, errors=(404,))
def show_ticket(cached: CacheControl, ticket_id: str) -> Response[str]:
    """A ticket in any status, withdrawn too. Its version is the ETag."""
    return _one(200, service.ticket_of(ticket_id, tickets=tickets), **cached)


@api.route(
    "PUT",
    "/api/tickets/{id}",
    summary="Change a listing",
    responses={200: TicketView},
    errors=(403, 404, 409, 412),
)
def edit_ticket(
    seller: SignedIn,
    ticket_id: str,
    if_match: Annotated[str | None, header("If-Match")],
    form: Annotated[EditTicket, body(EditTicket)],
) -> Response[str]:
    """Changes the fields that are given; null clears one.

    With If-Match, 412 if the listing has changed since. 409 while no unit is free.
    """
    is_latest = partial(accepts, if_match)
    ticket = service.edit_ticket(
        ticket_id,
        seller.id,
        form.changes(),
        is_latest,
        min_prices,
        tickets=tickets,
        terms=terms,
        now=clock.now(),
    )
    return _one(200, ticket)


@api.route(
    "DELETE", "/api/tickets/{id}", summary="Withdraw a listing", responses={204: None}, errors=(403, 404, 409)
)
def withdraw_ticket(seller: SignedIn, _: NoBody, ticket_id: str) -> Response[str]:
    """Takes it off sale. Idempotent. 409 while a unit is held, or once one is sold."""
    service.withdraw_ticket(ticket_id, seller.id, tickets=tickets, now=clock.now())
    return json_response(204)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A request in API Gateway's payload format 2.0."""
    return api.handle(event, context)


def _one(status: int, ticket: Ticket, **headers: str) -> Response[str]:
    return json_response(
        status, TicketView.model_validate(ticket), headers={**headers, "ETag": etag(ticket.version)}
    )


def _page(
    page: catalogue.Page,
    view: type[View],
    path: str,
    params: dict[str, str],
    scope: str,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    next_page = cursor.encode({"after": page.after}, scope) if page.after else None
    return page_response(
        [view.model_validate(ticket) for ticket in page.tickets], path, params, next_page, headers
    )


def _after(text: str | None, scope: str) -> str | None:
    """The sort key of a cursor, validated: a client could make a cursor. Raises InvalidCursor."""
    if text is None:
        return None
    after = cursor.decode(text, scope).get("after")
    if not isinstance(after, str) or not _POSITION.fullmatch(after):
        raise cursor.InvalidCursor
    return after
