"""`python -m tests.mutation [NAME …]`: what `make mutation` runs."""

import json
import shutil
import subprocess
import sys
from collections import Counter

from operate.command import Parser
from tests.mutation.equivalents import EQUIVALENTS, Equivalent, equivalent
from tests.support.templates import ROOT

WORK = ROOT / ".tiketz/mutation"
SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
MODULES = ("model", "repository", "rows", "*")
MIN_KILLED = 0.95
MUTMUT = [sys.executable, "-m", "mutmut"]
VERDICTS = {None: "skipped", 0: "survived", 1: "killed", 3: "killed", 5: "survived", 33: "survived"}
TIMED_OUT = "killed"  # so does every other exit code


def main() -> int:
    parser = Parser(
        prog="python -m tests.mutation",
        description="Run mutmut on models and repositories: the unit tests must kill the mutants.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help='such as "orders.model*"; all by default')
    names: list[str] = parser.parse_args().names
    for name in names:
        service, _, module = name.partition(".")
        if service not in SERVICES or not module.startswith(MODULES):
            parser.error(f"no mutant is named {name}; try orders.model*")
    lay_out()
    subprocess.run([*MUTMUT, "run", *names], cwd=WORK, check=True)
    total, survivors, used = count_verdicts()
    print(*survivors, sep="\n")
    if not names and (unused := set(EQUIVALENTS) - used):
        print("Equivalents that match no mutant:", *unused, sep="\n")
        return 1
    tested = total["killed"] + total["survived"]
    score = total["killed"] / max(1, tested)
    print(
        f"{tested + total['equivalent']:,} mutants, {total['equivalent']} of them equivalent; "
        f"of the others {total['survived']} survived: {score:.1%} killed"
    )
    return 0 if score >= MIN_KILLED else 1


def count_verdicts() -> tuple[Counter[str], list[str], set[Equivalent]]:
    """How many mutants have each verdict, the survivors' diffs, and the equivalents that matched one."""
    total: Counter[str] = Counter()
    survivors: list[str] = []
    used: set[Equivalent] = set()
    for file in sorted((WORK / "mutants/src").glob("*/*.py.meta")):
        codes = json.loads(file.read_text())["exit_code_by_key"]
        verdicts = {name: VERDICTS.get(code, TIMED_OUT) for name, code in codes.items()}
        for name in [name for name, verdict in verdicts.items() if verdict == "survived"]:
            diff = subprocess.check_output([*MUTMUT, "show", name], cwd=WORK, text=True)
            if reason := equivalent(name, diff):
                verdicts[name] = "equivalent"
                used.add(reason)
            else:
                survivors.append(diff)
        count = Counter(verdicts.values())
        print(f"{file.parent.name}.{file.name.partition('.')[0]:<12} {dict(count)}")
        total += count
    return total, survivors, used


def lay_out() -> None:
    """Copy what mutmut needs, the packages side by side."""
    shutil.rmtree(WORK, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("tests", "functions", "statemachines", "docs"):
        shutil.copytree(ROOT / folder, WORK / folder, ignore=ignored)
    for service in SERVICES:
        shutil.move(WORK / "functions" / service / service, WORK / "src" / service)
    shutil.copy(ROOT / "pyproject.toml", WORK)


if __name__ == "__main__":
    sys.exit(main())
