"""What every command shares: its errors, and the types of its arguments."""

import argparse
from datetime import UTC, datetime
from typing import NoReturn


class CommandError(Exception):
    """Why a command failed, as one sentence that says what to do."""

    exit_code = 1


class UsageError(CommandError):
    """Arguments that are well formed and still wrong, such as the name of an unknown queue."""

    exit_code = 2


class Parser(argparse.ArgumentParser):
    """Reports wrong arguments in one sentence, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}.\n")


def parse_time(text: str) -> datetime:
    """An argument's ISO 8601 time, UTC without an offset. Raises ArgumentTypeError."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-12-01T18:00:00Z") from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
