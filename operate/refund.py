"""`make refund STAGE=… ORDER=…`: give a buyer all their money back; the order follows by itself.

Stripe is told, and tells us: its webhook has payments say PaymentRefunded, and orders frees the units.
"""

import sys

from tiketz_common.rows import pack, unpack

from operate import stripe
from operate.stages import CannotDo, Stage, run, stage


def refund(place: Stage, order: str) -> str:
    """The refund's id at Stripe. Again answers the same refund. Raises CannotDo."""
    table = place.outputs("payments")["TableName"]
    found = place.client("dynamodb").get_item(TableName=table, Key=pack({"pk": order}))
    payment = unpack(found["Item"]).get("payment") if "Item" in found else None
    if not payment or payment["status"] not in ("captured", "refunded"):
        raise CannotDo(f"No money was taken for an order {order!r}.")
    fields = [("payment_intent", payment["intentId"])]
    made = stripe.ask(place, "POST", "refunds", fields, idempotency_key=f"refund-{order}")
    return str(made["id"])


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    if len(arguments) != 2:
        raise CannotDo("Say which: make refund STAGE=dev ORDER=…")
    name, order = arguments
    print(f"Refund {refund(stage(name), order)} is under way; the order is refunded when Stripe tells us.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
