"""Move a service's failed messages back to its inbox."""

import argparse
from collections.abc import Iterator
from typing import Any

from operate import stages
from operate.command import UsageError
from operate.stages import SERVICES, Stage


def redrive(stage: Stage, service: str) -> int:
    """The number of messages moved. Each is in one of the queues at any time; consumers ignore repeats."""
    outputs, sqs, moved = stage.outputs(service), stage.client("sqs"), 0
    for each in _receive(sqs, outputs["InboxDeadUrl"]):
        sqs.send_message(QueueUrl=outputs["InboxUrl"], MessageBody=each["Body"])
        sqs.delete_message(QueueUrl=outputs["InboxDeadUrl"], ReceiptHandle=each["ReceiptHandle"])
        moved += 1
    return moved


def owner(stage: Stage, queue: str) -> str:
    """The service of a dead-letter queue, by the queue's name as its alarm has it, or by the service's own.

    Raises UsageError.
    """
    if queue in SERVICES:
        return queue
    for service in SERVICES:
        outputs = stage.outputs(service)
        if outputs.get("InboxDeadUrl", "").endswith(f"/{queue}"):
            return service
        if outputs.get("RelayFailedUrl", "").endswith(f"/{queue}"):
            raise UsageError(f"{queue} holds no events; republish them from the rows: make republish.")
    raise UsageError(f"There is no queue {queue!r}: give an InboxDead queue or one of {', '.join(SERVICES)}.")


def _receive(sqs: Any, queue: str) -> Iterator[dict[str, Any]]:
    request = {"QueueUrl": queue, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1}
    while messages := sqs.receive_message(**request).get("Messages"):
        yield from messages


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    parser.add_argument("--queue", required=True, help="an InboxDead queue, or the service that owns it")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    stage = stages.load(options.stage)
    service = owner(stage, options.queue)
    print(f"Moved {redrive(stage, service)} messages back to the inbox of {service}.")
