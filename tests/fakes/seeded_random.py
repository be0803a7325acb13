"""Random values by key: the same key under the same seed always gives the same value.

No value depends on another, so a history that is cut shorter keeps the values of the rest.
"""

from collections.abc import Mapping
from hashlib import blake2b
from itertools import accumulate
from uuid import UUID


class SeededRandom:
    """All the randomness of one history."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def fraction(self, key: str) -> float:
        """A number from 0 up to 1."""
        return int.from_bytes(self._digest(key, 7), "big") / (1 << 56)

    def between(self, least: float, most: float, key: str) -> float:
        return least + (most - least) * self.fraction(key)

    def weighted_choice(self, weights: Mapping[str, float], key: str) -> str:
        """One of the names, as often as its weight says."""
        position = self.fraction(key) * sum(weights.values())
        ends = zip(weights, accumulate(weights.values()), strict=True)
        return next(name for name, end in ends if position < end)

    def uuid(self, key: str) -> str:
        return str(UUID(bytes=self._digest(key, 16), version=4))

    def hex(self, key: str, digits: int = 24) -> str:
        return self._digest(key, digits // 2).hex()

    def _digest(self, key: str, size: int) -> bytes:
        return blake2b(key.encode(), digest_size=size, key=self._key).digest()
