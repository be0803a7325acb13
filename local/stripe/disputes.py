"""Disputes and inquiries about captured charges.

https://docs.stripe.com/disputes/how-disputes-work, https://docs.stripe.com/testing#disputes
"""

from local.stripe import objects
from local.stripe.errors import Row, invalid, not_allowed
from local.stripe.ledger import Ledger

OPENING_SECONDS = 5  # from the capture of a card that disputes its charges; Stripe names no time
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
# What a test account's evidence makes of a dispute, and of an inquiry
# (https://docs.stripe.com/testing#evidence).
OUTCOMES = {
    "winning_evidence": ("won", "warning_closed"),
    "losing_evidence": ("lost", "warning_closed"),
    "escalate_inquiry_evidence": (None, "needs_response"),
}


def schedule(ledger: Ledger, charge: Row) -> None:
    """Have a test card that disputes its charges do so, some time after the capture."""
    if objects.card_of_charge(charge).dispute:
        ledger.set_alarm(charge["id"], ledger.clock() + OPENING_SECONDS, "dispute")


def open_from_card(ledger: Ledger, charge: Row) -> Row:
    """The dispute that a disputing test card opens. None is opened where all was refunded meanwhile."""
    kind = objects.card_of_charge(charge).dispute
    assert kind is not None
    inquiry = kind == "inquiry"
    if charge["amount_captured"] > charge["amount_refunded"]:
        create(ledger, charge, reason="fraudulent" if inquiry else kind, inquiry=inquiry)
    return charge


def create(
    ledger: Ledger, charge: Row, *, reason: str, inquiry: bool = False, amount: int | None = None
) -> Row:
    """A new dispute, by default about all that was captured and not refunded. Raises ApiError.

    The disputed amount is withdrawn at once, except in an inquiry.
    """
    left = charge["amount_captured"] - charge["amount_refunded"] - lost(ledger, charge)
    disputed = left if amount is None else amount
    if not 0 < disputed <= left or _of(ledger, charge, OPEN):
        raise not_allowed(f"Charge {charge['id']} can't be disputed.")
    status = "warning_needs_response" if inquiry else "needs_response"
    dispute = ledger.put("dispute", objects.dispute(ledger, charge, disputed, reason, status))
    ledger.put("charge", charge | {"disputed": True})
    ledger.record_event("charge.dispute.created", dispute)
    return dispute if inquiry else _withdraw(ledger, dispute)


def update(ledger: Ledger, dispute: Row, args: Row) -> Row:
    """Submit evidence; a test account decides at once. Raises ApiError for a closed dispute."""
    if dispute["status"] not in OPEN:
        raise not_allowed(f"This dispute is already closed, with the status {dispute['status']}.")
    text = args.get("evidence", {}).get("uncategorized_text")
    changed = {"evidence": dispute["evidence"] | args.get("evidence", {})}
    changed["metadata"] = dispute["metadata"] | args.get("metadata", {})
    dispute = ledger.put("dispute", dispute | changed)
    if not args.get("submit", True):
        return dispute
    inquiry = dispute["status"].startswith("warning_")
    outcome = OUTCOMES.get(text or "", (None, None))[inquiry]
    if outcome is None:
        dispute = _changed(ledger, dispute, "warning_under_review" if inquiry else "under_review")
    elif outcome == "needs_response":
        dispute = _withdraw(ledger, _changed(ledger, dispute, outcome))
    else:
        dispute = end(ledger, dispute, outcome)
    return dispute


def close(ledger: Ledger, dispute: Row, args: Row) -> Row:
    """Accept a dispute as lost. Raises ApiError for an inquiry and for a closed dispute."""
    if dispute["status"] != "needs_response":
        raise invalid(f"This dispute can't be closed: its status is {dispute['status']}.")
    return end(ledger, dispute, "lost")


def end(ledger: Ledger, dispute: Row, status: str) -> Row:
    """The bank decides: `won` or `lost`. An inquiry only ends as `warning_closed`."""
    if dispute["status"].startswith("warning_"):
        status = "warning_closed"
    refundable = status != "lost"
    dispute = ledger.put("dispute", dispute | {"status": status, "is_charge_refundable": refundable})
    ledger.record_event("charge.dispute.closed", dispute)
    if status == "won":
        dispute = _transact(ledger, dispute, dispute["amount"])
        ledger.record_event("charge.dispute.funds_reinstated", dispute)
    return dispute


def lost(ledger: Ledger, charge: Row) -> int:
    """Minor units of a charge that were lost in disputes."""
    return sum(each["amount"] for each in _of(ledger, charge, ("lost",)))


def block_refunds(ledger: Ledger, charge: Row) -> bool:
    """Whether an open dispute forbids to refund the charge."""
    return any(not each["is_charge_refundable"] for each in _of(ledger, charge, OPEN))


def _of(ledger: Ledger, charge: Row, statuses: tuple[str, ...]) -> list[Row]:
    disputes = ledger.rows["dispute"].values()
    return [each for each in disputes if each["charge"] == charge["id"] and each["status"] in statuses]


def _changed(ledger: Ledger, dispute: Row, status: str) -> Row:
    changed = ledger.put("dispute", dispute | {"status": status})
    ledger.record_event("charge.dispute.updated", changed, {"status": dispute["status"]})
    return changed


def _withdraw(ledger: Ledger, dispute: Row) -> Row:
    dispute = _transact(ledger, dispute | {"is_charge_refundable": False}, -dispute["amount"])
    ledger.record_event("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _transact(ledger: Ledger, dispute: Row, amount: int) -> Row:
    transaction = objects.dispute_transaction(ledger, dispute, amount)
    transactions = [*dispute["balance_transactions"], transaction]
    return ledger.put("dispute", dispute | {"balance_transactions": transactions})
