"""Refunds of captured charges (https://docs.stripe.com/refunds, https://docs.stripe.com/testing#refunds)."""

from local.stripe import disputes, objects
from local.stripe.errors import Row, invalid, missing, not_allowed
from local.stripe.ledger import Ledger
from local.stripe.params import CURRENCIES

SETTLING_SECONDS = 5  # until a refund to 4000000000005126 fails, and one to 4000000000007726 succeeds


def create(ledger: Ledger, args: Row) -> Row:
    """Refund a captured charge, the whole rest without an `amount`."""
    charge = _charge_to_refund(ledger, args)
    left = charge["amount_captured"] - charge["amount_refunded"] - disputes.lost(ledger, charge)
    if disputes.block_refunds(ledger, charge) or (left == 0 and disputes.lost(ledger, charge)):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise not_allowed(message, "charge_disputed")
    if left == 0:
        raise not_allowed(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    amount = args.get("amount", left)
    if amount > left:
        sign = CURRENCIES[charge["currency"]]
        whole = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        raise not_allowed(
            f"Refund amount ({sign}{amount / 100:,.2f}) is greater than {whole} ({sign}{left / 100:,.2f})",
            None,
            "amount",
        )
    kind = objects.card_of_charge(charge).refund
    refund = objects.refund(ledger, charge, amount, args.get("reason"), args.get("metadata", {}))
    if kind == "is pending":
        refund |= {"status": "pending", "pending_reason": "processing"}
    ledger.put("refund", refund)
    refunded = charge["amount_refunded"] + amount
    changed = {"amount_refunded": refunded, "refunded": refunded == charge["amount_captured"]}
    before = {name: charge[name] for name in changed if charge[name] != changed[name]}
    charge = ledger.put("charge", charge | changed)
    if kind == "is pending" or (kind == "fails" and not _has_failed(ledger, charge)):
        what = "succeed" if kind == "is pending" else "fail"
        ledger.set_alarm(refund["id"], ledger.clock() + SETTLING_SECONDS, what)
    ledger.record_event("refund.created", refund)
    ledger.record_event("charge.refunded", charge, before)
    return refund


def _charge_to_refund(ledger: Ledger, args: Row) -> Row:
    if "charge" not in args and "payment_intent" not in args:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
            "parameter_missing",
        )
    if "payment_intent" in args:
        intent = ledger.get("payment_intent", args["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            raise not_allowed(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                None,
                "payment_intent",
            )
        charge = ledger.get("charge", intent["latest_charge"])
        if args.get("charge", charge["id"]) != charge["id"]:
            raise missing("charge", args["charge"], "charge")
        return charge
    charge = ledger.get("charge", args["charge"], "charge")
    if not charge["captured"]:
        message = f"Charge {charge['id']} is not refundable: it was not captured."
        raise not_allowed(message, "charge_not_refundable", "charge")
    return charge


def _has_failed(ledger: Ledger, charge: Row) -> bool:
    """Whether a refund of this charge has failed before: a second one succeeds, so that it can be tried."""
    refunds = ledger.rows["refund"].values()
    return any(each["charge"] == charge["id"] and each["status"] == "failed" for each in refunds)


def succeed(ledger: Ledger, refund: Row) -> Row:
    """A pending refund succeeds."""
    succeeded = ledger.put("refund", refund | {"status": "succeeded", "pending_reason": None})
    ledger.record_event("refund.updated", succeeded, {"status": refund["status"]})
    return succeeded


def fail(ledger: Ledger, refund: Row) -> Row:
    """The buyer's bank has returned the money: the charge is no longer refunded."""
    charge = ledger.get("charge", refund["charge"])
    refunded = charge["amount_refunded"] - refund["amount"]
    ledger.put("charge", charge | {"amount_refunded": refunded, "refunded": False})
    failed = refund | {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    ledger.put("refund", failed)
    ledger.record_event("refund.updated", failed, {"status": refund["status"]})
    ledger.record_event("refund.failed", failed)
    return failed
