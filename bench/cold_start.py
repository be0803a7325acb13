"""`make bench`: the instructions of each built function to start, for its first and for a warm request.

    python -m bench.cold_start [--counter hardware] [--check] [NAME…]

Millions of instructions, not seconds, which mean nothing on a shared machine. Beside them, from the fastest
of five runs without valgrind: CPU time, peak memory, unzipped size and the AWS calls of one warm request.
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import certificates, counters, probe, responses, subjects
from bench.stub import Stub
from bench.subjects import ROOT, Subject
from operate.command import Parser

RESULTS = ROOT / "bench/results.json"
MAX_GROWTH = 1.03  # of the committed figures
MILLION = 1_000_000
RUNS = 5  # without valgrind
BUNDLE = "botocore/cacert.pem"  # the authorities that botocore trusts by default
RATIOS = {
    "orders/Api": "typical/create-order",
    "tickets/Api": "typical/browse",
    "auth/Api": "typical/sign-in",
    "floor/create-order": "typical/create-order",
    "payments/Api": "typical/create-order",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Millions of instructions, CPU milliseconds, megabytes, and the AWS calls of a warm request."""

    name: str
    init: float
    first: float
    warm: float
    init_ms: float
    first_ms: float
    warm_ms: float
    peak_mb: float
    unzipped_mb: float
    calls: int

    @property
    def cold(self) -> float:
        """Until the first response."""
        return self.init + self.first


