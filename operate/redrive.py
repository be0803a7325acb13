"""`make redrive STAGE=… QUEUE=…`: what a service could not handle goes back into its inbox."""

import sys
from typing import Any

from operate.stages import SERVICES, CannotDo, Stage, run, stage


def redrive(place: Stage, service: str) -> int:
    """How many messages went back. Each is in one of the queues at every moment; a repeat does no harm."""
    outputs, sqs, moved = place.outputs(service), place.client("sqs"), 0
    while messages := _receive(sqs, outputs["InboxDeadUrl"]):
        for each in messages:
            sqs.send_message(QueueUrl=outputs["InboxUrl"], MessageBody=each["Body"])
            sqs.delete_message(QueueUrl=outputs["InboxDeadUrl"], ReceiptHandle=each["ReceiptHandle"])
        moved += len(messages)
    return moved


def owner(place: Stage, queue: str) -> str:
    """The service whose queue of failures this is, by the name that its alarm tells; a service is its own.

    Raises CannotDo.
    """
    if queue in SERVICES:
        return queue
    for service in SERVICES:
        outputs = place.outputs(service)
        if outputs.get("InboxDeadUrl", "").endswith(f"/{queue}"):
            return service
        if outputs.get("RelayFailedUrl", "").endswith(f"/{queue}"):
            raise CannotDo(f"{queue} holds no events; its rows tell them again: make republish.")
    raise CannotDo(f"No service has a queue {queue!r}; QUEUE= is an InboxDead queue or a service's name.")


def _receive(sqs: Any, queue: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return list(answer.get("Messages", []))


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    if len(arguments) != 2:
        raise CannotDo("Say which: make redrive STAGE=dev QUEUE=orders")
    place = stage(arguments[0])
    service = owner(place, arguments[1])
    print(f"{redrive(place, service)} messages went back into the inbox of {service}.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
