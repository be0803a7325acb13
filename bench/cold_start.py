"""`make bench`: what each built function executes to start, to answer first, and to answer when warm.

    python -m bench.cold_start [--counter hardware] [--check] [NAME…]

Millions of instructions, not seconds: on a shared machine a second means nothing. Beside them, from the
quickest of five runs without valgrind: CPU time, peak memory, unzipped size and the AWS calls of one warm
request.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import answers, certificates, counters, probe, subjects
from bench.stub import Stub
from bench.subjects import ROOT, Subject

RESULTS = ROOT / "bench/results.json"
GROWTH = 1.03  # more than this against the committed figures fails the check
MILLION = 1_000_000
RUNS = 5  # without valgrind
BUNDLE = "botocore/cacert.pem"  # what botocore trusts where nobody says otherwise
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
        """Until the first answer."""
        return self.init + self.first


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--counter", choices=["cachegrind", "hardware"], default="cachegrind")
    parser.add_argument("--check", action="store_true", help="hold the figures against the committed ones")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tiketz-bench-") as folder:
        counter = counters.Hardware() if asked.counter == "hardware" else counters.Cachegrind(Path(folder))
        found = []
        print(heading(counter.name))
        for each in _measure(Path(folder), counter, asked.names):
            found.append(each)
            print(line(each), flush=True)
    print(*comparisons({each.name: each for each in found}), sep="\n")
    if asked.check:
        complaints = grown(found, json.loads(RESULTS.read_text()))
        print(*complaints or ["No function executes more than 3 % above bench/results.json."], sep="\n")
        return 1 if complaints else 0
    if counter.name == "cachegrind":
        kept = json.loads(RESULTS.read_text())["functions"] if asked.names and RESULTS.exists() else []
        RESULTS.write_text(json.dumps(document(found, kept), indent=2) + "\n")
        print(f"Written to {RESULTS.relative_to(ROOT)}")
    return 0


def heading(counter: str) -> str:
    return (
        f"Millions of instructions ({counter}), Python {platform.python_version()} on {platform.machine()}\n"
        f"{'':22}{'init':>8}{'first':>8}{'cold':>8}{'warm':>8}   "
        f"{'init':>7}{'first':>7}{'warm':>7}   {'peak':>6}{'size':>7}{'calls':>7}\n"
        f"{'':54}   {'ms':>7}{'ms':>7}{'ms':>7}   {'MB':>6}{'MB':>7}{'':>7}"
    )


def line(of: Measured) -> str:
    return (
        f"{of.name:22}{of.init:8.0f}{of.first:8.0f}{of.cold:8.0f}{of.warm:8.2f}   "
        f"{of.init_ms:7.0f}{of.first_ms:7.0f}{of.warm_ms:7.1f}   "
        f"{of.peak_mb:6.0f}{of.unzipped_mb:7.1f}{of.calls:7}"
    )


def comparisons(found: dict[str, Measured]) -> Iterator[str]:
    """Each compared function as a part of its typical counterpart."""
    for name, typical in RATIOS.items():
        if name in found and typical in found:
            ours, theirs = found[name], found[typical]
            yield (
                f"{name:20} cold {ours.cold / theirs.cold:.2f} x, "
                f"warm {ours.warm / theirs.warm:.2f} x of {typical}"
            )


def grown(found: list[Measured], committed: dict[str, Any]) -> list[str]:
    """What executes notably more than the committed figures say, or is not among them."""
    known = {each["name"]: each for each in committed["functions"]}
    complaints = []
    for now in found:
        if now.name not in known:
            complaints.append(
                f"{now.name} has no committed figures: run `make bench` and commit the results."
            )
            continue
        before = Measured(**known[now.name])
        for what in ("init", "cold", "warm"):
            was, is_ = getattr(before, what), getattr(now, what)
            if is_ > was * GROWTH:
                complaints.append(
                    f"{now.name}: {what} grew from {was:.2f} to {is_:.2f} million instructions."
                )
    return complaints


def _measure(folder: Path, counter: Any, names: list[str]) -> Iterator[Measured]:
    root, server = certificates.make(folder)
    stub = Stub(server, answers.answer)
    packages = subjects.runtime(folder)
    try:
        # Unpacked all at once: what is built meanwhile is not measured.
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
        **_surroundings(),
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
    counted = _judged(subject.name, json.loads(result.read_text()))
    runs = []
    for _ in range(RUNS):
        stub.calls.clear()
        counters.run(command, environment)
        runs.append(_judged(subject.name, json.loads(result.read_text())))
    native = min(runs, key=lambda run: float(run["seconds"][-1]))  # the least disturbed
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
        calls=len(stub.calls) // count,  # the rest is what only the first request asks for
    )


def _phases(totals: list[float]) -> list[float]:
    return [now - before for before, now in zip([0, *totals], totals, strict=False)]


def _judged(name: str, result: dict[str, Any]) -> dict[str, Any]:
    """The result, where every answer in it is a good one: a fast failure is no success."""
    for each in result["answers"]:
        if (each or {}).get("statusCode", 200) >= 300 or (each or {}).get("batchItemFailures"):
            raise RuntimeError(f"{name} answered {each}")
    return result


def _surroundings() -> dict[str, str]:
    """What Lambda itself sets."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",  # on Lambda the code's folders are read-only
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


def document(found: list[Measured], kept: list[dict[str, Any]]) -> dict[str, Any]:
    """What is committed: the new figures, and of functions that were not measured now the former ones."""
    new = {each.name for each in found}
    rounded = [
        {key: round(value, 2) if isinstance(value, float) else value for key, value in asdict(each).items()}
        for each in found
    ]
    return {
        "counter": "cachegrind",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "functions": [*rounded, *(each for each in kept if each["name"] not in new)],
    }


if __name__ == "__main__":
    sys.exit(main())
