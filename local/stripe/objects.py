"""The JSON objects of API version 2026-10-28, as a secret key gets them."""

from local.stripe.cards import BY_FINGERPRINT, Decline, TestCard
from local.stripe.errors import Row, doc_url
from local.stripe.ledger import Ledger

RESPONSE_SECONDS = 7 * 24 * 3600  # in which a dispute is responded to; it differs by card network

# What a publishable key with the client secret gets of an intent
# (https://docs.stripe.com/api/payment_intents/retrieve): no metadata, no charge, no amounts received.
PUBLIC = (
    "id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at",
    "cancellation_reason", "capture_method", "client_secret", "confirmation_method", "created", "currency",
    "description", "last_payment_error", "livemode", "next_action", "payment_method",
    "payment_method_configuration_details", "payment_method_types", "processing", "receipt_email",
    "setup_future_usage", "shipping", "source", "status",
)  # fmt: skip


def public(intent: Row) -> Row:
    return {name: intent[name] for name in PUBLIC}


def payment_intent(ledger: Ledger, args: Row) -> Row:
    object_id = ledger.ids("pi_")
    return {
        "id": object_id,
        "object": "payment_intent",
        "allowed_payment_method_types": args.get("allowed_payment_method_types"),
        "amount": args["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": args.get("capture_method", "automatic_async"),
        "client_secret": f"{object_id}_secret_{ledger.ids('')}",
        "confirmation_method": "automatic",
        "created": ledger.now(),
        "currency": args["currency"],
        "customer": None,
        "customer_account": None,
        "description": args.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": args.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": args.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def payment_method(
    ledger: Ledger, card: TestCard, exp_month: int, exp_year: int, billing: Row | None = None
) -> Row:
    no_details = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    return {
        "id": ledger.ids("pm_"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": no_details | (billing or {}),
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": exp_month,
            "exp_year": exp_year,
            "fingerprint": card.fingerprint,
            "funding": "credit",
            "generated_from": None,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": ledger.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def card_of(method: Row) -> TestCard:
    return BY_FINGERPRINT[method["card"]["fingerprint"]]


def card_of_charge(charge: Row) -> TestCard:
    return BY_FINGERPRINT[charge["payment_method_details"]["card"]["fingerprint"]]


def charge(ledger: Ledger, intent: Row, method: Row, decline: Decline | None, authenticated: bool) -> Row:
    """A charge that is authorised and not yet captured, or failed."""
    failed = decline is not None
    card = method["card"]
    return {
        "id": ledger.ids("ch_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "LOCAL SHOP",
        "captured": False,
        "created": ledger.now(),
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": {
            "advice_code": "try_again_later" if failed else None,
            "network_advice_code": None,
            "network_decline_code": "01" if failed else None,
            "network_status": "declined_by_network" if failed else "approved_by_network",
            "reason": decline.decline_code if decline else None,
            "risk_level": "normal",
            "seller_message": "The bank declined the charge." if failed else "Payment complete.",
            "type": "issuer_declined" if failed else "authorized",
        },
        "paid": not failed,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {
            "card": {
                "amount_authorized": None if failed else intent["amount"],
                "brand": card["brand"],
                "capture_before": None,
                "country": card["country"],
                "exp_month": card["exp_month"],
                "exp_year": card["exp_year"],
                "fingerprint": card["fingerprint"],
                "funding": card["funding"],
                "last4": card["last4"],
                "network": card["brand"],
                "three_d_secure": {"result": "authenticated", "version": "2.2.0"} if authenticated else None,
                "wallet": None,
            },
            "type": "card",
        },
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "failed" if failed else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def refund(ledger: Ledger, charge: Row, amount: int, reason: str | None, metadata: Row) -> Row:
    return {
        "id": ledger.ids("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": ledger.now(),
        "currency": charge["currency"],
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def dispute(ledger: Ledger, charge: Row, amount: int, reason: str, status: str) -> Row:
    """A dispute, or an inquiry (`warning_…`), which withdraws no money yet."""
    card = charge["payment_method_details"]["card"]
    return {
        "id": ledger.ids("du_"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": ledger.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {"due_by": ledger.now() + RESPONSE_SECONDS, "submission_count": 0},
        "is_charge_refundable": True,
        "livemode": False,
        "metadata": {},
        "network_reason_code": None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": {"brand": card["brand"]}, "type": "card"},
        "reason": reason,
        "status": status,
    }


def dispute_transaction(ledger: Ledger, dispute: Row, amount: int) -> Row:
    """What a dispute withdraws from the account's balance (a negative amount) or returns to it."""
    return {
        "id": ledger.ids("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": ledger.now(),
        "created": ledger.now(),
        "currency": dispute["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": "dispute" if amount < 0 else "dispute_reversal",
        "source": dispute["id"],
        "status": "available",
        "type": "adjustment",
    }


def declined(decline: Decline, method: Row, charge_id: str | None) -> Row:
    """An intent's last_payment_error, which is also the error of a confirm."""
    return {
        "charge": charge_id,
        "code": decline.code,
        "decline_code": decline.decline_code,
        "doc_url": doc_url(decline.code),
        "message": decline.message,
        "payment_method": method,
        "type": "card_error",
    }


def unauthenticated(method: Row) -> Row:
    """The last_payment_error of a failed 3-D Secure step. Not a card_error: no charge was attempted."""
    return {
        "code": "payment_intent_authentication_failure",
        "doc_url": doc_url("payment_intent_authentication_failure"),
        "message": "We are unable to authenticate your payment method. "
        "Please choose a different payment method and try again.",
        "payment_method": method,
        "type": "invalid_request_error",
    }
