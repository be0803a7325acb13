"""`python -m tests.mutation`: what `make mutation` runs. Every small change of a rule must fail some test."""

import json
import shutil
import subprocess
import sys
from collections import Counter

from tests.mutation.equivalents import EQUIVALENTS, Equivalent, equivalent
from tests.support.templates import ROOT

WORK = ROOT / ".tiketz/mutation"
SERVICES = ("auth", "tickets", "orders", "payments", "expiration")
LEAST = 0.95
MUTMUT = [sys.executable, "-m", "mutmut"]
VERDICTS = {None: "left out", 0: "survived", 1: "killed", 3: "killed", 5: "survived", 33: "survived"}
TIMED_OUT = "killed"  # whatever else ends a mutant


def main(names: list[str]) -> int:
    """Those mutants whose names fit (`orders.model*`), or all."""
    lay_out()
    subprocess.run([*MUTMUT, "run", *names], cwd=WORK, check=True)
    total: Counter[str] = Counter()
    unknown: list[str] = []
    excused: set[Equivalent] = set()
    for file in sorted((WORK / "mutants/src").glob("*/*.py.meta")):
        codes = json.loads(file.read_text())["exit_code_by_key"]
        verdicts = {name: VERDICTS.get(code, TIMED_OUT) for name, code in codes.items()}
        for name in [name for name, verdict in verdicts.items() if verdict == "survived"]:
            diff = subprocess.check_output([*MUTMUT, "show", name], cwd=WORK, text=True)
            if reason := equivalent(name, diff):
                verdicts[name] = "equivalent"
                excused.add(reason)
            else:
                unknown.append(diff)
        count = Counter(verdicts.values())
        print(f"{file.parent.name}.{file.name.partition('.')[0]:<12} {dict(count)}")
        total += count
    print(*unknown, sep="\n")
    if not names and (idle := set(EQUIVALENTS) - excused):
        print("Equivalents that no mutant is any more:", *idle, sep="\n")
        return 1
    played = total["killed"] + total["survived"]
    score = total["killed"] / max(1, played)
    print(
        f"{played + total['equivalent']:,} mutants, {total['equivalent']} of them change nothing; "
        f"of the others {total['survived']} survived: {score:.1%} killed"
    )
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
