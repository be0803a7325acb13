"""An event reaches its targets unchanged."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("title", ["<time>", 'a "<detail>" <source>', "<aws.events.event.json>", "\\u0000"])
def test_an_event_is_delivered_as_it_was_published(
    publish: Callable[..., None], delivered: Callable[[], list[Any]], title: str
) -> None:
    publish({"title": title})
    assert delivered() == [{"title": title}]
