"""The one place that makes ids: opaque, URL-safe strings without a dot."""

from uuid import UUID, uuid4, uuid5


def new() -> str:
    return str(uuid4())


def derived(namespace: UUID, *parts: str) -> str:
    """The same id for the same parts, whoever asks (UUIDv5, RFC 9562 §5.5)."""
    return str(uuid5(namespace, "\n".join(parts)))
