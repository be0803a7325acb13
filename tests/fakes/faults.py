"""Faults: their kinds, how often they happen, and the injector that decides on them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.fakes.seeded_random import SeededRandom


class FaultKinds(NamedTuple):
    """What can fail, and the kinds of faults with their weights."""

    what: str
    weights: Mapping[str, float]


CALL = FaultKinds(
    "call to AWS",
    {
        "crash before": 3,  # the process dies before the call
        "crash after": 4,  # … after the call took effect
        "throttled": 2,  # the SDK gave up after three attempts; no effect
        "reply lost": 2,  # the call took effect, the SDK got no reply to any attempt and gave up
        "sent twice": 4,  # the call took effect, its reply was lost, and the SDK's second attempt got one
        "slow": 5,  # it takes seconds, while others act
    },
)
ONCE = FaultKinds(  # the SDK makes no second attempt
    CALL.what, {kind: weight for kind, weight in CALL.weights.items() if kind != "sent twice"}
)
WRITE = FaultKinds(CALL.what, {**CALL.weights, "conflict": 3})  # another transaction locks the row
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
BUS = FaultKinds("event", {"late": 5, "twice": 4, "very late": 1})  # very late: lost once and sent again
QUEUE = FaultKinds("deletion of a message", {"in vain": 1})
BATCH = FaultKinds("batch of messages", {"crash": 1})  # the function does not start
LOST = FaultKinds("event that its publisher repeats", {"lost": 1})
TIMER = FaultKinds("timer", {"lost": 2, "late": 2, "twice": 1})
WEBHOOK = FaultKinds("webhook", {"lost": 3, "twice": 3, "late": 3, "refused": 1})
HTTP = FaultKinds("request", {"request lost": 1, "reply lost": 2})
SCHEDULE = FaultKinds("sweep", {"skipped": 1})

NEEDS_SWEEPER = frozenset({"lost", "error_500", "error_500_after"})
"""Faults that only a sweeper repairs."""


@dataclass(frozen=True, slots=True)
class FaultRates:
    """The share, out of one, of calls to AWS, calls to Stripe and deliveries that fail."""

    aws: float = 0.0
    stripe: float = 0.0
    delivery: float = 0.0
    lost: float = 0.0  # of the events that their publisher repeats
    sweepers: bool = True

    @property
    def excluded(self) -> frozenset[str]:
        """Without sweepers, the faults that only they repair do not happen."""
        return frozenset() if self.sweepers else NEEDS_SWEEPER


NO_FAULTS = FaultRates()
FEW_FAULTS = FaultRates(aws=0.004, stripe=0.04, delivery=0.08)
SOME_FAULTS = FaultRates(aws=0.012, stripe=0.12, delivery=0.2)
MANY_FAULTS = FaultRates(aws=0.04, stripe=0.2, delivery=0.35)
NO_SWEEPERS = FaultRates(aws=0.01, stripe=0.1, delivery=0.1, sweepers=False)
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
    """Injects random faults at some rates until it is `stopped`, or the `planned` ones and no others.

    `injected` has the kind of each fault by its key: planned again, the same faults happen. `counts` has how
    many there were of each kind.
    """

    random: SeededRandom
    rates: FaultRates = NO_FAULTS
    planned: Mapping[str, str] | None = None
    stopped: bool = False
    injected: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def aws_fault(self, key: str, kinds: FaultKinds) -> str | None:
        """The kind of fault of the call to AWS that has this key, if any."""
        return self._fault(key, kinds, self.rates.aws)

    def stripe_fault(self, key: str, kinds: FaultKinds) -> str | None:
        return self._fault(key, kinds, self.rates.stripe)

    def delivery_fault(self, key: str, kinds: FaultKinds) -> str | None:
        return self._fault(key, kinds, self.rates.delivery)

    def lost_fault(self, key: str) -> str | None:
        """Whether an event is lost whose publisher repeats it."""
        return self._fault(key, LOST, self.rates.lost)

    def _fault(self, key: str, kinds: FaultKinds, rate: float) -> str | None:
        if self.planned is not None:
            kind = self.planned.get(key)
        elif not self.stopped and rate and self.random.fraction(key) < rate:
            kind = self.random.weighted_choice(kinds.weights, f"kind of {key}")
        else:
            return None
        if kind is None or kind in self.rates.excluded:
            return None
        self.injected[key] = kind
        self.counts[f"{kinds.what}: {kind.replace('_', ' ')}"] += 1
        return kind
