"""A program that runs until it is stopped by a signal."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, Protocol

from local.aws.config import CannotStart


class Running(Protocol):
    """What a program has started."""

    def stop(self) -> None:
        """Leave no process and no half-written file behind."""


def run_until_stopped(start: Callable[[], Running], *, until_stdin_closes: bool) -> int:
    """Start, and stop on SIGINT or SIGTERM. Returns the exit code; prints the sentence of CannotStart.

    `until_stdin_closes`: stop then, too, so that the program ends with the one that started it.
    """
    sys.setswitchinterval(0.001)  # many threads, each with little to do
    stopped, stop = os.pipe()  # a lock would deadlock: a second signal interrupts the first one's handler
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: os.write(stop, b"."))
    if until_stdin_closes:
        threading.Thread(target=_wait_for_end_of_stdin, args=(stop,), daemon=True).start()
    try:
        running = start()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return error.exit_code
    _freeze_memory()
    os.read(stopped, 1)
    running.stop()
    return 0


def exit_now(code: int) -> NoReturn:
    """End the process although threads are running: each execution of a state machine that waits is one."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _freeze_memory() -> None:
    """Exclude what moto and botocore have loaded from garbage collection: each one took 0.4 s."""
    gc.collect()
    gc.freeze()


def _wait_for_end_of_stdin(stop: int) -> None:
    """Write to the file descriptor `stop` then."""
    sys.stdin.buffer.read()
    os.write(stop, b".")
