"""Outbox door of the payments service: the events that its table's stream holds go to the bus."""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import outbox

METRICS = {
    "PaymentAuthorized": "PaymentsAuthorized",
    "PaymentCaptured": "PaymentsCaptured",
    "PaymentVoided": "PaymentsVoided",
    "PaymentFailed": "PaymentsFailed",
    "PaymentRefunded": "PaymentsRefunded",
}


def measure(entry: outbox.Entry) -> Mapping[str, float]:
    """How many payments went which way."""
    return {METRICS[entry["DetailType"]]: 1}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return outbox.relay(event, os.environ["EVENT_BUS_NAME"], measure=measure)
