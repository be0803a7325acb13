"""A world in a process of its own, for tests: started, asked, stopped, or killed without warning."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.aws.config import REGION
from local.aws.moto_server import ROOT_ACCESS_KEY

START_SECONDS = 120


class EnvironmentProcess:
    """One `python -m local`. `ready` is what it says of itself: url, tables, keys, accounts…"""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self._environment = environment
        self._log = data.with_name(f"{data.name}.log")
        self._process: subprocess.Popen[bytes] | None = None
        self.info: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """The origin, as a browser would see it."""
        return str(self.info["url"])

    @property
    def pid(self) -> int:
        """Of the world's own process."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Returns when it is ready. Raises RuntimeError with its last words if it does not get there."""
        ready = self.data / "ready.json"
        ready.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local"],
                env=os.environ | {"DATA": str(self.data), "HELD": "1"} | self._environment,
                stdin=subprocess.PIPE,  # so that it ends with us, however we end
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"The world did not start:\n{self.logs()[-4000:]}")
            time.sleep(0.05)
        self.info = json.loads(ready.read_text())

    def stop(self) -> int:
        """As Ctrl-C does; answers the exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> None:
        """As a power cut does, but for the operating system's own memory."""
        self._end(signal.SIGKILL)

    def logs(self) -> str:
        """All it printed, over all its starts."""
        return self._log.read_text(errors="replace")

    def client(self, service: str) -> Any:
        """A boto3 client that may do everything."""
        import boto3

        of_dynamodb = service.startswith("dynamodb") and self.info["dynamodb"]
        return boto3.client(
            service,
            endpoint_url=of_dynamodb or self.info["aws"],
            region_name=REGION,
            aws_access_key_id=ROOT_ACCESS_KEY,
            aws_secret_access_key="local",
        )

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self._process.wait(timeout=30)


@contextmanager
def running_environment(
    *,
    hold_seconds: int | None = None,
    data: Path | None = None,
    engine: str | None = None,
    root: Path | None = None,
    demo: bool = False,
    port: int = 0,
    timezone: str | None = None,
) -> Iterator[EnvironmentProcess]:
    """A ready world on a free port, stopped at the end. Without `engine`, DYNAMODB decides."""
    with tempfile.TemporaryDirectory(prefix="tiketz-") as folder:
        environment = {
            "PORT": str(port),
            "HOLD_SECONDS": str(hold_seconds or ""),
            "DEMO": "1" if demo else "0",
            "FRESH": "",
        }
        if engine:
            environment["DYNAMODB"] = engine
        if root:
            environment["ROOT"] = str(root)
        if timezone:
            environment["TZ"] = timezone
        world = EnvironmentProcess(data or Path(folder) / "world", **environment)
        world.start()
        try:
            yield world
        finally:
            world.stop()
