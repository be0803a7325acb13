"""What a person may choose about a world, read from the environment."""

import errno
import fcntl
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from local.aws.config import CannotStart

BUS = "tiketz"
READY_FILE = "ready.json"  # in the data folder while a world is ready

Engine = Literal["embedded", "local"]
ENGINES: dict[str, Engine] = {"embedded": "embedded", "local": "local"}


_held: list[TextIO] = []  # open files whose locks are ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One world: where it listens, where it keeps things, what it runs."""

    port: int  # 0: any free port
    data: Path
    root: Path  # holds functions/, layers/, statemachines/, web/
    engine: Engine
    hold_seconds: int | None  # None: as the template says
    fresh: bool
    demo: bool  # make accounts and listings on the first start

    @property
    def python(self) -> Path:
        """The interpreter that Lambda workers run with: nothing installed but what Lambda would have."""
        return Path(__file__).parents[1] / ".venv-lambda/bin/python"


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Raises CannotStart for a value that means nothing."""
    engine = environ.get("DYNAMODB", "embedded")
    if engine not in ENGINES:
        raise CannotStart(f"DYNAMODB must be 'embedded' or 'local', not {engine!r}.")
    root = Path(environ.get("ROOT") or Path(__file__).parents[1])
    hold = environ.get("HOLD_SECONDS", "")
    port = environ.get("PORT") or "8080"
    return Settings(
        port=_whole("PORT", port, range(65536)),
        data=Path(environ.get("DATA") or root / ".tiketz" / "world").resolve(),
        root=root.resolve(),
        engine=ENGINES[engine],
        hold_seconds=_whole("HOLD_SECONDS", hold, range(5, 3601)) if hold else None,
        fresh=environ.get("FRESH", "") not in ("", "0"),
        demo=environ.get("DEMO", "1") not in ("", "0"),
    )


def prepare(settings: Settings) -> None:
    """Make the data folder ready and ours alone, empty if `fresh`. Raises CannotStart."""
    if not settings.python.exists():
        raise CannotStart(f"Lambda's Python is missing at {settings.python}: run 'make .venv-lambda/done'.")
    try:
        settings.data.parent.mkdir(parents=True, exist_ok=True)
        _lock(settings.data)
        if settings.fresh:
            shutil.rmtree(settings.data, ignore_errors=True)
        settings.data.mkdir(parents=True, exist_ok=True)
        (settings.data / READY_FILE).unlink(missing_ok=True)
        (settings.data / "logs").mkdir(exist_ok=True)
        if not os.access(settings.data, os.W_OK):
            raise PermissionError(errno.EACCES, "Permission denied")
    except OSError as error:
        raise CannotStart(f"The data folder {settings.data} cannot be written: {error.strerror}.") from error


def _lock(data: Path) -> None:
    """Until this process ends, however it ends. Raises CannotStart if another world has the folder."""
    lock = data.with_name(f"{data.name}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotStart(
            f"Another world is running on {data}: stop it, or choose another with DATA=."
        ) from error
    _held.append(lock)


def _whole(name: str, text: str, allowed: range) -> int:
    if not text.isdecimal() or int(text) not in allowed:
        raise CannotStart(f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}, not {text!r}.")
    return int(text)
