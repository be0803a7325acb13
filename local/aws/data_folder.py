"""The folder with a running application's data, used by one process at a time."""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from local.aws.config import CannotStart, WrongArgument

READY_FILE = "ready.json"  # in the folder while the application is ready

_locks: list[TextIO] = []  # open as long as this process lives


def claim(folder: Path, *, fresh: bool = False) -> None:
    """Make the folder and lock it until this process ends. `fresh`: delete what is in it.

    Raises CannotStart where another process has it, WrongArgument where it can't be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _lock(folder)
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        (folder / READY_FILE).unlink(missing_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "Permission denied")
    except OSError as error:
        raise WrongArgument(f"The data folder {folder} can't be written: {error.strerror}.") from error


def write_ready_file(folder: Path, description: Mapping[str, Any]) -> None:
    """Announce that the application is ready. The file appears whole, for its owner alone."""
    temporary = folder / f"{READY_FILE}.new"
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(description, indent=2))
    temporary.rename(folder / READY_FILE)


def _lock(folder: Path) -> None:
    lock = folder.with_name(f"{folder.name}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotStart(
            f"Another process is running on {folder}: stop it, or choose another data folder."
        ) from error
    _locks.append(lock)
