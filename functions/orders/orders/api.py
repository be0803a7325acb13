"""HTTP handler of the orders service."""

import re
from datetime import timedelta
from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field
from tiketz_common import clock, cursor, settings
from tiketz_common.errors import BadRequest
from tiketz_common.http import (
    Api,
    Body,
    NoBody,
    Query,
    SignedIn,
    body,
    header,
    json_response,
    page_response,
    query,
)
from tiketz_common.origin import Origin
from tiketz_common.powertools import Response

from orders import service
from orders.limits import HoldLimits
from orders.model import MAX_ORDER_QUANTITY, Request, new_order_id
from orders.repository import OrderTable
from orders.settings import ApiSettings
from orders.views import OrderView

config = settings.read(ApiSettings)
api = Api(settings.read(Origin))
orders = OrderTable(config.table_name)
orders.connect()
hold = timedelta(seconds=config.hold_seconds)
limits = HoldLimits(timedelta(seconds=config.repeat_hold_seconds), config.max_unpaid_units)
_POSITION = {"pk": re.compile(r"ORDER#[0-9a-f-]{36}"), "createdAt": re.compile(r"[0-9TZ:.-]{20,40}")}


class PlaceOrder(Body):
    """What to hold; `price` (minor units) and `version` are those of the ticket as the buyer saw it."""

    ticket_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    quantity: int = Field(1, ge=1, le=MAX_ORDER_QUANTITY)
    price: int | None = Field(None, ge=0)
    version: int | None = Field(None, ge=1)


class Page(Query):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = Field(None, max_length=1_000)


@api.route(
    "POST",
    "/api/orders",
    summary="Hold a ticket while the buyer pays",
    responses={201: OrderView},
    errors=(403, 404, 409, 422),
)
def place_order(
    buyer: SignedIn,
    key: Annotated[str | None, header("Idempotency-Key")],
    form: Annotated[PlaceOrder, body(PlaceOrder)],
) -> Response[str]:
    """Holds units of a ticket until `expiresAt`, which is never after its event starts.

    With the `version` of the ticket that the buyer saw, another one is 409: what is held is what was seen.
    With an Idempotency-Key, a repeated request gets the order that the first one made; another body
    under the same key is 422. 429 where the caller let the ticket go, or its time run out, more than once
    within two minutes, and beyond twenty unpaid units.
    """
    if key is not None and not (0 < len(key) <= 255 and all("!" <= each <= "~" for each in key)):
        raise BadRequest("An Idempotency-Key is 1 to 255 visible ASCII characters.")
    request = Request(**form.model_dump())
    order_id = new_order_id(buyer.id, key)
    order = service.place_order(
        order_id, request, buyer.id, orders=orders, now=clock.now(), hold=hold, limits=limits
    )
    location = f"/api/orders/{order.id}"
    return json_response(201, OrderView.model_validate(order), headers={"Location": location})


@api.route(
    "GET", "/api/orders", summary="The caller's orders, newest first", responses={200: list[OrderView]}
)
def list_orders(buyer: SignedIn, params: Annotated[Page, query(Page)]) -> Response[str]:
    """In every status, a page at a time: the Link header leads to the next page."""
    after = _position(params.cursor, buyer.id) if params.cursor else None
    page, last = orders.of_buyer(buyer.id, params.limit, after)
    next_page = cursor.encode(last, buyer.id) if last else None
    return page_response(
        [OrderView.model_validate(order) for order in page],
        "/api/orders",
        {"limit": str(params.limit)},
        next_page,
    )


def _position(text: str, buyer_id: str) -> dict[str, str]:
    """Where a page begins, validated: a client could make a cursor. Raises InvalidCursor."""
    position = cursor.decode(text, buyer_id)
    if position.keys() != _POSITION.keys() or not all(
        isinstance(position[name], str) and form.fullmatch(position[name]) for name, form in _POSITION.items()
    ):
        raise cursor.InvalidCursor
    return position


@api.route("GET", "/api/orders/{id}", summary="One order", responses={200: OrderView}, errors=(404,))
def show_order(buyer: SignedIn, order_id: str) -> Response[str]:
    """The order, if it is the caller's; any other is 404."""
    order = service.order_of(order_id, buyer.id, orders=orders)
    return json_response(200, OrderView.model_validate(order))


@api.route(
    "POST",
    "/api/orders/{id}/extend",
    summary="Hold the units for longer, at most twice",
    responses={200: OrderView},
    errors=(404, 409),
)
def extend_order(buyer: SignedIn, _: NoBody, order_id: str) -> Response[str]:
    """Starts the hold's time again, from now, and at most until the event starts: 409 if that adds nothing.

    A repeat within ten seconds changes nothing. 409 once it has ended.
    """
    order = service.extend_order(order_id, buyer.id, orders=orders, now=clock.now(), hold=hold)
    return json_response(200, OrderView.model_validate(order))


@api.route(
    "DELETE",
    "/api/orders/{id}",
    summary="Cancel an order that is pending",
    responses={204: None},
    errors=(404, 409),
)
def cancel_order(buyer: SignedIn, _: NoBody, order_id: str) -> Response[str]:
    """Releases the units.

    Idempotent: an order that was cancelled or expired is 204 too. 409 once it is completed.
    """
    service.cancel_order(order_id, buyer.id, orders=orders, now=clock.now())
    return json_response(204)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A request in API Gateway's payload format 2.0."""
    return api.handle(event, context)
