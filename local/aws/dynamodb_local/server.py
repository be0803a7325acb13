"""The Java process of DynamoDB Local."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.aws.config import CannotStart

JARS = Path(__file__).parents[3] / ".tools/dynamodb-local"  # where `fetch` puts them
KEEPER = Path(__file__).with_name("keeper.py")
MAIN = "software.amazon.dynamodb.services.local.main.ServerRunner"
START_SECONDS = 60


class DynamoDBServer:
    """Listens soon after it is made; ends with this process, however that ends."""

    def __init__(self, folder: Path) -> None:
        """Keeps its file and its log in `folder`. Raises CannotStart where Java or its jars are missing."""
        if shutil.which("java") is None:
            raise CannotStart("DynamoDB Local needs Java 17 or newer, and there is no java on the PATH.")
        if not list(JARS.glob("DynamoDBLocal-*.jar")):
            raise CannotStart(f"DynamoDB Local is missing in {JARS}: run {KEEPER.with_name('fetch')}.")
        folder.mkdir(exist_ok=True)
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        java = [
            *("java", "-Xmx512m", "-XX:TieredStopAtLevel=1", f"-Dsqlite4java.library.path={JARS}"),
            *("-cp", f"{JARS}/*", MAIN, "-port", str(self._port)),
            *("-sharedDb", "-dbPath", str(folder), "-disableTelemetry"),
        ]
        with (folder / "java.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(KEEPER), *java],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Return when it listens. Raises CannotStart."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        raise CannotStart("DynamoDB Local did not start: see java.log in its folder.")

    def close(self) -> None:
        """End the process: its keeper does so when standard input is closed."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=10)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server for tests. Yields its URL. Raises CannotStart."""
    server = DynamoDBServer(folder)
    try:
        server.wait()
        yield server.url
    finally:
        server.close()


def installed() -> Path | None:
    """The jar that `fetch` gets, where it and Java are installed."""
    jars = sorted(JARS.glob("DynamoDBLocal-*.jar"))
    return jars[-1] if jars and shutil.which("java") else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
