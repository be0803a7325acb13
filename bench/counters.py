"""Counts the instructions that a command executes, in one of two ways.

`cachegrind` (valgrind) gives the same figure on any machine, however busy it is: the committed figures come
from it. `hardware` reads the processor's counter (perf_event_open(2)): fifty times as fast, within 2 % of the
other, and not available on every virtual machine.
"""

import ctypes
import os
import re
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}  # the system call's number
DISABLED, EXCLUDE_KERNEL, EXCLUDE_HV, ENABLE_ON_EXEC = 1 << 0, 1 << 5, 1 << 6, 1 << 12


class Cachegrind:
    """Counts by interpreting every instruction: about thirty times slower than the processor."""

    name = "cachegrind"

    def __init__(self, folder: Path) -> None:
        if not shutil.which("valgrind"):
            raise SystemExit("Counting instructions needs valgrind: install it (apt-get install valgrind).")
        self._folder = folder

    def run(self, command: list[str], environment: dict[str, str]) -> None:
        out = self._folder / "cachegrind.%p"
        tool = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={out}", "--quiet"]
        run([*tool, *command], {**environment, "BENCH_COUNTER": "fork"})

    def read(self, mark: int) -> int:
        """The count at a checkpoint of the probe."""
        match = re.search(r"^summary: (\d+)", (self._folder / f"cachegrind.{mark}").read_text(), re.MULTILINE)
        assert match, "cachegrind wrote no summary"
        return int(match[1])


class Hardware:
    """Counts by the processor's own counter of instructions in user mode."""

    name = "hardware"

    def run(self, command: list[str], environment: dict[str, str]) -> None:
        counter = os.dup(0)  # a number that is free in the child too

        def open_counter() -> None:
            os.dup2(_perf_event_open(), counter)

        try:
            run(command, {**environment, "BENCH_COUNTER": str(counter)}, open_counter, (counter,))
        finally:
            os.close(counter)

    def read(self, mark: int) -> int:
        return mark


def run(
    command: list[str],
    environment: dict[str, str],
    before: Callable[[], None] | None = None,
    keep: tuple[int, ...] = (),
) -> None:
    """Run to the end. Raises RuntimeError with the last lines of its output."""
    process = subprocess.run(
        command,
        env=environment,
        preexec_fn=before,
        pass_fds=keep,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise RuntimeError(
            f"{command[-3:]} ended with {process.returncode}:\n{(process.stdout + process.stderr)[-3000:]}"
        )


def _perf_event_open() -> int:
    attributes = bytearray(128)
    flags = DISABLED | EXCLUDE_KERNEL | EXCLUDE_HV | ENABLE_ON_EXEC
    #  type PERF_TYPE_HARDWARE, size, config PERF_COUNT_HW_INSTRUCTIONS, no sampling, plain read format
    struct.pack_into("IIQQQQQ", attributes, 0, 0, len(attributes), 1, 0, 0, 0, flags)
    library = ctypes.CDLL(None, use_errno=True)
    attr = (ctypes.c_char * len(attributes)).from_buffer(attributes)
    descriptor = int(library.syscall(PERF_EVENT_OPEN[os.uname().machine], attr, 0, -1, -1, 0))
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "this machine gives no access to hardware counters")
    return descriptor
