"""What the person at the terminal sees: steps while it starts, then a line for each thing that happens."""

import json
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

DIM, BOLD, RED, GREEN, YELLOW, PLAIN = "\033[2m", "\033[1m", "\033[31m", "\033[32m", "\033[33m", "\033[0m"
LOUD = {"WARNING", "ERROR", "CRITICAL"}


class Console:
    """One voice, whoever speaks; and what functions write, whole, in files."""

    def __init__(self, logs: Path, out: TextIO = sys.stdout) -> None:
        self._out, self._logs, self._lock = out, logs, threading.Lock()
        self._colour = out.isatty()
        self._started = time.monotonic()
        logs.mkdir(parents=True, exist_ok=True)

    def step(self, text: str) -> None:
        """One step of starting is done."""
        self._say(f"{self._dim(f'{time.monotonic() - self._started:5.1f} s')}  {text}")

    def event(self, service: str, name: str, gist: str) -> None:
        """Something happened."""
        self._say(f"{self._clock()}  {service:<10} {self._paint(BOLD, f'{name:<18}')} {gist}")

    def request(self, method: str, path: str, status: int, milliseconds: float) -> None:
        """Somebody asked and was answered."""
        colour = RED if status >= 500 else YELLOW if status >= 400 else GREEN
        answer = f"{self._paint(colour, str(status))} {self._dim(f'{milliseconds:.0f} ms')}"
        self._say(f"{self._clock()}  {self._dim(f'{method:<10}')} {path} {answer}")

    def problem(self, text: str) -> None:
        """Something that should not be."""
        self._say(f"{self._clock()}  {self._paint(RED, text)}")

    def log(self, function: str, line: str) -> None:
        """A line that a function wrote. The file gets them all, the terminal those that matter."""
        with self._lock, (self._logs / f"{function.replace('/', '-')}.log").open("a") as file:
            file.write(line + "\n")
        shown = _readable(line)
        if shown:
            self._say(f"{self._clock()}  {self._dim(f'{function:<18}')} {shown}")

    def say(self, text: str = "") -> None:
        """Plain words."""
        self._say(text)

    def _say(self, line: str) -> None:
        with self._lock:
            print(line, file=self._out, flush=True)

    def _clock(self) -> str:
        return self._dim(datetime.now().strftime("%H:%M:%S"))

    def _dim(self, text: str) -> str:
        return self._paint(DIM, text)

    def _paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{PLAIN}" if self._colour else text


def _readable(line: str) -> str | None:
    """A log line for people: level, message and error of structured ones; no metrics, no chatter."""
    try:
        entry: Any = json.loads(line)
    except ValueError:
        return line if line.strip() and not line.startswith("INIT_START") else None
    if not isinstance(entry, dict):
        return line
    level = entry.get("level") or entry.get("log_level") or "INFO"  # Powertools; the runtime itself
    if "_aws" in entry or level not in LOUD:
        return None
    text = f"{level} {entry.get('message') or entry.get('errorMessage') or ''}"
    return f"{text}: {entry['exception'].splitlines()[-1]}" if entry.get("exception") else text
