"""What a deployment would change, as a change set lists it: each template, translated, against the last one.

    python -m operate.diff [STAGE]         print it, and fail where data would be lost, but for --lose
    python -m operate.diff STAGE --keep    remember the templates as deployed there

The last one is what was deployed to the stage from here; where no stage is said, to each in turn; where
nothing was, or BASE= names a commit, what git has at BASE (HEAD).
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

from local.aws import template
from operate.stages import ROOT, CannotDo, deployable, run, stage

KEPT = ROOT / ".tiketz/deployed"  # a file for each stage
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
NESTED = "AWS::CloudFormation::Stack"  # which holds what its template does

Resources = Mapping[str, dict[str, Any]]
Templates = Mapping[str, Resources]  # by path


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a change set."""

    action: str  # Add, Modify, Replace, Remove
    name: str
    type: str
    properties: tuple[str, ...] = ()

    @property
    def takes_away(self) -> bool:
        """Whether what it holds would be gone."""
        return self.action in ("Replace", "Remove")

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


def losses(before: Templates, after: Templates) -> list[str]:
    """The resources that hold something that would be gone."""
    return [
        each.name
        for path in sorted(before)
        for each in changes(before[path], after.get(path, {}))
        if each.takes_away and _holds(before, path, each.name)
    ]


def _holds(templates: Templates, path: str, name: str) -> bool:
    """Whether a resource holds something; a nested stack, whether anything in it does."""
    resource = templates[path][name]
    if resource["Type"] != NESTED:
        return resource["Type"] in HOLDERS
    nested = os.path.normpath(Path(path).parent / resource["Properties"]["TemplateURL"])
    return any(_holds(templates, nested, each) for each in templates.get(nested, {}))


def translated(root: Path = ROOT) -> dict[str, Resources]:
    """Every template's resources, as CloudFormation will see them."""
    paths = [path for each in TEMPLATES for path in sorted(root.glob(each))]
    return {str(path.relative_to(root)): template.resources(path) for path in paths}


def at(base: str) -> dict[str, Resources]:
    """What git has at `base`. Raises CannotDo."""
    archive = subprocess.run(["git", "archive", base], cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise CannotDo(f"Git knows no {base!r} to compare with; say BASE= a commit.")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        return translated(Path(folder))


def previous(name: str, base: str) -> dict[str, Templates]:
    """What to compare with, by what to call it. Raises CannotDo."""
    if base:
        return {f"git's {base}": at(base)}
    kept = [KEPT / f"{each}.json" for each in ([name] if name else sorted(deployable()))]
    found = {f"what was last deployed from here to {each.stem}": each for each in kept if each.exists()}
    if not found:
        where = f" to {name}" if name else ""
        return {f"git's HEAD, for nothing was deployed from here{where}; BASE= says another": at("HEAD")}
    return {called: dict(json.loads(each.read_text())) for called, each in found.items()}


def main(arguments: list[str]) -> None:
    """Raises CannotDo where data would be lost."""
    names = [each for each in arguments if not each.startswith("--")]
    name = stage(names[0]).name if names else ""
    after = translated()
    if "--keep" in arguments:
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{name}.json").write_text(json.dumps(after, indent=1, sort_keys=True))
        return
    lost: list[str] = []
    for called, before in previous(name, os.environ.get("BASE", "")).items():
        print(f"Against {called}:")
        for path in sorted(before.keys() | after.keys()):
            found = list(changes(before.get(path, {}), after.get(path, {})))
            print(f"{path}: {len(found) or 'no'} change{'s' if len(found) != 1 else ''}")
            for each in found:
                print(f"  {each}")
        lost += losses(before, after)
    if lost and "--lose" not in arguments:
        named = ", ".join(dict.fromkeys(lost))
        raise CannotDo(f"This would lose what is in {named}. If it may go, say LOSE=1.")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
