"""A running application in a process of its own, for tests: started, described, stopped or killed."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.aws.config import ROOT_ACCESS_KEY
from local.aws.data_folder import READY_FILE

START_SECONDS = 120


class ApplicationProcess:
    """A command that writes ready.json into its data folder. `info` is what that file holds."""

    def __init__(self, command: Sequence[str], data: Path, environment: Mapping[str, str]) -> None:
        """The command gets a standard input that is closed when this process ends."""
        self.data = data
        self._command, self._environment = command, environment
        self._log = data.with_name(f"{data.name}.log")
        self._process: subprocess.Popen[bytes] | None = None
        self.info: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """The address of the HTTP APIs."""
        return str(self.info["url"])

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Return when it is ready. Raises RuntimeError with the end of its output if it isn't."""
        ready = self.data / READY_FILE
        ready.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=os.environ | self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"It did not start:\n{self.logs()[-4000:]}")
            time.sleep(0.05)
        self.info = json.loads(ready.read_text())

    def stop(self) -> int:
        """Stop it as Ctrl-C does. Returns the exit code."""
        return self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut does, except that what the operating system buffers is written."""
        self._end(signal.SIGKILL)

    def logs(self) -> str:
        """Everything it printed, over all its starts."""
        return self._log.read_text(errors="replace")

    def client(self, service: str) -> Any:
        """A boto3 client to which everything is allowed."""
        from local.aws.moto_server import client

        dynamodb = self.info["dynamodb"] if service.startswith("dynamodb") else None
        return client(service, ROOT_ACCESS_KEY, dynamodb or self.info["aws"])

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self._process.wait(timeout=30)
