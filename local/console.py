"""The terminal: the steps of the start, then a line for each request, event and problem."""

import json
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

DIM, BOLD, RED, GREEN, YELLOW, PLAIN = "\033[2m", "\033[1m", "\033[31m", "\033[32m", "\033[33m", "\033[0m"
SHOWN_LEVELS = {"WARNING", "ERROR", "CRITICAL"}


class Console:
    """Prints whole lines from any thread, and keeps what functions write in files."""

    def __init__(self, logs: Path, out: TextIO = sys.stdout) -> None:
        self._out, self._logs, self._lock = out, logs, threading.Lock()
        self._coloured = out.isatty()
        self._started = time.monotonic()
        logs.mkdir(parents=True, exist_ok=True)

    def say(self, text: str = "") -> None:
        """A line as it is."""
        with self._lock:
            print(text, file=self._out, flush=True)

    def step(self, text: str) -> None:
        """A step of the start is done."""
        self.say(f"{self._paint(DIM, f'{time.monotonic() - self._started:5.1f} s')}  {text}")

    def event(self, service: str, name: str, summary: str) -> None:
        """A service has published an event."""
        self._line(f"{service:<10} {self._paint(BOLD, f'{name:<18}')} {summary}")

    def request(self, method: str, path: str, status: int, milliseconds: float) -> None:
        """A request was answered."""
        colour = RED if status >= 500 else YELLOW if status >= 400 else GREEN
        duration = self._paint(DIM, f"{milliseconds:.0f} ms")
        self._line(
            f"{self._paint(DIM, f'{method:<10}')} {path} {self._paint(colour, str(status))} {duration}"
        )

    def problem(self, text: str) -> None:
        """Something failed or isn't allowed."""
        self._line(self._paint(RED, text))

    def log(self, function: str, line: str) -> None:
        """A function wrote a line. Its file gets every line, the terminal warnings and errors."""
        with self._lock, (self._logs / f"{function.replace('/', '-')}.log").open("a") as file:
            file.write(line + "\n")
        shown = _readable(line)
        if shown:
            self._line(f"{self._paint(DIM, f'{function:<18}')} {shown}")

    def _line(self, text: str) -> None:
        self.say(f"{self._paint(DIM, datetime.now().strftime('%H:%M:%S'))}  {text}")

    def _paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{PLAIN}" if self._coloured else text


def _readable(line: str) -> str | None:
    """A log line for the terminal: level, message and error of a structured one, no metrics."""
    try:
        entry: Any = json.loads(line)
    except ValueError:
        return line if line.strip() and not line.startswith("INIT_START") else None
    if not isinstance(entry, dict):
        return line
    level = entry.get("level") or entry.get("log_level") or "INFO"  # Powertools; the runtime itself
    if "_aws" in entry or level not in SHOWN_LEVELS:
        return None
    text = f"{level} {entry.get('message') or entry.get('errorMessage') or ''}"
    return f"{text}: {entry['exception'].splitlines()[-1]}" if entry.get("exception") else text
