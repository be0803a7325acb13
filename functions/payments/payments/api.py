"""HTTP handler of the payments service."""

from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime, Field
from tiketz_common import clock, settings
from tiketz_common.errors import NotFound
from tiketz_common.http import Api, Body, Currency, SignedIn, View, body, header, json_response, one_of
from tiketz_common.origin import Origin
from tiketz_common.powertools import Response

from payments import service
from payments.fields import MoneyFields
from payments.gateway import USER_RETRIES, Gateway
from payments.intent import DisputeState
from payments.model import Status
from payments.repository import SaleTable
from payments.settings import ApiSettings, StripeSettings

config = settings.read(ApiSettings)
api = Api(settings.read(Origin))
sales = SaleTable(config.table_name)
sales.connect()
stripe = Gateway.from_settings(settings.read(StripeSettings), retries=USER_RETRIES)


class PayOrder(Body):
    """Which order to pay for."""

    order_id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")


class MoneyView(MoneyFields, View):
    """What became of the money that was captured."""

    disputed: Annotated[str, one_of(DisputeState)] | None


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
    money: MoneyView


def view(payable: service.Payable) -> PaymentView:
    """The payment as its buyer sees it."""
    payment = payable.payment
    return PaymentView(
        id=payable.sale.order.id,
        order_id=payable.sale.order.id,
        status=payment.status,
        amount=payment.amount,
        currency=payment.currency,
        client_secret=payable.client_secret,
        created_at=payment.created_at,
        version=payment.version,
        money=MoneyView.model_validate(payment.money),
    )


class AcceptedView(View):
    """A payment that can't be started yet: the same request answers with it after `Retry-After` seconds."""

    order_id: str


@api.route(
    "POST",
    "/api/payments",
    summary="Start to pay for an order, or continue",
    responses={201: PaymentView, 202: AcceptedView},
    errors=(404, 409),
)
def pay(
    buyer: SignedIn,
    prefer: Annotated[str | None, header("Prefer")],
    form: Annotated[PayOrder, body(PayOrder)],
) -> Response[str]:
    """Creates the order's one payment, or returns it.

    While it can be paid, its buyer gets the `clientSecret` to confirm it with Stripe.js. An order that we do
    not know, which may be a second old, is 404 with Retry-After; with `Prefer: respond-async` (RFC 7240), it
    is 202 with Retry-After.
    """
    try:
        payable = service.pay(form.order_id, buyer.id, sales=sales, gateway=stripe, now=clock.now())
    except NotFound as unknown:
        if not _responds_async(prefer):
            raise
        headers = {"Retry-After": str(unknown.retry_after), "Preference-Applied": "respond-async"}
        return json_response(202, AcceptedView(order_id=form.order_id), headers=headers)
    return json_response(201, view(payable), headers={"Location": f"/api/payments/{form.order_id}"})


@api.route("GET", "/api/payments/{id}", summary="One payment", responses={200: PaymentView}, errors=(404,))
def show_payment(buyer: SignedIn, order_id: str) -> Response[str]:
    """The payment of the caller's order, whose id it has; any other is 404."""
    payable = service.payment_of(order_id, buyer.id, sales=sales, gateway=stripe, now=clock.now())
    return json_response(200, view(payable))


def _responds_async(prefer: str | None) -> bool:
    """Whether the preferences, separated by commas, include `respond-async` (RFC 7240 §2, §4.1)."""
    return "respond-async" in [each.partition(";")[0].strip().lower() for each in (prefer or "").split(",")]


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A request in API Gateway's payload format 2.0."""
    return api.handle(event, context)
