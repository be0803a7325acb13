"""HTTP door of the payments service."""

import os
from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime, Field
from tiketz_common import clock, secrets
from tiketz_common.http import Api, Body, Currency, SignedIn, View, body, json_response, one_of
from tiketz_common.powertools import Response

from payments import gateway, service
from payments.model import Status
from payments.repository import SaleTable

SECRET_KEY, API_BASE = os.environ["STRIPE_SECRET_KEY_PARAMETER"], os.environ["STRIPE_API_BASE"]

api = Api(os.environ["ORIGIN_SECRET"])
sales = SaleTable(os.environ["TABLE_NAME"])
stripe = gateway.Gateway(lambda: gateway.connect(secrets.read(SECRET_KEY), API_BASE))


class PayOrder(Body):
    order_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")


class PaymentView(View):
    """The payment of an order. `amount` in minor units; `clientSecret` is there while it can be paid."""

    id: str
    order_id: str
    status: Annotated[str, one_of(Status)]
    amount: int
    currency: Currency
    client_secret: str | None = Field(None, exclude_if=lambda secret: secret is None, repr=False)
    created_at: AwareDatetime
    version: int


def view(found: service.Payable) -> PaymentView:
    payment = found.payment
    return PaymentView(
        id=found.sale.order.id,
        order_id=found.sale.order.id,
        status=payment.status,
        amount=payment.amount,
        currency=payment.currency,
        client_secret=found.client_secret,
        created_at=payment.created_at,
        version=payment.version,
    )


@api.route(
    "POST",
    "/api/payments",
    summary="Begin to pay for an order, or go on with it",
    responses={201: PaymentView},
    errors=(404, 409),
)
def pay(buyer: SignedIn, sent: Annotated[PayOrder, body(PayOrder)]) -> Response[str]:
    found = service.pay(sent.order_id, buyer.id, sales=sales, gateway=stripe, now=clock.now())
    return json_response(201, view(found), headers={"Location": f"/api/payments/{sent.order_id}"})


@api.route("GET", "/api/payments/{id}", summary="One payment", responses={200: PaymentView}, errors=(404,))
def show_payment(buyer: SignedIn, id: str) -> Response[str]:
    found = service.payment_of(id, buyer.id, sales=sales, gateway=stripe, now=clock.now())
    return json_response(200, view(found))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return api.handle(event, context)
