"""What the live page says of an event."""

import pytest

from local.feed import gist
from tests.support import samples


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("UserSignedUp", "ann"),
        ("TicketCreated", "t1 “Marble Arcade” × 1 €48.60 available"),
        ("InventoryChanged", "t1 0 free, 1 held, 0 sold"),
        ("OrderExpired", "o1 “Marble Arcade” × 1 €48.60 expired (hold)"),
        ("HoldElapsed", "o1 until 12:15:00"),
        ("PaymentCaptured", "o1 €48.60 captured"),
    ],
)
def test_an_event_is_told_in_a_few_words(kind: str, said: str) -> None:
    assert gist(samples.EVENTS[kind]()) == said


@pytest.mark.parametrize("kind", sorted(samples.EVENTS))
def test_every_event_can_be_told(kind: str) -> None:
    assert gist(samples.EVENTS[kind]())
