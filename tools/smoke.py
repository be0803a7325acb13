"""Invokes each function that `sam build` has built once, under Lambda's emulator, in a local environment.

The emulator (aws-lambda-rie) ships with the SAM CLI, the runtime client (awslambdaric) with the workers'
Python: no Docker. A function gets its sample event, its role's credentials and its template's variables.
"""

import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, TextIO

import requests

from local import environment
from local.aws.config import CannotStart
from local.aws.resources import Function
from local.console import Console
from local.containers import sam_name
from local.environment import LocalEnvironment
from local.settings import ROOT, WORKER_PYTHON, Settings
from operate.command import Parser
from tools import samples
from tools.samples import Verdict

BUILD = ROOT / ".aws-sam/build"
START_SECONDS = 60
RESPONSE_SECONDS = 60
INVOKE = "/2015-03-31/functions/function/invocations"


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 if any function fails, after all were invoked."""
    Parser(
        prog="python -m tools.smoke", description="Invoke every built function once, without Docker."
    ).parse_args(arguments)
    try:
        verdicts = _invoke_all(_emulator())
    except CannotStart as error:
        print(error, file=sys.stderr)
        return error.exit_code
    good = len([each for each in verdicts if not each.error])
    print(f"{good} of {len(verdicts)} built functions answered as they should")
    return 0 if good == len(verdicts) else 1


def _invoke_all(emulator: Path) -> list[Verdict]:
    verdicts = []
    with (
        tempfile.TemporaryDirectory(prefix="tiketz-smoke-") as folder,
        Path(folder, "console").open("w") as out,
    ):
        data = Path(folder)
        settings = Settings(
            port=0, data=data, engine="embedded", hold_seconds=None, fresh=False, demo=True, containers=False
        )
        running = environment.start(settings, Console(data / "logs", out))
        try:
            for service in running.application.services.values():
                for function in service.functions.values():
                    with Path(folder, "log").open("w+") as log:
                        verdicts.append(_invoke(function, running, emulator, log))
                    print(verdicts[-1].line(sam_name(function.name)))
        finally:
            running.stop()
    return verdicts


def _invoke(function: Function, running: LocalEnvironment, emulator: Path, log: TextIO) -> Verdict:
    service, name = sam_name(function.name).split("/")
    code = BUILD / service / name
    if not code.is_dir():
        return Verdict(f"is not in {code.parent}: run 'make build'", "")
    port, runtime = _free_port(), _free_port()
    process = subprocess.Popen(
        [
            *(str(emulator), "--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
            *("--runtime-api-address", f"127.0.0.1:{runtime}"),
            *(str(WORKER_PYTHON), "-m", "awslambdaric", function.handler),
        ],
        env={
            **running.application.environment(function),
            **function.environment,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(code), str(code.with_name("Common") / "python")]),
            "POWERTOOLS_TRACE_DISABLED": "true",
            "AWS_LAMBDA_FUNCTION_NAME": function.physical,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
        },
        cwd=code,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        event = samples.filled(function.name, running.describe())
        answer = samples.retried(lambda: _post(port, event))
    except CannotStart as error:  # the sample can't be made
        return Verdict(str(error), "")
    except (OSError, requests.RequestException) as error:
        return Verdict(f"{type(error).__name__}: {error}", "")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    log.seek(0)
    # The emulator's status is 200 after a timeout or a crash, too: only the body shows it.
    return samples.judge(answer, log.read(), samples.EXPECTED[function.name])


def _post(port: int, event: Any) -> str:
    """The emulator's response; retried until it listens. Raises requests.RequestException."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return requests.post(
                f"http://127.0.0.1:{port}{INVOKE}", json=event, timeout=RESPONSE_SECONDS
            ).text
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _emulator() -> Path:
    """Raises CannotStart where there is none for this machine."""
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    paths = sorted(
        (ROOT / ".venv-sam").glob(f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    )
    if not paths:
        raise CannotStart("Lambda's emulator is missing: it comes with the SAM CLI; run 'make build'.")
    if not sys.platform.startswith("linux"):
        raise CannotStart(
            "Lambda's emulator runs on Linux only: use 'make sam-local-check' with Docker here."
        )
    if not os.access(paths[0], os.X_OK):
        paths[0].chmod(0o755)
    return paths[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