def main() -> int:
    parser = Parser(
        prog="python -m bench.cold_start",
        description="Count the instructions of every built function, cold and warm.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help='such as "orders/Api"; all by default')
    parser.add_argument("--counter", choices=["cachegrind", "hardware"], default="cachegrind")
    parser.add_argument("--check", action="store_true", help="compare with bench/results.json")
    args = parser.parse_args()
    known = subjects.names()
    if unknown := [each for each in args.names if each not in known]:
        parser.error(f"nothing is named {unknown[0]}; names: {', '.join(known)}")
    with tempfile.TemporaryDirectory(prefix="tiketz-bench-") as folder:
        counter = counters.Hardware() if args.counter == "hardware" else counters.Cachegrind(Path(folder))
        results = []
        print(heading(counter.name))
        for each in _measure(Path(folder), counter, args.names):
            results.append(each)
            print(line(each), flush=True)
    print(*comparisons({each.name: each for each in results}), sep="\n")
    if args.check:
        failures = grown(results, json.loads(RESULTS.read_text()))
        print(*failures or ["No function executes more than 3 % above bench/results.json."], sep="\n")
        return 1 if failures else 0
    if counter.name == "cachegrind":
        former = json.loads(RESULTS.read_text())["functions"] if args.names and RESULTS.exists() else []
        RESULTS.write_text(json.dumps(document(results, former), indent=2) + "\n")
        print(f"Written to {RESULTS.relative_to(ROOT)}")
    return 0


def heading(counter: str) -> str:
    return (
        f"Millions of instructions ({counter}), Python {platform.python_version()} on {platform.machine()}\n"
        f"{'':22}{'init':>8}{'first':>8}{'cold':>8}{'warm':>8}   "
        f"{'init':>7}{'first':>7}{'warm':>7}   {'peak':>6}{'size':>7}{'calls':>7}\n"
        f"{'':54}   {'ms':>7}{'ms':>7}{'ms':>7}   {'MB':>6}{'MB':>7}{'':>7}"
    )


def line(result: Measured) -> str:
    return (
        f"{result.name:22}{result.init:8.0f}{result.first:8.0f}{result.cold:8.0f}{result.warm:8.2f}   "
        f"{result.init_ms:7.0f}{result.first_ms:7.0f}{result.warm_ms:7.1f}   "
        f"{result.peak_mb:6.0f}{result.unzipped_mb:7.1f}{result.calls:7}"
    )


def comparisons(results: dict[str, Measured]) -> Iterator[str]:
    """The ratios of functions to their typical counterparts."""
    for name, typical in RATIOS.items():
        if name in results and typical in results:
            ours, theirs = results[name], results[typical]
            yield (
                f"{name:20} cold {ours.cold / theirs.cold:.2f} x, "
                f"warm {ours.warm / theirs.warm:.2f} x of {typical}"
            )


def grown(results: list[Measured], committed: dict[str, Any]) -> list[str]:
    """The functions that execute notably more than committed, or that have no committed figures."""
    known = {each["name"]: each for each in committed["functions"]}
    failures = []
    for now in results:
        if now.name not in known:
            failures.append(f"{now.name} has no committed figures: run `make bench` and commit the results.")
            continue
        before = Measured(**known[now.name])
        for figure in ("init", "cold", "warm"):
            was, is_ = getattr(before, figure), getattr(now, figure)
            if is_ > was * MAX_GROWTH:
                failures.append(
                    f"{now.name}: {figure} grew from {was:.2f} to {is_:.2f} million instructions."
                )
    return failures


def _measure(folder: Path, counter: Any, names: list[str]) -> Iterator[Measured]:
    root, server = certificates.make(folder)
    stub = Stub(server, responses.respond)
    packages = subjects.runtime(folder)
    try:
        # Unpacked before the first is measured, so that a build meanwhile changes nothing.
        for subject in [*subjects.others(folder), *subjects.functions(folder, names)]:
            if not names or subject.name in names:
                yield _one(subject, folder, root, packages, stub, counter)
    finally:
        stub.close()


def _one(subject: Subject, folder: Path, root: Path, packages: Path, stub: Stub, counter: Any) -> Measured:
    for bundle in subject.trusted:
        bundle.write_text(bundle.read_text() + root.read_text())
    trusted = folder / "trusted.pem"
    trusted.write_text((packages / BUNDLE).read_text() + root.read_text())
    environment = {
        **_runtime_environment(),
        "AWS_CA_BUNDLE": str(trusted),
        **subject.environment,
        "PYTHONPATH": os.pathsep.join(str(each) for each in (*subject.path, packages)),
        "AWS_ENDPOINT_URL": stub.url,
        "STRIPE_API_BASE": stub.url,
    }
    count = 1 + probe.WARM_UP + probe.WARM
    specification, result = folder / "specification.json", folder / "result.json"
    specification.write_text(json.dumps({"handler": subject.handler, "events": [subject.event()] * count}))
    python = Path(sys.prefix).with_name(".venv-lambda") / "bin/python"
    command = [str(python.resolve()), "-P", "-s", probe.__file__, str(specification), str(result)]
    counter.run(command, environment)
    counted = _checked(subject.name, json.loads(result.read_text()))
    runs = []
    for _ in range(RUNS):
        stub.calls.clear()
        counters.run(command, environment)
        runs.append(_checked(subject.name, json.loads(result.read_text())))
    native = min(runs, key=lambda run: float(run["seconds"][-1]))  # the least disturbed one
    init, first, _, warm = _phases([counter.read(mark) for mark in counted["marks"]])
    init_s, first_s, _, warm_s = _phases(native["seconds"])
    return Measured(
        name=subject.name,
        init=init / MILLION,
        first=first / MILLION,
        warm=warm / probe.WARM / MILLION,
        init_ms=init_s * 1000,
        first_ms=first_s * 1000,
        warm_ms=warm_s / probe.WARM * 1000,
        peak_mb=native["peak_kb"] / 1000,
        unzipped_mb=subject.megabytes,
        calls=len(stub.calls) // count,  # without those that only the first request makes
    )


def _phases(totals: list[float]) -> list[float]:
    return [now - before for before, now in zip([0, *totals], totals, strict=False)]


def _checked(name: str, result: dict[str, Any]) -> dict[str, Any]:
    """The result. Raises RuntimeError where a response in it is an error."""
    for each in result["responses"]:
        if (each or {}).get("statusCode", 200) >= 300 or (each or {}).get("batchItemFailures"):
            raise RuntimeError(f"{name} responded {each}")
    return result


def _runtime_environment() -> dict[str, str]:
    """The variables that Lambda itself sets."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's folders of code are read-only
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_SESSION_TOKEN": "bench",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "LAMBDA_TASK_ROOT": "/var/task",
        "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    }


def document(results: list[Measured], former: list[dict[str, Any]]) -> dict[str, Any]:
    """The content of results.json: the new figures, and the former ones of functions not measured now."""
    new = {each.name for each in results}
    rounded = [
        {key: round(value, 2) if isinstance(value, float) else value for key, value in asdict(each).items()}
        for each in results
    ]
    return {
        "counter": "cachegrind",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "functions": [*rounded, *(each for each in former if each["name"] not in new)],
    }


if __name__ == "__main__":
    sys.exit(main())
