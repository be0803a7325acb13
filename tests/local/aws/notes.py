"""The sample service, running: an HTTP API with an authorizer, a relay, a consumer, a timer and a job."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.aws.process import ApplicationProcess

SAMPLE = Path(__file__).parent / "sample"
TEMPLATE = "functions/notes/template.yaml"
PYTHON = Path(__file__).parents[3] / ".venv-lambda/bin/python"
BUS = "notes"
SECRET = "/notes/secret"


def notes_process(
    data: Path, *, root: Path = SAMPLE, engine: str = "embedded", port: int = 0
) -> ApplicationProcess:
    """`python -m local.aws` with the sample of `root`, not started."""
    command = [
        *(sys.executable, "-m", "local.aws", str(root / TEMPLATE), "--data", str(data)),
        *("--python", str(PYTHON), "--port", str(port), "--dynamodb", engine, "--until-stdin-closes"),
        *("--event-bus", BUS, "--secret", f"{SECRET}=hush"),
    ]
    return ApplicationProcess(command, data, {})


@contextmanager
def running_notes(
    data: Path | None = None, *, root: Path = SAMPLE, engine: str = "embedded", port: int = 0
) -> Iterator[ApplicationProcess]:
    """Started, and stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="notes-") as folder:
        process = notes_process(data or Path(folder) / "data", root=root, engine=engine, port=port)
        process.start()
        try:
            yield process
        finally:
            process.stop()
