"""DynamoDB streams: the changes of each table, in order for each row, in batches to its relay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from tests.fakes.dynamodb_tables import Change
from tests.fakes.lambda_functions import InvocationFailed, LambdaFunction
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

SHARDS = 2
BATCH = 100
MAX_AGE = 72_000.0  # seconds that a relay is tried with a record
READ = 0.05, 0.4  # seconds until a poller reads
BACKOFF = 0.2  # seconds, doubled with each attempt
MAX_BACKOFF = 60.0

Record = dict[str, Any]


@dataclass
class TableStream:
    """The stream of one table. Order holds within a row (and a shard), not between shards."""

    relay: LambdaFunction
    matches: Callable[[Record], bool]  # the filters of the template
    clock: VirtualClock
    random: SeededRandom
    failed: list[Record] = field(default_factory=list)
    buried: list[str] = field(
        default_factory=list
    )  # pointers that the relay itself sent to its failure queue
    _shards: list[list[Record]] = field(default_factory=lambda: [[] for _ in range(SHARDS)])
    _reading: list[bool] = field(default_factory=lambda: [False] * SHARDS)
    _sequence: dict[str, int] = field(default_factory=dict)

    @property
    def unread(self) -> int:
        return sum(map(len, self._shards)) + len(self.failed)

    def append(self, change: Change) -> None:
        """Add a row's change to the stream."""
        pk = str(change.key["pk"]["S"])
        number = self._sequence[pk] = self._sequence.get(pk, 0) + 1
        images = {"NewImage": change.new, "OldImage": change.old}
        record = {
            "eventName": "INSERT" if change.old is None else "REMOVE" if change.new is None else "MODIFY",
            "dynamodb": {
                "Keys": change.key,
                "ApproximateCreationDateTime": self.clock.now,
                "SequenceNumber": f"{'/'.join(each['S'] for each in change.key.values())}@{number}",
                **{name: image for name, image in images.items() if image is not None},
            },
        }
        if not self.matches(record):
            return
        shard = crc32(pk.encode()) % SHARDS
        self._shards[shard].append(record)
        self._read_later(shard)

    def redrive(self) -> int:
        """Read again the records that failed for good, and return their number."""
        records, self.failed = self.failed, []
        if records:
            self._shards[0] += records
            self._read_later(0)
        return len(records)

    def bury(self, pointer: str) -> None:
        """Take the pointer to a record that the relay itself sends to its failure queue."""
        self.buried.append(pointer)

    def _read_later(self, shard: int) -> None:
        if not self._reading[shard]:
            self._reading[shard] = True
            first = _number(self._shards[shard][0])
            self.clock.start_task(lambda: self._read(shard), self.random.between(*READ, f"read {first}"))

    def _read(self, shard: int) -> None:
        while batch := self._shards[shard][:BATCH]:
            self._deliver(batch)
            del self._shards[shard][: len(batch)]
        self._reading[shard] = False

    def _deliver(self, batch: list[Record], attempt: int = 0) -> None:
        """Invoke the relay until it takes the batch: from where it failed, in halves, or give up."""
        while batch:
            try:
                response = self.relay.invoke({"Records": batch}, f"{_number(batch[0])} try {attempt}")
                failures = response["batchItemFailures"]
            except InvocationFailed:
                failures = [{"itemIdentifier": _number(batch[0])}]
            if not failures:
                return
            first = [_number(each) for each in batch].index(failures[0]["itemIdentifier"])
            batch, attempt = batch[first:], attempt + 1
            if self.clock.now - batch[0]["dynamodb"]["ApproximateCreationDateTime"] > MAX_AGE:
                self.failed += batch
                return
            self.clock.sleep(min(MAX_BACKOFF, BACKOFF * 2 ** min(attempt, 20)))
            if len(batch) > 1:
                half = len(batch) // 2
                self._deliver(batch[:half], attempt)
                batch = batch[half:]


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
