"""SQS queues, and the pollers that feed each to its consumer as Lambda does."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.factories import NOON
from tests.fakes import faults
from tests.fakes.faults import FaultInjector
from tests.fakes.lambda_functions import InvocationFailed, LambdaFunction
from tests.fakes.outages import Dependency, Outage
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

POLL = 0.02, 0.2  # seconds until a poller receives
RARE_POLL = 20.0  # where all pollers are busy with slow consumers


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """A queue as its template has it."""

    batch: int
    visibility: float  # seconds
    max_receives: int
    delay: float = 0.0  # seconds until a message is visible


@dataclass
class Message:
    """One message of a queue. Its name says which event it carries."""

    queue: str
    name: str
    body: str
    sent_at: float
    visible_at: float
    receives: int = 0
    handle: str = ""

    def record(self) -> dict[str, Any]:
        """The message as Lambda passes it to a consumer."""
        return {
            "messageId": self.name,
            "receiptHandle": self.handle,
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-west-1:123456789012:{self.queue}",
            "attributes": {
                "ApproximateReceiveCount": str(self.receives),
                "SentTimestamp": str(int(self.sent_at * 1000)),
            },
            "body": self.body,
        }


@dataclass
class Inbox:
    """A standard queue: at least once, in any order; what was received too often is dead-lettered."""

    name: str
    consumer: LambdaFunction
    clock: VirtualClock
    random: SeededRandom
    injector: FaultInjector
    settings: QueueSettings
    outage: Outage | None = None
    messages: dict[str, Message] = field(default_factory=dict)
    dead_letters: dict[str, Message] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    in_flight: int = 0

    def send(self, name: str, body: str, after: float = 0.0) -> None:
        """Put a message in `after` some seconds. One of the same name is another delivery of it."""
        self.in_flight += 1
        self.clock.after(after + self.settings.delay, lambda: self._put(name, body))

    def _put(self, name: str, body: str) -> None:
        self.in_flight -= 1
        times = 1
        while name in self.messages or name in self.dead_letters:
            times += 1
            name = f"{name.partition(' again')[0]} again {times}"
        self.messages[name] = Message(self.name, name, body, self.clock.now, self.clock.now)
        self._poll_later(name)

    def redrive(self) -> int:
        """Send all dead letters again, as `make redrive` does, and return their number."""
        dead, self.dead_letters = self.dead_letters, {}
        for message in dead.values():
            self.send(f"{message.name} redriven", message.body)
        return len(dead)

    def bury(self, body: str) -> None:
        """Take a message that the consumer itself sends to the dead letter queue."""
        name = f"dead letter {len(self.dead_letters) + 1} at {self.clock.now}"
        self.dead_letters[name] = Message(self.name, name, body, self.clock.now, self.clock.now)

    def handle(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """ChangeMessageVisibility, the only call of a consumer about a queue of its own."""
        assert operation == "ChangeMessageVisibility", operation
        name, _, receives = params["ReceiptHandle"].rpartition("#")
        message = self.messages.get(name)
        if message and message.receives == int(receives):
            message.visible_at = self.clock.now + params["VisibilityTimeout"]
            self.clock.at(message.visible_at, partial(self._poll_later, name))
        return {}

    def _poll_later(self, name: str) -> None:
        message = self.messages.get(name)
        if message:
            after = self.random.between(*POLL, f"poll {name} {message.receives}")
            self.clock.start_task(self._poll, after + self._wait())

    def _wait(self) -> float:
        """Seconds that an outage delays the next poll."""
        if self.outage is None or not self.outage.is_on(self.clock.now):
            return 0.0
        match self.outage.dependency:
            case Dependency.SQS:
                return self.outage.begins + self.outage.seconds + NOON.timestamp() - self.clock.now
            case Dependency.SLOW_CONSUMERS:
                return RARE_POLL - self.clock.now % RARE_POLL
        return 0.0

    def _poll(self) -> None:
        """Receive the visible messages, invoke the consumer and delete those it acknowledges."""
        batch = [each for each in self.messages.values() if each.visible_at <= self.clock.now]
        batch.sort(key=lambda each: self.random.fraction(f"order {each.name} {each.receives}"))
        received = [each for each in batch[: self.settings.batch] if self._receive(each)]
        if not received:
            return
        counts = {each.name: each.receives for each in received}
        failed = self._deliver(received, f"{received[0].name} #{received[0].receives}")
        for message in received:
            expired = message.receives != counts[message.name]  # another poller has received it since
            if message.name not in failed and not expired and not self._deletion_fails(message):
                self.messages.pop(message.name, None)

    def _receive(self, message: Message) -> bool:
        if message.receives >= self.settings.max_receives:
            self.dead_letters[message.name] = self.messages.pop(message.name)
            return False
        message.receives += 1
        message.handle = f"{message.name}#{message.receives}"
        message.visible_at = self.clock.now + self.settings.visibility
        self.clock.at(message.visible_at, partial(self._poll_later, message.name))
        return True

    def _deliver(self, batch: list[Message], cause: str) -> set[str]:
        """The names of the messages that the consumer did not acknowledge."""
        names = {each.name for each in batch}
        if self.injector.aws_fault(f"{self.name} inbox: {cause}", faults.BATCH):
            return names
        try:
            response = self.consumer.invoke({"Records": [each.record() for each in batch]}, cause)
        except InvocationFailed as error:
            self.failures |= dict.fromkeys(names, str(error))
            return names
        failed = {each["itemIdentifier"] for each in response["batchItemFailures"]}
        self.failures |= dict.fromkeys(failed, "was not acknowledged")
        return failed

    def _deletion_fails(self, message: Message) -> bool:
        """A standard queue may deliver a deleted message again."""
        return self.injector.delivery_fault(f"deletion of {message.handle}", faults.QUEUE) is not None
