"""What a deployment would change, as a change set lists it: each template, translated, against the last one.

That is the one last deployed from here, or else git's at BASE (HEAD). `python -m operate.diff` prints it, and
fails where data would be lost, but for `--lose`; `--keep` remembers the templates as deployed.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import template
from operate.stages import ROOT, CannotDo, run

KEPT = ROOT / ".tiketz/deployed.json"
TEMPLATES = ("template.yaml", "hosting.yaml", "dashboard.yaml", "alarms.yaml", "functions/*/template.yaml")
# What holds something that no deployment brings back, and the properties whose change makes CloudFormation
# replace it (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
HOLDERS = {
    "AWS::DynamoDB::Table": {"TableName", "KeySchema", "LocalSecondaryIndexes", "ImportSourceSpecification"},
    "AWS::Events::Archive": {"ArchiveName", "SourceArn"},
    "AWS::Events::EventBus": {"Name"},
    "AWS::SQS::Queue": {"QueueName", "FifoQueue"},
    "AWS::StepFunctions::StateMachine": {"StateMachineName", "StateMachineType"},
}

Resources = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a change set."""

    action: str  # Add, Modify, Replace, Remove
    name: str
    type: str
    properties: tuple[str, ...] = ()

    @property
    def loses(self) -> bool:
        """Whether what it holds would be gone."""
        return self.type in HOLDERS and self.action in ("Replace", "Remove")

    def __str__(self) -> str:
        return f"{self.action:<8} {self.name:<40} {self.type:<42} {', '.join(self.properties)}".rstrip()


def changes(before: Resources, after: Resources) -> Iterator[Change]:
    """From one template's resources to the next one's."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            found = new or old or {}
            yield Change("Add" if new else "Remove", name, found["Type"])
        elif old != new:
            was, will = old.get("Properties", {}), new.get("Properties", {})
            differ = tuple(
                sorted(each for each in was.keys() | will.keys() if was.get(each) != will.get(each))
            )
            replaced = old["Type"] != new["Type"] or HOLDERS.get(new["Type"], set()) & set(differ)
            yield Change("Replace" if replaced else "Modify", name, new["Type"], differ)


def translated(root: Path = ROOT) -> dict[str, Resources]:
    """Every template's resources, as CloudFormation will see them."""
    paths = [path for each in TEMPLATES for path in sorted(root.glob(each))]
    return {str(path.relative_to(root)): template.resources(path) for path in paths}


def previous(base: str) -> dict[str, Resources]:
    """What was deployed last from here, or else what git has at `base`. Raises CannotDo."""
    if KEPT.exists():
        return dict(json.loads(KEPT.read_text()))
    archive = subprocess.run(["git", "archive", base], cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise CannotDo(f"Git knows no {base!r} to compare with; say BASE= a commit.")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        return translated(Path(folder))


def main(arguments: list[str]) -> None:
    """Raises CannotDo where data would be lost."""
    before = previous(os.environ.get("BASE") or "HEAD")
    after = translated()
    losses: list[Change] = []
    for path in sorted(before.keys() | after.keys()):
        found = list(changes(before.get(path, {}), after.get(path, {})))
        losses += [each for each in found if each.loses]
        print(f"{path}: {len(found) or 'no'} change{'s' if len(found) != 1 else ''}")
        for each in found:
            print(f"  {each}")
    if losses and "--lose" not in arguments:
        named = ", ".join(each.name for each in losses)
        raise CannotDo(f"This would lose what is in {named}. If it may go, say LOSE=1.")
    if "--keep" in arguments:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(after, indent=1, sort_keys=True))


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
