"""Chance by name: the same occasion under the same seed always falls the same way.

No throw depends on another, so a history that is cut shorter keeps the luck of what is left of it.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar
from uuid import UUID

Choice = TypeVar("Choice")


class SeededRandom:
    """All the chance of one history."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def roll(self, occasion: str) -> float:
        """A number from 0 up to 1."""
        return int.from_bytes(self._digest(occasion, 7), "big") / (1 << 56)

    def between(self, least: float, most: float, occasion: str) -> float:
        return least + (most - least) * self.roll(occasion)

    def pick(self, choices: Sequence[Choice], occasion: str) -> Choice:
        return choices[int(self.roll(occasion) * len(choices))]

    def weigh(self, weights: Mapping[str, float], occasion: str) -> str:
        """One of the names, as often as its weight says."""
        at = self.roll(occasion) * sum(weights.values())
        ends = zip(weights, accumulate(weights.values()), strict=True)
        return next(name for name, end in ends if at < end)

    def uuid(self, occasion: str) -> str:
        return str(UUID(bytes=self._digest(occasion, 16), version=4))

    def hex(self, occasion: str, digits: int = 24) -> str:
        return self._digest(occasion, digits // 2).hex()

    def _digest(self, occasion: str, size: int) -> bytes:
        return blake2b(occasion.encode(), digest_size=size, key=self._key).digest()
