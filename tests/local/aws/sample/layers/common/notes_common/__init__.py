"""The layer of the notes service."""

GREETING = "hello"
