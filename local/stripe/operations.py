"""The operations of this stand-in, each with its parameters."""

from collections.abc import Callable
from dataclasses import dataclass, field

from local.stripe import disputes, intents, lists, params, refunds
from local.stripe.errors import Row, not_allowed, unknown_url
from local.stripe.ledger import Ledger
from local.stripe.params import Parser, Spec


@dataclass(frozen=True, slots=True)
class Operation:
    """`run` gets the ledger, the id in the path ("" if there is none) and the typed parameters.

    `sdk`: the operation's TypedDict in `stripe.params`. `browser`: the parameters that a publishable key may
    send, None where a secret key is required.
    """

    name: str
    sdk: str
    run: Callable[[Ledger, str, Row], Row]
    spec: Spec = field(default_factory=dict)
    required: tuple[str, ...] = ()
    browser: Spec | None = None


INTENT: Spec = {"expand": lists.expandable("payment_intent")}
CHARGE: Spec = {"expand": lists.expandable("charge")}
REFUND: Spec = {"expand": lists.expandable("refund")}
DISPUTE: Spec = {"expand": lists.expandable("dispute")}
EVENT: Spec = {"expand": lists.expandable("event")}


def _page_of(kind: str, **filters: Parser) -> Spec:
    return {
        "limit": params.page_size,
        "starting_after": params.text,
        "ending_before": params.text,
        "created": params.moment,
        "expand": lists.expandable(f"list of {kind}"),
        **filters,
    }


CARD = params.mapping(
    {
        "number": params.text,
        "exp_month": params.integer,
        "exp_year": params.integer,
        "cvc": params.text,
    },
    required=("number", "exp_month", "exp_year"),
)
BILLING = params.mapping(
    {"name": params.text, "email": params.text, "phone": params.text, "address": params.anything}
)
CONFIRM: Spec = {
    # https://docs.stripe.com/changelog/endive/2026-09-30
    "payment_method_types": params.no_longer_supported,
    "allowed_payment_method_types": params.list_of(params.one_of("card")),
    "payment_method": params.text,
    "receipt_email": params.text,
    "return_url": params.text,
    "use_stripe_sdk": params.boolean,
    **INTENT,
}
# As Stripe.js sends them, with card details.
BROWSER: Spec = {"key": params.text, "_stripe_version": params.text, "client_secret": params.text}
BROWSER_CONFIRM: Spec = {
    # https://docs.stripe.com/changelog/endive/2026-09-30
    "payment_method_types": params.no_longer_supported,
    **CONFIRM,
    **BROWSER,
    "payment_method_data": params.mapping(
        {
            "type": params.one_of("card"),
            "card": CARD,
            "billing_details": BILLING,
            "allow_redisplay": params.text,
            "client_attribution_metadata": params.anything,
            "guid": params.text,
            "muid": params.text,
            "sid": params.text,
            "pasted_fields": params.text,
            "payment_user_agent": params.text,
            "referrer": params.text,
            "time_on_page": params.text,
        },
        required=("type", "card"),
    ),
    "expected_payment_method_type": params.text,
    "client_attribution_metadata": params.anything,
}
CREATE: Spec = {
    "amount": params.integer,
    "currency": params.currency,
    "capture_method": params.one_of("automatic", "automatic_async", "manual"),
    "confirm": params.boolean,
    "description": params.text,
    "metadata": params.metadata,
    **CONFIRM,
}
REFUND_REASONS = params.one_of("duplicate", "fraudulent", "requested_by_customer")
CANCELLATION_REASONS = params.one_of("duplicate", "fraudulent", "requested_by_customer", "abandoned")


def _create_intent(ledger: Ledger, _: str, args: Row) -> Row:
    return intents.create(ledger, args)


def _retrieve_intent(ledger: Ledger, object_id: str, args: Row) -> Row:
    return _intent(ledger, object_id, args)


def _confirm_intent(ledger: Ledger, object_id: str, args: Row) -> Row:
    return intents.confirm(ledger, _intent(ledger, object_id, args), args)


def _capture_intent(ledger: Ledger, object_id: str, args: Row) -> Row:
    return intents.capture(ledger, _intent(ledger, object_id, args), args)


def _cancel_intent(ledger: Ledger, object_id: str, args: Row) -> Row:
    return intents.cancel(ledger, _intent(ledger, object_id, args), args)


def _intent(ledger: Ledger, object_id: str, args: Row) -> Row:
    """The intent. Raises ApiError for a client secret of another one."""
    intent = ledger.get("payment_intent", object_id, "intent")
    if args.get("client_secret", intent["client_secret"]) != intent["client_secret"]:
        raise not_allowed(
            "The client_secret provided does not match the client_secret associated with the PaymentIntent.",
            "payment_intent_invalid_parameter",
            "client_secret",
        )
    return intent


def _list_intents(ledger: Ledger, _: str, args: Row) -> Row:
    return lists.page(ledger, "payment_intent", "/v1/payment_intents", args, lambda row: True)


def _create_refund(ledger: Ledger, _: str, args: Row) -> Row:
    return refunds.create(ledger, args)


def _retrieve_refund(ledger: Ledger, object_id: str, args: Row) -> Row:
    return ledger.get("refund", object_id, "id")


def _list_refunds(ledger: Ledger, _: str, args: Row) -> Row:
    return lists.page(ledger, "refund", "/v1/refunds", args, _matching(args, "charge", "payment_intent"))


def _retrieve_dispute(ledger: Ledger, object_id: str, args: Row) -> Row:
    return ledger.get("dispute", object_id, "id")


