"""SQS inboxes, and the pollers that feed each to its consumer as Lambda does."""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes import faults
from tests.fakes.faults import FaultInjector
from tests.fakes.lambda_functions import InvocationFailed, LambdaFunction
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

BATCH = 10
VISIBILITY_SECONDS = 60.0
MAX_RECEIVES = 5
POLL = 0.02, 0.2  # seconds until a poller looks


@dataclass
class Message:
    """One message of a queue, known by a name that says what it tells."""

    queue: str
    name: str
    body: str
    visible_at: float
    received: int = 0
    handle: str = ""

    def as_lambda_sees(self) -> dict[str, Any]:
        return {
            "messageId": self.name,
            "receiptHandle": self.handle,
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-west-1:123456789012:{self.queue}",
            "attributes": {"ApproximateReceiveCount": str(self.received)},
            "body": self.body,
        }


@dataclass
class Inbox:
    """A standard queue: at least once, in any order; after five receipts a message goes to the dead."""

    name: str
    consumer: LambdaFunction
    clock: VirtualClock
    random: SeededRandom
    injector: FaultInjector
    delay: float = 0.0  # seconds until a message is there for anybody
    messages: dict[str, Message] = field(default_factory=dict)
    dead: dict[str, Message] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    on_the_way: int = 0

    def send(self, name: str, body: str, after: float = 0.0) -> None:
        """Put a message in `after` some seconds. One of the same name is another delivery of it."""
        self.sent += 1
        self.on_the_way += 1
        self.clock.after(after + self.delay, lambda: self._put(name, body))

    def _put(self, name: str, body: str) -> None:
        self.on_the_way -= 1
        again = 1
        while name in self.messages or name in self.dead:
            again += 1
            name = f"{name.partition(' again')[0]} again {again}"
        self.messages[name] = Message(self.name, name, body, self.clock.now)
        self._look_later(name)

    def redrive(self) -> int:
        """Give the dead another life, as `make redrive` does; how many there were."""
        dead, self.dead = self.dead, {}
        for message in dead.values():
            self.send(f"{message.name} redriven", message.body)
        return len(dead)

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """What a consumer may ask of its queue."""
        assert operation == "ChangeMessageVisibility", operation
        name, _, received = asked["ReceiptHandle"].rpartition("#")
        message = self.messages.get(name)
        if message and message.received == int(received):
            message.visible_at = self.clock.now + asked["VisibilityTimeout"]
            self.clock.at(message.visible_at, lambda: self._look_later(name))
        return {}

    def _look_later(self, name: str) -> None:
        message = self.messages.get(name)
        if message:
            self.clock.begin(self._poll, self.random.between(*POLL, f"poll {name} {message.received}"))

    def _poll(self) -> None:
        """Receive what is visible and hand it to the consumer; delete what it acknowledges."""
        batch = [each for each in self.messages.values() if each.visible_at <= self.clock.now]
        batch.sort(key=lambda each: self.random.roll(f"order {each.name} {each.received}"))
        received = [each for each in batch[:BATCH] if self._receive(each)]
        if not received:
            return
        counts = {each.name: each.received for each in received}
        failed = self._deliver(received, f"{received[0].name} #{received[0].received}")
        for message in received:
            late = message.received != counts[message.name]  # somebody else has received it since
            if message.name not in failed and not late and not self._comes_again(message):
                self.messages.pop(message.name, None)

    def _receive(self, message: Message) -> bool:
        if message.received >= MAX_RECEIVES:
            self.dead[message.name] = self.messages.pop(message.name)
            return False
        message.received += 1
        message.handle = f"{message.name}#{message.received}"
        message.visible_at = self.clock.now + VISIBILITY_SECONDS
        self.clock.at(message.visible_at, lambda: self._look_later(message.name))
        return True

    def _deliver(self, batch: list[Message], cause: str) -> set[str]:
        """The names of those that were not taken."""
        everything = {each.name for each in batch}
        occasion = f"{self.name} inbox: {cause}"
        if self.injector.of_aws(occasion, faults.BATCH):
            return everything
        try:
            answer = self.consumer.invoke({"Records": [each.as_lambda_sees() for each in batch]}, cause)
        except InvocationFailed as died:
            self.failures |= dict.fromkeys(everything, str(died))
            return everything
        failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        self.failures |= dict.fromkeys(failed, "was not taken")
        return failed

    def _comes_again(self, message: Message) -> bool:
        """A standard queue may deliver again what was deleted."""
        return self.injector.of_carrying(f"deletion of {message.handle}", faults.QUEUE) is not None
