"""A local environment in a process of its own, for tests and tools."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.aws.process import ApplicationProcess


class EnvironmentProcess(ApplicationProcess):
    """One `python -m local`. `info`: url, aws, dynamodb, bus, tables, outputs, keys, accounts."""

    def __init__(self, data: Path, **variables: str) -> None:
        """`variables`: of its environment, such as PORT and HOLD_SECONDS."""
        command = [sys.executable, "-m", "local"]
        super().__init__(command, data, {"DATA": str(data), "UNTIL_STDIN_CLOSES": "1", **variables})


@contextmanager
def running_environment(
    *,
    hold_seconds: int | None = None,
    data: Path | None = None,
    engine: str | None = None,
    demo: bool = False,
    port: int = 0,
    timezone: str | None = None,
    containers: bool = False,
) -> Iterator[EnvironmentProcess]:
    """A started environment, on a free port by default; stopped at the end. DYNAMODB chooses the engine."""
    with tempfile.TemporaryDirectory(prefix="tiketz-") as folder:
        variables = {
            "PORT": str(port),
            "HOLD_SECONDS": str(hold_seconds or ""),
            "DEMO": "1" if demo else "0",
            "FRESH": "",
            "CONTAINERS": "1" if containers else "0",
        }
        if engine:
            variables["DYNAMODB"] = engine
        if timezone:
            variables["TZ"] = timezone
        process = EnvironmentProcess(data or Path(folder) / "environment", **variables)
        process.start()
        try:
            yield process
        finally:
            process.stop()
