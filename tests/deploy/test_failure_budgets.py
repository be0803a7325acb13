"""Queues and streams outlast an outage of hours, in every service's template."""

from typing import Any

import pytest
from botocore.config import Config
from tiketz_common import aws

from tests.fakes.application import timeouts
from tests.support.templates import service_template

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
LONGEST_BACKOFF = 900  # seconds


def event_sources(kind: str) -> list[Any]:
    """Each event source of a kind (SQS): its service, its function's name and its properties."""
    return [
        pytest.param(service, name, source["Properties"], id=f"{service} {name} {event}")
        for service in SERVICES
        for name, resource in service_template(service)["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
        for event, source in resource["Properties"].get("Events", {}).items()
        if source["Type"] == kind
    ]


def timeout_of(service: str, function: str) -> float:
    handler = service_template(service)["Resources"][function]["Properties"]["Handler"]
    return timeouts(service)[handler.removesuffix(".handler")]


@pytest.mark.parametrize(("service", "function", "source"), event_sources("SQS"))
def test_a_message_is_hidden_for_six_timeouts_of_its_consumer(
    service: str, function: str, source: dict[str, Any]
) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
    queue = service_template(service)["Resources"][source["Queue"]["Fn::GetAtt"][0]]["Properties"]
    window = source.get("MaximumBatchingWindowInSeconds", 0)
    assert queue["VisibilityTimeout"] >= 6 * timeout_of(service, function) + window
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(("service", "function", "source"), event_sources("SQS"))
def test_a_message_is_received_a_hundred_times_before_it_is_dead(
    service: str, function: str, source: dict[str, Any]
) -> None:
    """And is kept for as long: its retries are fifteen minutes apart at most."""
    queue = service_template(service)["Resources"][source["Queue"]["Fn::GetAtt"][0]]["Properties"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 100
    four_days = 4 * 24 * 3600  # SQS's own default
    assert queue.get("MessageRetentionPeriod", four_days) > 100 * LONGEST_BACKOFF


@pytest.mark.parametrize(("service", "function", "source"), event_sources("DynamoDB"))
def test_a_relay_is_retried_until_its_stream_forgets(
    service: str, function: str, source: dict[str, Any]
) -> None:
    assert source["MaximumRetryAttempts"] == -1
    assert source["MaximumRecordAgeInSeconds"] == 72_000  # of 24 hours
    assert source["BisectBatchOnFunctionError"] is True
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "OnFailure" in source["DestinationConfig"]


def test_payments_takes_few_messages_at_once() -> None:
    """Six of them at most, with a handful of requests each: far from Stripe's 25 a second in a sandbox."""
    [consumer] = [each.values for each in event_sources("SQS") if each.values[0] == "payments"]
    assert consumer[2]["BatchSize"] <= 3
    assert consumer[2]["ScalingConfig"] == {"MaximumConcurrency": 2}


@pytest.mark.parametrize("service", ["dynamodb", "events", "sqs", "stepfunctions", "ssm"])
def test_a_call_that_fails_leaves_time_to_say_so(service: str) -> None:
    """All attempts of one call, and the pauses between them, end within half of a consumer's timeout."""
    config: Config = aws._CONFIGS.get(service, aws._CONFIG)
    attempts = config.retries["total_max_attempts"]
    longest = attempts * (config.connect_timeout + config.read_timeout) + sum(range(1, attempts))
    assert longest <= 15
    for each in ("auth", "tickets", "orders", "expiration"):
        assert timeout_of(each, "Consumer") >= 2 * 15
