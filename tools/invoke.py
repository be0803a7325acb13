"""Invokes built functions by `sam local invoke`, in containers, and judges what they answer.

    python -m tools.invoke FUNCTION [--event FILE]
    python -m tools.invoke --all

FUNCTION is a name such as Orders/Api. Without an event it gets its sample, filled in from the environment
that `make dev` runs. --all starts an environment of its own, and invokes every function there. SAM exits with
0 whatever a function answers, and prints the answer to standard output, all else to standard error.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from local import settings
from local.aws.config import CannotStart, WrongArgument
from local.containers import VARIABLES_FILE, sam_name
from local.process import running_environment
from local.settings import READY_FILE, ROOT
from operate.command import Parser
from tools import samples
from tools.samples import Verdict

SAM = ROOT / ".venv-sam/bin/sam"
BUILT = ROOT / ".aws-sam/build/template.yaml"
FUNCTIONS = {sam_name(each): each for each in samples.EXPECTED}
"""The names that SAM knows, and ours."""


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 where an answer is an error or isn't the expected one, 2 for wrong arguments."""
    parser = Parser(prog="python -m tools.invoke", description="Invoke built functions in containers.")
    parser.add_argument("function", nargs="?", metavar="FUNCTION", help=", ".join(FUNCTIONS))
    parser.add_argument("--event", type=_event, metavar="FILE", help="JSON; by default the function's sample")
    parser.add_argument("--all", action="store_true", help="every function, in an environment of its own")
    options = parser.parse_args(arguments)
    if options.all == (options.function in FUNCTIONS):
        parser.error(f"FUNCTION must be one of {', '.join(FUNCTIONS)}, not {options.function!r}")
    try:
        data = settings.from_environment(os.environ).data
        if not BUILT.exists() or not SAM.exists():
            raise CannotStart("Nothing is built: run 'make build'.")
        return _invoke_all() if options.all else _invoke(options.function, options.event, data)
    except WrongArgument as error:
        parser.error(str(error).rstrip("."))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _invoke(name: str, event: Path | None, data: Path) -> int:
    environment = _running(data)
    if _edited_at() > BUILT.stat().st_mtime:
        _show("The code was edited after it was built: 'make build' builds it again.\n")
    if event:
        answer, log = _sam(name, event, data, _show)
        verdict = samples.judge(answer, log)
    else:
        verdict = _invoke_sample(name, data, environment, _show)
    print(verdict.answer)
    print(verdict.line(name), file=sys.stderr)
    return 1 if verdict.error else 0


def _invoke_all() -> int:
    verdicts = []
    with running_environment(demo=True, containers=True) as running:
        for name in FUNCTIONS:
            try:
                verdicts.append(_invoke_sample(name, running.data, running.info, lambda line: None))
            except CannotStart as error:
                verdicts.append(Verdict(str(error), ""))
            print(verdicts[-1].line(name), flush=True)
    good = len([each for each in verdicts if not each.error])
    print(f"{good} of {len(verdicts)} built functions answered as they should, in containers")
    return 0 if good == len(verdicts) else 1


def _invoke_sample(
    name: str, data: Path, environment: Mapping[str, Any], show: Callable[[str], None]
) -> Verdict:
    function = FUNCTIONS[name]
    file = data / "events" / samples.event_file(function).name
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(samples.filled(function, environment), indent=2))
    log = ""

    def invoke() -> str:
        nonlocal log
        answer, log = _sam(name, file, data, show)
        return answer

    answer = samples.retried(invoke)
    return samples.judge(answer, log, samples.EXPECTED[function])


def _sam(name: str, event: Path, data: Path, show: Callable[[str], None]) -> tuple[str, str]:
    """The answer, and all else that SAM wrote, shown line by line. Raises CannotStart where SAM fails."""
    variables = data / VARIABLES_FILE
    paths = [os.path.relpath(each, ROOT) for each in (event, variables)]
    command = ["local", "invoke", name, "--event", paths[0], "--env-vars", paths[1]]
    show(f"sam {' '.join(command)}\n")
    process = subprocess.Popen(
        [str(SAM), *command],
        cwd=ROOT,
        env={**os.environ, "SAM_CLI_TELEMETRY": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    log = []
    for line in process.stderr:
        show(line)
        log.append(line)
    answer = process.stdout.read()
    if process.wait():
        raise CannotStart(f"sam could not invoke {name}: {log[-1].strip() if log else 'it says nothing'}")
    return answer, "".join(log)


def _edited_at() -> float:
    """When a function's or the layer's code was edited last."""
    code = [path for folder in ("functions", "layers") for path in (ROOT / folder).rglob("*.py")]
    return max(path.stat().st_mtime for path in code)


def _show(line: str) -> None:
    sys.stderr.write(line)


def _event(text: str) -> Path:
    """An argument that names a file with JSON."""
    try:
        json.loads(Path(text).read_text())
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no file with JSON: {error}") from error
    return Path(text).resolve()


def _running(data: Path) -> Mapping[str, Any]:
    """The running environment as it describes itself. Raises CannotStart."""
    try:
        environment: Mapping[str, Any] = json.loads((data / READY_FILE).read_text())
        requests.get(environment["url"], timeout=10)
    except (OSError, requests.RequestException) as error:
        raise CannotStart("No local environment is running: start one with 'make dev'.") from error
    if not (data / VARIABLES_FILE).exists():
        raise CannotStart(
            "The local environment serves no containers: start Docker, then 'make dev' (CONTAINERS=1 where "
            "Docker has no bridge docker0)."
        )
    return environment


if __name__ == "__main__":
    sys.exit(main())
