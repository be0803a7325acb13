"""Expiration through its SQS consumer; its state machine is run by moto's interpreter."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from tiketz_common import aws as clients
from tiketz_common import clock

from local.aws.moto_patches import apply_patches
from tests.factories import order_data
from tests.support import handlers, tables

MACHINE = Path(__file__).parents[2] / "statemachines/order_expiration.asl.json"


class Expiration:
    """An expiration service without orders, its state machine, and a queue on the bus."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        boto3.client("events").create_event_bus(Name="tiketz")
        self.sqs, self.timers = boto3.client("sqs"), boto3.client("stepfunctions")
        self.inbox = self.sqs.create_queue(QueueName="expiration-inbox")["QueueUrl"]
        self.elapsed = self._listen("HoldElapsed")
        self.machine = self.timers.create_state_machine(
            name="order-expiration",
            definition=MACHINE.read_text().replace("${EventBusName}", "tiketz"),
            roleArn="arn:aws:iam::123456789012:role/order-expiration",
        )["stateMachineArn"]
        table = tables.create("expiration")
        env = {
            "INBOX_URL": self.inbox,
            "INBOX_DEAD_URL": "dead",
            "STATE_MACHINE_ARN": self.machine,
            "TABLE_NAME": table,
        }
        self.consumer = handlers.import_function("expiration.consumer", env, monkeypatch)

    def _listen(self, kind: str) -> str:
        queue: str = self.sqs.create_queue(QueueName="heard")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
        events = boto3.client("events")
        pattern = json.dumps({"source": ["tiketz.expiration"], "detail-type": [kind]})
        events.put_rule(Name="heard", EventBusName="tiketz", EventPattern=pattern)
        events.put_targets(
            Rule="heard", EventBusName="tiketz", Targets=[{"Id": "heard", "Arn": arn["QueueArn"]}]
        )
        return queue

    def consume(self, kind: str, **fields: Any) -> list[str]:
        """Deliver an order event twice, as SQS may; the ids of failed messages."""
        message = handlers.sqs_record(kind, order_data(**fields), correlationId="from-the-browser")
        return [
            *handlers.deliver_batch(self.consumer.handler, message),
            *handlers.deliver_batch(self.consumer.handler, message),
        ]

    def running(self) -> list[str]:
        executions = self.timers.list_executions(stateMachineArn=self.machine, statusFilter="RUNNING")
        return sorted(each["name"] for each in executions["executions"])

    def comes_to_run(self, *names: str) -> bool:
        """Whether these timers run and no others, once the stopped ones have ended."""
        deadline = time.monotonic() + 5
        while self.running() != [*names] and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.running() == [*names]

    def published(self, within: float = 5.0) -> dict[str, Any] | None:
        """The next HoldElapsed on the bus, None if there is none in time."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for message in self.sqs.receive_message(QueueUrl=self.elapsed).get("Messages", []):
                self.sqs.delete_message(QueueUrl=self.elapsed, ReceiptHandle=message["ReceiptHandle"])
                event: dict[str, Any] = json.loads(message["Body"])
                return event
            time.sleep(0.05)
        return None


def patient_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto can't stop an execution before its thread waits (5.2.5): give it the time."""
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

    stop = ExecutionWorker.stop

    def waits(worker: ExecutionWorker) -> bool:
        history = worker.env.event_manager.get_event_history() if worker.env else []
        return any(event["type"] == "WaitStateEntered" for event in history)

    def wait_and_stop(worker: ExecutionWorker, **how: Any) -> None:
        deadline = time.monotonic() + 10
        while not waits(worker) and time.monotonic() < deadline:
            time.sleep(0.01)
        stop(worker, **how)

    monkeypatch.setattr(ExecutionWorker, "stop", wait_and_stop)


@pytest.fixture
def expiration(monkeypatch: pytest.MonkeyPatch) -> Iterator[Expiration]:
    """An expiration service without orders."""
    patient_stop(monkeypatch)
    apply_patches()
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        clients.client.cache_clear()
        service = Expiration(monkeypatch)
        yield service
        for name in service.running():
            service.timers.stop_execution(
                executionArn=service.machine.replace(":stateMachine:", ":execution:") + f":{name}"
            )
        clients.client.cache_clear()


def soon(seconds: float) -> str:
    return clock.to_wire(datetime.now(UTC) + timedelta(seconds=seconds))


def test_an_elapsed_hold_is_published_once_at_its_time(expiration: Expiration) -> None:
    expires_at = soon(0.5)
    assert expiration.consume("OrderCreated", expiresAt=expires_at) == []
    event = expiration.published()
    assert event is not None
    assert datetime.now(UTC) >= datetime.fromisoformat(expires_at)
    assert (event["source"], event["detail-type"]) == ("tiketz.expiration", "HoldElapsed")
    assert datetime.fromisoformat(event["detail"].pop("occurredAt")).tzinfo is not None
    assert event["detail"] == {
        "eventId": "o1",
        "schemaVersion": 1,
        "correlationId": "from-the-browser",
        "data": {"orderId": "o1", "expiresAt": expires_at},
    }
    assert expiration.published(within=0.5) is None


def test_a_hold_in_the_past_is_published_at_once(expiration: Expiration) -> None:
    expiration.consume("OrderCreated", expiresAt=soon(-60))
    assert expiration.published() is not None


def test_an_extended_hold_has_one_timer(expiration: Expiration) -> None:
    expiration.consume("OrderCreated", expiresAt=soon(900))
    expiration.consume("OrderExtended", expiresAt=soon(1800), extensions=1)
    assert expiration.comes_to_run("o1-1")
    expiration.consume("OrderExtended", expiresAt=soon(2700), extensions=2)
    assert expiration.comes_to_run("o1-2")


@pytest.mark.parametrize("kind", ["OrderCompleted", "OrderCancelled", "OrderExpired", "OrderRefunded"])
def test_an_ended_order_has_no_timer(expiration: Expiration, kind: str) -> None:
    expiration.consume("OrderCreated", expiresAt=soon(900))
    expiration.consume("OrderExtended", expiresAt=soon(1800), extensions=1)
    assert expiration.consume(kind, extensions=1, version=3) == []
    assert expiration.comes_to_run()


def test_an_unknown_order_may_end(expiration: Expiration) -> None:
    assert expiration.consume("OrderCancelled", version=2) == []


def test_a_stopped_timer_is_not_started_by_a_repeat(expiration: Expiration) -> None:
    expires_at = soon(900)
    expiration.consume("OrderCreated", expiresAt=expires_at)
    expiration.consume("OrderCompleted", expiresAt=expires_at, version=2)
    assert expiration.consume("OrderCreated", expiresAt=expires_at) == []
    assert expiration.comes_to_run()


def test_an_order_created_after_its_end_has_no_timer(expiration: Expiration) -> None:
    expiration.consume("OrderCompleted", version=2)
    assert expiration.consume("OrderCreated", expiresAt=soon(-1)) == []
    assert expiration.timers.list_executions(stateMachineArn=expiration.machine)["executions"] == []


def test_an_order_received_after_its_time_elapses_at_once(expiration: Expiration) -> None:
    assert expiration.consume("OrderCreated", expiresAt=soon(-1)) == []
    event = expiration.published()
    assert event is not None
    assert event["detail"]["data"]["orderId"] == "o1"
