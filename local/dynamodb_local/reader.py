"""Reads a stream of DynamoDB Local over its API: shard after shard, as they open and close."""

import time
from typing import Any

LOOK_SECONDS = 0.1

Record = dict[str, Any]


class StreamReader:
    """See `local.engines.Reader`. `backlog` comes before the stream's own records."""

    def __init__(self, streams: Any, arn: str, first: str) -> None:
        self._streams, self._arn = streams, arn
        self._finished: set[str] = set()
        self._iterators = self._open(first)  # now: whatever is written from here on must be seen
        self.backlog: list[Record] = []

    def read(self, most: int) -> list[Record]:
        """The next records of any shard."""
        if self.backlog:
            records, self.backlog = self.backlog[:most], self.backlog[most:]
            return records
        if not self._iterators:
            self._iterators = self._open("TRIM_HORIZON")
        for shard, iterator in list(self._iterators.items()):
            answer = self._streams.get_records(ShardIterator=iterator, Limit=most)
            if answer.get("NextShardIterator"):
                self._iterators[shard] = answer["NextShardIterator"]
            else:
                del self._iterators[shard]
                self._finished.add(shard)
            if answer["Records"]:
                return list(answer["Records"])
        time.sleep(LOOK_SECONDS)
        return []

    def _open(self, first: str) -> dict[str, str]:
        """Iterators for all shards that are not finished yet."""
        described = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]
        return {
            shard: self._streams.get_shard_iterator(
                StreamArn=self._arn, ShardId=shard, ShardIteratorType=first
            )["ShardIterator"]
            for shard in (each["ShardId"] for each in described["Shards"])
            if shard not in self._finished
        }
