"""Refund an order in full.

Stripe's webhook then sets the payment and the order to refunded, and the units are for sale again.
"""

import argparse

from tiketz_common.rows import pack, unpack

from operate import stages, stripe
from operate.command import CommandError
from operate.stages import Stage


def refund(stage: Stage, order: str) -> str:
    """The id of Stripe's refund; a repeat returns the same. Raises CommandError."""
    table = stage.outputs("payments")["TableName"]
    response = stage.client("dynamodb").get_item(TableName=table, Key=pack({"pk": order}))
    payment = unpack(response["Item"]).get("payment") if "Item" in response else None
    if not payment or payment["status"] not in ("captured", "refunded"):
        raise CommandError(f"There is no captured payment for the order {order!r}.")
    created = stripe.call(
        stage,
        lambda client: client.v1.refunds.create(
            {"payment_intent": payment["intentId"]}, {"idempotency_key": f"refund-{order}"}
        ),
    )
    return created.id


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    parser.add_argument("--order", required=True, help="the order's id")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    refund_id = refund(stages.load(options.stage), options.order)
    print(f"Created refund {refund_id}; the order becomes refunded when Stripe's webhook arrives.")
