"""Stream relay of the payments service: publishes the events that its rows carry whole."""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import outbox, settings

from payments.settings import RelaySettings

config = settings.read(RelaySettings)
METRICS = {  # each event's, where it reports its status and not a change of `money`
    "PaymentAuthorized": "PaymentsAuthorized",
    "PaymentCaptured": "PaymentsCaptured",
    "PaymentVoided": "PaymentsVoided",
    "PaymentFailed": "PaymentsFailed",
    "PaymentRefunded": "PaymentsRefunded",
    "PaymentRefundFailed": "RefundsFailed",
}
to_event = outbox.whole_event


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of stream records; returns from which to start again."""
    return relay.handle(event, context)


def measure(entry: outbox.Entry) -> Mapping[str, float]:
    """How many payments changed to which status; how many are in dispute, or owed by a failed refund."""
    money = json.loads(entry["Detail"])["data"].get("money") or {}
    counted = {
        METRICS[entry["DetailType"]]: entry["DetailType"] != "PaymentCaptured" or not any(money.values()),
        "RefundsFailed": bool(money.get("refundFailed")),
        "DisputesOpened": money.get("disputed") == "open",
    }
    return {name: 1 for name, counts in counted.items() if counts}


relay = outbox.Relay(config.event_bus_name, config.relay_failed_url, to_event, measure=measure)
