"""`make redrive STAGE=… SERVICE=…`: what a service could not handle goes back into its inbox."""

import sys
from typing import Any

from operate.stages import CannotDo, Stage, run, stage


def redrive(place: Stage, service: str) -> int:
    """How many messages went back. Each is in one of the queues at every moment; a repeat does no harm."""
    outputs = place.outputs(service)
    if "InboxDeadUrl" not in outputs:
        raise CannotDo(f"{service} hears no events.")
    sqs, moved = place.client("sqs"), 0
    while messages := _receive(sqs, outputs["InboxDeadUrl"]):
        for each in messages:
            sqs.send_message(QueueUrl=outputs["InboxUrl"], MessageBody=each["Body"])
            sqs.delete_message(QueueUrl=outputs["InboxDeadUrl"], ReceiptHandle=each["ReceiptHandle"])
        moved += len(messages)
    return moved


def _receive(sqs: Any, queue: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return list(answer.get("Messages", []))


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    if len(arguments) != 2:
        raise CannotDo("Say which: make redrive STAGE=dev SERVICE=orders")
    name, service = arguments
    print(f"{redrive(stage(name), service)} messages went back into the inbox of {service}.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
