"""Print what a deployment would change; fail where it would delete data.

Compares each template, after SAM's transform, with the one last deployed to the stage from this folder;
without --stage, to each stage. Where none was, or with --base, with the one in git (HEAD, or that commit).
`deploy` compares with the commit that the stage says is deployed, where its folder was clean then.
"""

import argparse
import io
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operate import templates
from operate.command import CommandError, UsageError
from operate.stages import ROOT, deploy_settings

DEPLOYED = ROOT / ".tiketz/deployed"  # a file for each stage
TEMPLATES = ("template.yaml", "hosting.yaml", "dashboard.yaml", "alarms.yaml", "functions/*/template.yaml")
# Types that hold data which no deployment recreates, and the properties whose change makes CloudFormation
# replace them (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
STATEFUL = {
    "AWS::DynamoDB::Table": {"TableName", "KeySchema", "LocalSecondaryIndexes", "ImportSourceSpecification"},
    "AWS::Events::Archive": {"ArchiveName", "SourceArn"},
    "AWS::Events::EventBus": {"Name"},
    "AWS::SQS::Queue": {"QueueName", "FifoQueue"},
    "AWS::StepFunctions::StateMachine": {"StateMachineName", "StateMachineType"},
}
NESTED = "AWS::CloudFormation::Stack"

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
    def deletes(self) -> bool:
        """Whether the present resource would be deleted."""
        return self.action in ("Replace", "Remove")

    def __str__(self) -> str:
        return f"{self.action:<8} {self.name:<40} {self.type:<42} {', '.join(self.properties)}".rstrip()


def changes(before: Resources, after: Resources) -> Iterator[Change]:
    """The changes from one template's resources to another's."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield Change("Add", name, after[name]["Type"])
        elif new is None:
            yield Change("Remove", name, old["Type"])
        elif old != new:
            differing = _differing(old.get("Properties", {}), new.get("Properties", {}))
            replaced = old["Type"] != new["Type"] or STATEFUL.get(new["Type"], set()) & set(differing)
            yield Change("Replace" if replaced else "Modify", name, new["Type"], differing)


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(each for each in old.keys() | new.keys() if old.get(each) != new.get(each)))


def losses(before: Templates, after: Templates) -> list[str]:
    """The resources whose data would be deleted."""
    return [
        each.name
        for path in sorted(before)
        for each in changes(before[path], after.get(path, {}))
        if each.deletes and _is_stateful(before, path, each.name)
    ]


def routes_with_settings(before: Templates, after: Templates) -> list[str]:
    """The routes that are gone and whose RouteSettings were still there before: such as `GET /api/orders`.

    Then API Gateway can refuse the stage's update ("Unable to find Route by key … within the provided
    RouteSettings", https://github.com/DianaIonita/serverless-api-gateway-throttling/issues/33).
    """
    throttled = {
        key
        for resources in before.values()
        for each in resources.values()
        if each["Type"] == "AWS::ApiGatewayV2::Stage"
        for key in each["Properties"].get("RouteSettings", {})
    }
    return sorted(throttled - {route for resources in after.values() for route in _routes(resources)})


def _routes(resources: Resources) -> Iterator[str]:
    for each in resources.values():
        if each["Type"] == "AWS::ApiGatewayV2::Api":
            for path, methods in each["Properties"]["Body"]["paths"].items():
                yield from (f"{method.upper()} {path}" for method in methods)


def _is_stateful(templates: Templates, path: str, name: str) -> bool:
    """Whether a resource holds data; a nested stack, whether any of its resources does."""
    resource = templates[path][name]
    if resource["Type"] != NESTED:
        return resource["Type"] in STATEFUL
    nested = os.path.normpath(Path(path).parent / resource["Properties"]["TemplateURL"])
    return any(_is_stateful(templates, nested, each) for each in templates.get(nested, {}))


def translated(root: Path = ROOT) -> dict[str, Resources]:
    """The resources of every template."""
    paths = [path for each in TEMPLATES for path in sorted(root.glob(each))]
    return {str(path.relative_to(root)): templates.resources(path) for path in paths}


def at(commit: str) -> dict[str, Resources]:
    """The resources of every template in a commit. Raises UsageError."""
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True)
    if archive.returncode:
        raise UsageError(f"git has no commit {commit!r} to compare with.")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        return translated(Path(folder))


def current_commit() -> str | None:
    """The commit of this folder; None where files differ from it, or without git."""
    commands = (["git", "rev-parse", "HEAD"], ["git", "status", "--porcelain"])
    commit, changes = (subprocess.run(each, cwd=ROOT, capture_output=True, text=True) for each in commands)
    return commit.stdout.strip() if commit.returncode == 0 and not changes.stdout else None


def previous(stage: str | None, base: str | None) -> dict[str, Templates]:
    """What to compare with, by its description. Raises UsageError."""
    if base:
        return {f"git's {base}": at(base)}
    files = [DEPLOYED / f"{each}.json" for each in ([stage] if stage else sorted(deploy_settings()))]
    recorded = {f"the last deployment from here to {each.stem}": each for each in files if each.exists()}
    if not recorded:
        where = f" to {stage}" if stage else ""
        return {f"git's HEAD (no deployment from here{where}; BASE= names another commit)": at("HEAD")}
    return {description: dict(json.loads(each.read_text())) for description, each in recorded.items()}


def check(stage: str | None, base: str | None, *, allow_data_loss: bool) -> None:
    """Print all changes. Raises CommandError where data would be deleted that may not be."""
    after = translated()
    lost: list[str] = []
    early: list[str] = []
    for description, before in previous(stage, base).items():
        print(f"Compared with {description}:")
        for path in sorted(before.keys() | after.keys()):
            changed = list(changes(before.get(path, {}), after.get(path, {})))
            print(f"{path}: {len(changed) or 'no'} change{'s' if len(changed) != 1 else ''}")
            for each in changed:
                print(f"  {each}")
        lost += losses(before, after)
        early += routes_with_settings(before, after)
    if early:
        raise CommandError(
            f"Removing {', '.join(dict.fromkeys(early))} takes two deployments: "
            "first its RouteSettings, then the route."
        )
    if lost and not allow_data_loss:
        names = ", ".join(dict.fromkeys(lost))
        raise CommandError(
            f"This would delete the data in {names}: allow it with LOSE=1 (--allow-data-loss)."
        )


def record(stage: str) -> None:
    """Keep the present templates as the ones deployed to this stage."""
    DEPLOYED.mkdir(parents=True, exist_ok=True)
    (DEPLOYED / f"{stage}.json").write_text(json.dumps(translated(), indent=1, sort_keys=True))


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Add the options of the comparison, which `deploy` has too."""
    parser.add_argument("--base", metavar="COMMIT", help="compare with this commit in git")
    parser.add_argument(
        "--allow-data-loss", action="store_true", help="don't fail where data would be deleted"
    )


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--stage", choices=list(deploy_settings()))
    add_comparison(parser)


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    check(options.stage, options.base, allow_data_loss=options.allow_data_loss)
