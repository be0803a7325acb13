"""Ids: opaque, URL-safe strings without a dot, made in one place."""

from uuid import UUID, uuid4, uuid5


def new() -> str:
    """A random id (UUIDv4)."""
    return str(uuid4())


def derived(namespace: UUID, *parts: str) -> str:
    """The same id for the same parts (UUIDv5, RFC 9562 §5.5)."""
    return str(uuid5(namespace, "\n".join(parts)))
