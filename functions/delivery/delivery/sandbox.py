"""Runs `delivery.reader` on one file, in a process that has no credentials."""

import ctypes
import json
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from threading import Timer
from typing import Any

from delivery.model import Page, Reason, Rejected

COMMAND = [sys.executable, "-B", "-m", "delivery.reader"]
MAX_SECONDS = 25  # of the clock; the reader has 20 of a processor
MAX_ANSWER = 150_000_000  # bytes: all pages of a file
PR_SET_DUMPABLE = 4


def _protect() -> None:
    """Keep this process, which has credentials, from being traced or read by the reader (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def read(content: bytes) -> list[Page]:
    """The pages of a file, with their codes. Raises Rejected."""
    _protect()
    with subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as process:
        assert process.stdin
        assert process.stdout
        timer = Timer(MAX_SECONDS, process.kill)
        timer.start()
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(content)
                process.stdin.close()
            answer = process.stdout.read(MAX_ANSWER)
        finally:
            timer.cancel()
            process.kill()
    return pages_of(answer)


def environment() -> dict[str, str]:
    """The reader's environment variables: where its modules and Python's own library are."""
    return {"PYTHONPATH": ":".join(sys.path), "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib"}


def pages_of(answer: bytes) -> list[Page]:
    """The pages in a reader's answer, which is not trusted. Raises Rejected.

    An answer without an end is that of a reader that died: of memory, of time, or of what it read.
    """
    lines = BytesIO(answer)
    pages: list[Page] = []
    try:
        while head := _line(lines):
            if "size" not in head:
                return _ended(head, pages)
            pages.append(_page(head, lines))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Rejected(Reason.TOO_COMPLEX) from error
    raise Rejected(Reason.TOO_COMPLEX)


def _line(lines: BytesIO) -> dict[str, Any] | None:
    line = lines.readline()
    return dict(json.loads(line)) if line else None


def _ended(end: dict[str, Any], pages: list[Page]) -> list[Page]:
    """The pages, if the reader read all. Raises Rejected, and ValueError."""
    if "rejected" in end:
        numbers = [] if end["page"] is None else [int(end["page"])]
        raise Rejected(Reason(end["rejected"]), *numbers)
    if end["pages"] != len(pages):
        raise ValueError("pages are missing")
    return pages


def _page(head: dict[str, Any], lines: BytesIO) -> Page:
    size = int(head["size"])
    jpeg = lines.read(size)
    if len(jpeg) != size:
        raise ValueError("the picture is cut off")
    return Page(
        jpeg=jpeg,
        width=int(head["width"]),
        height=int(head["height"]),
        dpi=int(head["dpi"]),
        grey=bool(head["grey"]),
        codes=tuple(bytes.fromhex(content) for _, content in head["codes"]),
    )
