"""`make refund STAGE=… ORDER=…`: give a buyer all their money back; the order follows by itself.

Stripe is told, and tells us: its webhook has payments say PaymentRefunded, and orders frees the units.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from tiketz_common.rows import pack, unpack

from operate import secrets
from operate.stages import CannotDo, Stage, run, stage


def refund(place: Stage, order: str) -> str:
    """The refund's id at Stripe. Again answers the same refund. Raises CannotDo."""
    table = place.outputs("payments")["TableName"]
    found = place.client("dynamodb").get_item(TableName=table, Key=pack({"pk": order}))
    payment = unpack(found["Item"]).get("payment") if "Item" in found else None
    if not payment or payment["status"] not in ("captured", "refunded"):
        raise CannotDo(f"No money was taken for an order {order!r}.")
    base = place.parameters.get("StripeApiBase", "https://api.stripe.com")
    request = urllib.request.Request(
        f"{base}/v1/refunds",
        data=urllib.parse.urlencode({"payment_intent": payment["intentId"]}).encode(),
        headers={
            "Authorization": f"Bearer {secrets.read(place, 'stripe/secret-key')}",
            "Idempotency-Key": f"refund-{order}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(json.load(answer)["id"])
    except urllib.error.HTTPError as error:
        raise CannotDo(f"Stripe refused: {json.load(error)['error']['message']}") from error


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    if len(arguments) != 2:
        raise CannotDo("Say which: make refund STAGE=dev ORDER=…")
    name, order = arguments
    print(f"Refund {refund(stage(name), order)} is under way; the order is refunded when Stripe tells us.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
