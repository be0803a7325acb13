"""Reads a stream of DynamoDB Local over its API: shard after shard, as they open and close."""

import time
from typing import Any

from botocore.exceptions import ClientError

POLL_SECONDS = 0.1

Record = dict[str, Any]


class DynamoDBStreamReader:
    """See `local.aws.engines.StreamReader`. The records of `backlog` come before the stream's own."""

    def __init__(self, streams: Any, arn: str, first: str) -> None:
        """`streams`: a client. `first`: the type of the first iterators, opened now."""
        self._streams, self._arn = streams, arn
        self._finished: set[str] = set()
        self._last: dict[str, str] = {}  # shard → the last sequence number read
        self._iterators = self._open(first)
        self.backlog: list[Record] = []

    def read(self, limit: int) -> list[Record]:
        """The next records of any shard."""
        if self.backlog:
            records, self.backlog = self.backlog[:limit], self.backlog[limit:]
            return records
        if not self._iterators:
            self._iterators = self._open("TRIM_HORIZON")
        for shard in list(self._iterators):
            records = self._next(shard, limit)
            if records:
                self._last[shard] = records[-1]["dynamodb"]["SequenceNumber"]
                return records
        time.sleep(POLL_SECONDS)
        return []

    def _next(self, shard: str, limit: int) -> list[Record]:
        try:
            response = self._streams.get_records(ShardIterator=self._iterators[shard], Limit=limit)
        except ClientError as error:
            # All tables share one sequence: an empty shard's iterator is "trimmed" when others are written.
            if error.response["Error"]["Code"] != "TrimmedDataAccessException":
                raise
            self._iterators[shard] = self._iterator(shard, "TRIM_HORIZON")
            return []
        if response.get("NextShardIterator"):
            self._iterators[shard] = response["NextShardIterator"]
        else:
            del self._iterators[shard]
            self._finished.add(shard)
        return list(response["Records"])

    def _open(self, first: str) -> dict[str, str]:
        """Iterators for all shards that aren't finished."""
        described = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]
        shards = (each["ShardId"] for each in described["Shards"])
        return {shard: self._iterator(shard, first) for shard in shards if shard not in self._finished}

    def _iterator(self, shard: str, first: str) -> str:
        """From after the last record read, else from `first`."""
        start = (
            {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last[shard]}
            if shard in self._last
            else {"ShardIteratorType": first}
        )
        response = self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard, **start)
        return str(response["ShardIterator"])
