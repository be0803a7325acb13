"""Invokes each function that `sam build` has built once, under Lambda's emulator, in a local environment.

The emulator (aws-lambda-rie) ships with the SAM CLI, the runtime client (awslambdaric) with the workers'
Python: no Docker. A function gets its sample event, its role's credentials and its template's variables.
"""

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from local import environment
from local.aws.config import CannotStart
from local.aws.resources import Function
from local.console import Console
from local.environment import LocalEnvironment
from local.settings import ROOT, WORKER_PYTHON, Settings
from operate.command import Parser

BUILD = ROOT / ".aws-sam/build"
START_SECONDS = 60
RESPONSE_SECONDS = 60
INVOKE = "/2015-03-31/functions/function/invocations"


@dataclass(frozen=True)
class Outcome:
    """What one function returned, and in `error` what is wrong with that, if anything."""

    function: str
    response: str
    error: str = ""


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 if any function fails, after all were invoked."""
    Parser(
        prog="python -m tools.smoke", description="Invoke every built function once, without Docker."
    ).parse_args(arguments)
    try:
        emulator = _emulator()
        outcomes = list(_invoke_all(emulator))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return error.exit_code
    failed = [each for each in outcomes if each.error]
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} built functions responded as they should")
    return 1 if failed else 0


def _invoke_all(emulator: Path) -> Iterator[Outcome]:
    with tempfile.TemporaryDirectory(prefix="tiketz-smoke-") as folder:
        data = Path(folder)
        settings = Settings(port=0, data=data, engine="embedded", hold_seconds=None, fresh=False, demo=False)
        running = environment.start(settings, Console(data / "logs"))
        try:
            for service in running.application.services.values():
                for function in service.functions.values():
                    outcome = _run(function, running, emulator)
                    verdict = "FAILED" if outcome.error else "ok"
                    print(f"{verdict:7} {outcome.function:22} {outcome.error or outcome.response}")
                    yield outcome
        finally:
            running.stop()


def _run(function: Function, running: LocalEnvironment, emulator: Path) -> Outcome:
    service, name = function.name.split("/")
    built = BUILD / service.capitalize()
    if not (built / name).is_dir():
        return Outcome(function.name, "", f"is not in {built}: run 'make build'")
    event = json.loads((ROOT / f"events/{service}-{name.lower()}.json").read_text())
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
            "PYTHONPATH": os.pathsep.join([str(built / name), str(built / "Common/python")]),
            "POWERTOOLS_TRACE_DISABLED": "true",
            "AWS_LAMBDA_FUNCTION_NAME": function.physical,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
        },
        cwd=built / name,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return _judge(function.name, name, _invoke(port, event))
    except (OSError, requests.RequestException) as error:
        return Outcome(function.name, "", f"{type(error).__name__}: {error}")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _invoke(port: int, event: Any) -> str:
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


def _judge(function: str, name: str, text: str) -> Outcome:
    """Whether a response is one that this kind of function returns when it succeeds.

    The emulator's status is 200 after a timeout or a crash, too: only the body shows it.
    """
    short = text if len(text) < 90 else text[:87] + "..."
    try:
        response = json.loads(text)
    except ValueError:
        return Outcome(function, short, f"did not return JSON: {short}")
    match name, response:
        case _, {"errorType": _}:
            return Outcome(function, short, f"raised: {text[:400]}")
        case (("Api" | "Webhook"), {"statusCode": int(status)}) if status < 500:
            return Outcome(function, f"HTTP {status}")
        case "Authorizer", {"isAuthorized": True}:
            return Outcome(function, short)
        case (("Consumer" | "Relay"), {"batchItemFailures": []}):
            return Outcome(function, short)
        case "Sweeper", None:
            return Outcome(function, "null")
    return Outcome(function, short, f"returned {short}")


def _emulator() -> Path:
    """Raises CannotStart where there is none for this machine."""
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    paths = sorted(
        (ROOT / ".venv-sam").glob(f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    )
    if not paths:
        raise CannotStart("Lambda's emulator is missing: it comes with the SAM CLI; run 'make build'.")
    if not sys.platform.startswith("linux"):
        raise CannotStart("Lambda's emulator runs on Linux only: use 'sam local invoke' with Docker here.")
    if not os.access(paths[0], os.X_OK):
        paths[0].chmod(0o755)
    return paths[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
