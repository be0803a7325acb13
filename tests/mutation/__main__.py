"""`python -m tests.mutation`: what `make mutation` runs. Every small change of a rule must fail some test."""

import json
import shutil
import subprocess
import sys
from collections import Counter

from tests.support.tables import ROOT

WORK = ROOT / ".tiketz/mutation"
SERVICES = ("auth", "tickets", "orders", "payments", "expiration")
LEAST = 0.95
VERDICTS = {None: "left out", 0: "survived", 1: "killed", 3: "killed", 5: "survived", 33: "survived"}
TIMED_OUT = "killed"  # whatever else ends a mutant


def main(names: list[str]) -> int:
    """Those mutants whose names fit (`orders.model*`), or all."""
    lay_out()
    mutmut = [sys.executable, "-m", "mutmut"]
    subprocess.run([*mutmut, "run", *names], cwd=WORK, check=True)
    total: Counter[str] = Counter()
    survivors: list[str] = []
    for file in sorted((WORK / "mutants/src").glob("*/*.py.meta")):
        codes = json.loads(file.read_text())["exit_code_by_key"]
        verdicts = {name: VERDICTS.get(code, TIMED_OUT) for name, code in codes.items()}
        survivors += [name for name, verdict in verdicts.items() if verdict == "survived"]
        count = Counter(verdicts.values())
        print(f"{file.parent.name}.{file.name.partition('.')[0]:<12} {dict(count)}")
        total += count
    for name in survivors:
        print(subprocess.check_output([*mutmut, "show", name], cwd=WORK, text=True))
    played = total["killed"] + total["survived"]
    score = total["killed"] / max(1, played)
    print(f"{played:,} mutants, {total['survived']} survived: {score:.1%} killed")
    return 0 if score >= LEAST else 1


def lay_out() -> None:
    """A copy of what mutmut needs, the packages side by side."""
    shutil.rmtree(WORK, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("tests", "functions", "statemachines", "docs"):
        shutil.copytree(ROOT / folder, WORK / folder, ignore=ignored)
    for service in SERVICES:
        shutil.move(WORK / "functions" / service / service, WORK / "src" / service)
    shutil.copy(ROOT / "pyproject.toml", WORK)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