def _list_disputes(ledger: Ledger, _: str, args: Row) -> Row:
    return lists.page(ledger, "dispute", "/v1/disputes", args, _matching(args, "charge", "payment_intent"))


def _update_dispute(ledger: Ledger, object_id: str, args: Row) -> Row:
    return disputes.update(ledger, ledger.get("dispute", object_id, "id"), args)


def _close_dispute(ledger: Ledger, object_id: str, args: Row) -> Row:
    return disputes.close(ledger, ledger.get("dispute", object_id, "id"), args)


def _retrieve_charge(ledger: Ledger, object_id: str, args: Row) -> Row:
    return ledger.get("charge", object_id, "id")


def _list_charges(ledger: Ledger, _: str, args: Row) -> Row:
    return lists.page(ledger, "charge", "/v1/charges", args, _matching(args, "payment_intent"))


def _retrieve_event(ledger: Ledger, object_id: str, args: Row) -> Row:
    return ledger.get("event", object_id, "id")


def _list_events(ledger: Ledger, _: str, args: Row) -> Row:
    types = set(args.get("types", ())) | ({args["type"]} if "type" in args else set())
    delivered = args.get("delivery_success")

    def keep(event: Row) -> bool:
        if delivered is not None and (event["pending_webhooks"] == 0) != delivered:
            return False
        return not types or event["type"] in types

    return lists.page(ledger, "event", "/v1/events", args, keep)


def _matching(args: Row, *names: str) -> Callable[[Row], bool]:
    filters = {name: args[name] for name in names if name in args}
    return lambda row: all(row[name] == value for name, value in filters.items())


# (method, collection, whether the path has an id, action)
Route = tuple[str, str, bool, str]

OPERATIONS: dict[Route, Operation] = {
    ("post", "payment_intents", False, ""): Operation(
        "payment_intents.create", "PaymentIntentCreateParams", _create_intent, CREATE, ("amount", "currency")
    ),
    ("get", "payment_intents", False, ""): Operation(
        "payment_intents.list", "PaymentIntentListParams", _list_intents, _page_of("payment_intent")
    ),
    ("get", "payment_intents", True, ""): Operation(
        "payment_intents.retrieve",
        "PaymentIntentRetrieveParams",
        _retrieve_intent,
        {"client_secret": params.text, **INTENT},
        browser={**BROWSER, **INTENT},
    ),
    ("post", "payment_intents", True, "confirm"): Operation(
        "payment_intents.confirm",
        "PaymentIntentConfirmParams",
        _confirm_intent,
        CONFIRM,
        browser=BROWSER_CONFIRM,
    ),
    ("post", "payment_intents", True, "capture"): Operation(
        "payment_intents.capture",
        "PaymentIntentCaptureParams",
        _capture_intent,
        {"amount_to_capture": params.positive, "metadata": params.metadata, **INTENT},
    ),
    ("post", "payment_intents", True, "cancel"): Operation(
        "payment_intents.cancel",
        "PaymentIntentCancelParams",
        _cancel_intent,
        {"cancellation_reason": CANCELLATION_REASONS, **INTENT},
    ),
    ("post", "refunds", False, ""): Operation(
        "refunds.create",
        "RefundCreateParams",
        _create_refund,
        {
            "payment_intent": params.text,
            "charge": params.text,
            "amount": params.positive,
            "reason": REFUND_REASONS,
            "metadata": params.metadata,
            **REFUND,
        },
    ),
    ("get", "refunds", True, ""): Operation(
        "refunds.retrieve", "RefundRetrieveParams", _retrieve_refund, REFUND
    ),
    ("get", "refunds", False, ""): Operation(
        "refunds.list",
        "RefundListParams",
        _list_refunds,
        _page_of("refund", charge=params.text, payment_intent=params.text),
    ),
    ("get", "disputes", True, ""): Operation(
        "disputes.retrieve", "DisputeRetrieveParams", _retrieve_dispute, DISPUTE
    ),
    ("get", "disputes", False, ""): Operation(
        "disputes.list",
        "DisputeListParams",
        _list_disputes,
        _page_of("dispute", charge=params.text, payment_intent=params.text),
    ),
    ("post", "disputes", True, ""): Operation(
        "disputes.update",
        "DisputeUpdateParams",
        _update_dispute,
        {
            "evidence": params.mapping({"uncategorized_text": params.text}),
            "submit": params.boolean,
            "metadata": params.metadata,
            **DISPUTE,
        },
    ),
    ("post", "disputes", True, "close"): Operation(
        "disputes.close", "DisputeCloseParams", _close_dispute, DISPUTE
    ),
    ("get", "charges", True, ""): Operation(
        "charges.retrieve", "ChargeRetrieveParams", _retrieve_charge, CHARGE
    ),
    ("get", "charges", False, ""): Operation(
        "charges.list", "ChargeListParams", _list_charges, _page_of("charge", payment_intent=params.text)
    ),
    ("get", "events", True, ""): Operation("events.retrieve", "EventRetrieveParams", _retrieve_event, EVENT),
    ("get", "events", False, ""): Operation(
        "events.list",
        "EventListParams",
        _list_events,
        _page_of(
            "event",
            type=params.text,
            types=params.list_of(params.text, max_items=20),
            delivery_success=params.boolean,
        ),
    ),
}


def route(method: str, path: str) -> tuple[Operation, str]:
    """The operation of a path, and the id in it. Raises Stripe's 404 for an unknown path."""
    _, version, collection, *rest = (path + "//").split("/")
    object_id, action = rest[0], "/".join(rest[1:]).rstrip("/")
    operation = OPERATIONS.get((method, collection, object_id != "", action)) if version == "v1" else None
    if operation is None:
        raise unknown_url(method, path)
    return operation, object_id
