"""`make smoke`: each function as `sam build` made it runs once, under Lambda's emulator, in the local world.

The emulator (aws-lambda-rie) ships with the SAM CLI, the runtime client (awslambdaric) with the workers'
environment: no Docker. A function gets its sample event, its role's credentials, its template's settings.
"""

import json
import os
import platform
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

from local.aws.stack import Function
from local.console import Console
from local.environment import LocalEnvironment
from local.settings import Settings

ROOT = Path(__file__).parents[1]
BUILD = ROOT / ".aws-sam/build"
START_SECONDS = 60
ANSWER_SECONDS = 60
INVOKE = "/2015-03-31/functions/function/invocations"


@dataclass(frozen=True)
class Outcome:
    """How one function did: nothing in `wrong` is well."""

    function: str
    answer: str
    wrong: str = ""


def main() -> int:
    """Exit code 1 if any function fails, after all have run."""
    emulator = _emulator()
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="tiketz-smoke-") as folder:
        data = Path(folder)
        settings = Settings(
            port=0, data=data, root=ROOT, engine="embedded", hold_seconds=None, fresh=False, demo=False
        )
        world = LocalEnvironment(settings, Console(data / "logs"))
        world.start()
        try:
            for function in _functions(world):
                outcome = _try(function, world, emulator)
                outcomes.append(outcome)
                mark = "FAILED" if outcome.wrong else "ok"
                print(f"{mark:7} {outcome.function:22} {outcome.wrong or outcome.answer}")
        finally:
            world.stop()
    failed = [each for each in outcomes if each.wrong]
    print(f"{len(outcomes) - len(failed)} of {len(outcomes)} built functions answered")
    return 1 if failed else 0


def _functions(world: LocalEnvironment) -> Iterator[Function]:
    for service in world.services.values():
        yield from service.functions.values()


def _try(function: Function, world: LocalEnvironment, emulator: Path) -> Outcome:
    service, name = function.name.split("/")
    built = BUILD / service.capitalize()
    if not (built / name).is_dir():
        return Outcome(function.name, "", f"is not in {built}: run `make build`")
    event = json.loads((ROOT / f"events/{service}-{name.lower()}.json").read_text())
    port, runtime = _free_port(), _free_port()
    process = subprocess.Popen(
        [str(emulator), "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
         "--runtime-api-address", f"127.0.0.1:{runtime}",
         str(world.settings.python), "-m", "awslambdaric", function.handler],
        env={**world.environment(function), **function.environment, "PATH": os.environ["PATH"],
             "PYTHONPATH": os.pathsep.join([str(built / name), str(built / "Common/python")]),
             "POWERTOOLS_TRACE_DISABLED": "true", "AWS_LAMBDA_FUNCTION_NAME": function.physical,
             "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout)},
        cwd=built / name, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        return _judge(function.name, name, _invoke(port, event))
    except (OSError, requests.RequestException) as error:
        return Outcome(function.name, "", f"{type(error).__name__}: {error}")
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def _invoke(port: int, event: Any) -> str:
    """The emulator's answer; asked again until it listens."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return requests.post(f"http://127.0.0.1:{port}{INVOKE}", json=event, timeout=ANSWER_SECONDS).text
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _judge(function: str, name: str, text: str) -> Outcome:
    """Whether an answer is one that this kind of function gives when all is well.

    A timeout or a crash answers HTTP 200 too: only the body tells.
    """
    short = text if len(text) < 90 else text[:87] + "..."
    try:
        answer = json.loads(text)
    except ValueError:
        return Outcome(function, short, f"did not answer JSON: {short}")
    match name, answer:
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
    return Outcome(function, short, f"answered {short}")


def _emulator() -> Path:
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    found = sorted(
        (ROOT / ".venv-sam").glob(f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    )
    if not found:
        raise SystemExit("Lambda's emulator is missing: it comes with the SAM CLI; run `make build`.")
    if not sys.platform.startswith("linux"):
        raise SystemExit("Lambda's emulator runs on Linux only; use `sam local invoke` with Docker here.")
    if not os.access(found[0], os.X_OK):
        found[0].chmod(0o755)
    return found[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
