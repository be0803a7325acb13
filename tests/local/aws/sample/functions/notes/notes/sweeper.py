"""Scheduled job: prints its event's type."""

from typing import Any


def handler(event: dict[str, Any], context: Any) -> None:
    print(f"tick {event['detail-type']}")
