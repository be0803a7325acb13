"""What goes wrong, when and how: drawn by chance, or laid down beforehand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.fakes.seeded_random import SeededRandom


class FaultKinds(NamedTuple):
    """A kind of occasion, and what may go wrong with it, by how often."""

    what: str
    kinds: Mapping[str, float]


CALL = FaultKinds(
    "call to AWS",
    {
        "crash before": 3,  # the process dies, the call was not made
        "crash after": 4,  # … it was made and took effect
        "throttled": 2,  # the SDK tried three times and gives up; nothing happened
        "reply lost": 2,  # it happened, the SDK tried again and heard nothing: it gives up
        "sent twice": 4,  # it happened, the reply was lost, and the SDK's second try is answered
        "slow": 5,  # it takes seconds, in which others act
    },
)
WRITE = FaultKinds(CALL.what, {**CALL.kinds, "conflict": 3})  # somebody else's transaction holds the row
ENTRY = FaultKinds("entry of PutEvents", {"refused": 1})
STRIPE = FaultKinds(
    "call to Stripe",
    {
        "crash_before": 3,
        "crash_after": 4,
        "lost_request": 2,
        "lost_reply": 4,
        "error_500": 1,
        "error_500_after": 0.3,
        "rate_limit": 1,
        "lock_timeout": 1,
    },
)
NETWORK = FaultKinds("call to Stripe", {"slow": 1})
BUS = FaultKinds(
    "event", {"late": 5, "twice": 4, "very late": 1}
)  # dropped, and delivered again minutes later
QUEUE = FaultKinds("deletion of a message", {"in vain": 1})
BATCH = FaultKinds("batch of messages", {"crash": 1})  # the function does not even start
TIMER = FaultKinds("timer", {"lost": 2, "late": 2, "twice": 1})
WEBHOOK = FaultKinds("webhook", {"lost": 3, "twice": 3, "late": 3, "refused": 1})
HTTP = FaultKinds("request", {"request lost": 1, "reply lost": 2})
TICK = FaultKinds("sweep", {"skipped": 1})


@dataclass(frozen=True, slots=True)
class FaultRates:
    """How often, out of one, an occasion goes wrong: a call to AWS or Stripe, the carrying of a message."""

    aws: float = 0.0
    stripe: float = 0.0
    carrying: float = 0.0
    sweepers: bool = True

    @property
    def spared(self) -> frozenset[str]:
        """What only a sweeper can mend: without one it must not happen."""
        return frozenset() if self.sweepers else LASTING


LASTING = frozenset({"lost", "error_500", "error_500_after"})
NO_FAULTS = FaultRates()
FEW_FAULTS = FaultRates(aws=0.004, stripe=0.04, carrying=0.08)
SOME_FAULTS = FaultRates(aws=0.012, stripe=0.12, carrying=0.2)
MANY_FAULTS = FaultRates(aws=0.04, stripe=0.2, carrying=0.35)
NO_SWEEPERS = FaultRates(aws=0.01, stripe=0.1, carrying=0.1, sweepers=False)
FAULT_RATES = (
    NO_FAULTS,
    FEW_FAULTS,
    SOME_FAULTS,
    NO_SWEEPERS,
    MANY_FAULTS,
    FEW_FAULTS,
    SOME_FAULTS,
    NO_SWEEPERS,
)


@dataclass
class FaultInjector:
    """By chance, at these rates, until `over`; or, where faults are `given`, these and no others.

    `struck` keeps what went wrong, by occasion: given again, it all goes wrong again. `count` has its kinds.
    """

    random: SeededRandom
    rates: FaultRates = NO_FAULTS
    given: Mapping[str, str] | None = None
    over: bool = False
    struck: dict[str, str] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)

    def of_aws(self, occasion: str, danger: FaultKinds) -> str | None:
        return self._of(occasion, danger, self.rates.aws)

    def of_stripe(self, occasion: str, danger: FaultKinds) -> str | None:
        return self._of(occasion, danger, self.rates.stripe)

    def of_carrying(self, occasion: str, danger: FaultKinds) -> str | None:
        return self._of(occasion, danger, self.rates.carrying)

    def _of(self, occasion: str, danger: FaultKinds, rate: float) -> str | None:
        if self.given is not None:
            kind = self.given.get(occasion)
        elif not self.over and rate and self.random.roll(occasion) < rate:
            kind = self.random.weigh(danger.kinds, f"kind of {occasion}")
        else:
            return None
        if kind is not None and kind not in self.rates.spared:
            self.struck[occasion] = kind
            self.count[f"{danger.what}: {kind.replace('_', ' ')}"] += 1
            return kind
        return None
