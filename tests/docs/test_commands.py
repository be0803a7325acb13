"""The documents do not rot: commands and paths exist, alarms are explained, what can be run is."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from local.running import RunningWorld
from tests.support.tables import ROOT

DOCUMENTS = sorted(
    [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/decisions").glob("*.md")]
)
MAKE = re.compile(r"\bmake ([a-z][a-z-]+)\b")
TARGET = re.compile(r"^([a-z][a-z-]+):", re.MULTILINE)


def commands(document: Path) -> list[str]:
    """The command lines of a document's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("make ")]


def alarms() -> set[str]:
    """Every alarm that any template has."""
    templates = [ROOT / "alarms.yaml", ROOT / "dashboard.yaml", *ROOT.glob("functions/*/template.yaml")]
    return {
        name
        for each in templates
        for name, resource in yaml_parse(each.read_text())["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.stem)
def test_every_command_that_is_shown_exists(document: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    prose = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    shown = {each for span in re.findall(r"`([^`\n]+)`", prose) for each in MAKE.findall(span)}
    shown |= {MAKE.match(each)[1] for each in commands(document)}  # type: ignore[index]
    assert shown <= targets


def test_every_alarm_is_in_the_runbook_and_no_other() -> None:
    table = (ROOT / "docs/runbook.md").read_text().partition("## Alarms")[2].partition("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")][2:]
    assert {name for row in rows for name in row.split(", ")} == alarms()


def test_the_architecture_page_names_files_that_are_there() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    named = {each for each in re.findall(r"`([\w./-]+)`", text) if "/" in each}
    named = {each for each in named if not each.startswith(("/", "http"))}
    missing = [each for each in named if not (ROOT / each).exists()]
    assert named
    assert missing == []


LOCALLY = [each for each in commands(ROOT / "docs/runbook.md") if "STAGE=local" in each]


@pytest.mark.parametrize("command", LOCALLY)
def test_a_command_for_the_local_world_works_there(tiketz: RunningWorld, command: str) -> None:
    ran = subprocess.run(
        command.split(),
        cwd=ROOT,
        env=os.environ | {"DATA": str(tiketz.data)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    refused_for_now = "Somebody would be signed out" in ran.stderr  # the rotation's next step, so soon
    assert ran.returncode == 0 or refused_for_now, ran.stderr


def test_the_workflow_runs_targets_that_exist() -> None:
    workflow = yaml_parse((ROOT / ".github/workflows/check.yml").read_text())
    runs = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step]
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    assert (
        {"check", "test", "smoke", "deploy-check"} <= {each.removeprefix("make ") for each in runs} <= targets
    )
