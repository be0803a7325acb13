"""Refund an order in full, or what is left of it.

Stripe's webhook then sets the payment and the order to refunded, and the units are for sale again. Where an
earlier refund failed, this is a new attempt under a new idempotency key, as the former would replay it.
"""

import argparse

from payments import gateway
from payments.intent import Intent, IntentStatus, RefundState
from tiketz_common.rows import pack, unpack

from operate import stages, stripe
from operate.command import CommandError
from operate.stages import Stage


def refund(stage: Stage, order: str) -> str:
    """Refund what can be; a sentence that says what was done. Idempotent. Raises CommandError."""
    intent = _captured(stage, order)
    failed = [each.id for each in intent.refunds if each.state is RefundState.FAILED]
    if not intent.refundable:
        return _why_not(order, intent)
    params, key = gateway.refund_request(intent, order)
    created = stripe.call(stage, lambda client: client.v1.refunds.create(params, {"idempotency_key": key}))
    if failed:
        return (
            f"Refund {failed[-1]} failed. Created refund {created.id}, attempt {len(failed) + 1}; "
            "the payment becomes refunded when Stripe's webhook arrives."
        )
    return f"Created refund {created.id}; the order becomes refunded when Stripe's webhook arrives."


def _captured(stage: Stage, order: str) -> Intent:
    """The order's intent. Raises CommandError where nothing was captured."""
    table = stage.outputs("payments")["TableName"]
    response = stage.client("dynamodb").get_item(TableName=table, Key=pack({"pk": order}))
    payment = unpack(response["Item"]).get("payment") if "Item" in response else None
    if payment and (intent_id := payment["intentId"]):
        intent = stripe.call(stage, lambda client: gateway.retrieve(client, intent_id))
        if intent.status is IntentStatus.SUCCEEDED:
            return intent
    raise CommandError(f"There is no captured payment for the order {order!r}.")


def _why_not(order: str, intent: Intent) -> str:
    """Why nothing is refunded, where that is as it should be. Raises CommandError where it is not."""
    made = [each for each in intent.refunds if each.state is not RefundState.FAILED]
    if intent.kept > sum(each.amount for each in made if each.state is RefundState.IN_FLIGHT):
        raise CommandError(
            f"A dispute of the order {order!r} is open: Stripe refunds nothing until it is decided."
        )
    if not made:
        raise CommandError(f"All the money of the order {order!r} was lost in a dispute.")
    pending = made[-1].state is RefundState.IN_FLIGHT
    done = "is pending at the buyer's bank" if pending else "has succeeded"
    return f"Refund {made[-1].id} {done}; nothing is left to refund."


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    parser.add_argument("--order", required=True, help="the order's id")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    print(refund(stages.load(options.stage), options.order))
