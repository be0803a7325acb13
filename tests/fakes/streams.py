"""DynamoDB streams: each table's changes, in each row's order, in batches to its relay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from tests.fakes.dynamodb import Change
from tests.fakes.lambda_functions import InvocationFailed, LambdaFunction
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.virtual_clock import VirtualClock

SHARDS = 2
BATCH = 100
RETRIES = 10
WAIT = 0.05, 0.4  # seconds until a poller reads
BACKOFF = 0.2  # seconds, doubled for each try

Record = dict[str, Any]


@dataclass
class TableStream:
    """One table's stream. The order holds within a row (and a shard), not between shards."""

    relay: LambdaFunction
    wanted: Callable[[Record], bool]  # what the template's filters let through
    clock: VirtualClock
    random: SeededRandom
    given_up: list[Record] = field(default_factory=list)
    _shards: list[list[Record]] = field(default_factory=lambda: [[] for _ in range(SHARDS)])
    _reading: list[bool] = field(default_factory=lambda: [False] * SHARDS)
    _told: dict[str, int] = field(default_factory=dict)

    @property
    def unread(self) -> int:
        return sum(map(len, self._shards)) + len(self.given_up)

    def tell(self, change: Change) -> None:
        pk = str(change.key["pk"]["S"])
        told = self._told[pk] = self._told.get(pk, 0) + 1
        images = {"NewImage": change.new, "OldImage": change.old}
        record = {
            "eventName": "INSERT" if change.old is None else "REMOVE" if change.new is None else "MODIFY",
            "dynamodb": {
                "Keys": change.key,
                "SequenceNumber": f"{'/'.join(each['S'] for each in change.key.values())}@{told}",
                **{name: image for name, image in images.items() if image is not None},
            },
        }
        if not self.wanted(record):
            return
        shard = crc32(pk.encode()) % SHARDS
        self._shards[shard].append(record)
        self._read_later(shard)

    def redrive(self) -> int:
        """Read again what the relay gave up on, from the pointers it left; how many records there were."""
        records, self.given_up = self.given_up, []
        if records:
            self._shards[0] += records
            self._read_later(0)
        return len(records)

    def _read_later(self, shard: int) -> None:
        if not self._reading[shard]:
            self._reading[shard] = True
            first = _number(self._shards[shard][0])
            self.clock.begin(lambda: self._read(shard), self.random.between(*WAIT, f"read {first}"))

    def _read(self, shard: int) -> None:
        while batch := self._shards[shard][:BATCH]:
            self._deliver(batch)
            del self._shards[shard][: len(batch)]
        self._reading[shard] = False

    def _deliver(self, batch: list[Record], tries: int = 0) -> None:
        """See a batch through: again, in halves, from where it failed, or give it up."""
        while batch:
            try:
                answer = self.relay.invoke({"Records": batch}, f"{_number(batch[0])} try {tries}")
                failures = answer["batchItemFailures"]
            except InvocationFailed:
                failures = [{"itemIdentifier": _number(batch[0])}]
            if not failures:
                return
            first = [_number(each) for each in batch].index(failures[0]["itemIdentifier"])
            batch, tries = batch[first:], tries + 1
            if tries > RETRIES:
                self.given_up += batch
                return
            self.clock.sleep(BACKOFF * 2 ** min(tries, 5))
            if len(batch) > 1:
                half = len(batch) // 2
                self._deliver(batch[:half], tries)
                batch = batch[half:]


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
