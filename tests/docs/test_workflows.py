"""The GitHub workflows run what .ci/run runs, with actions pinned by commit."""

import re

from samtranslator.yaml_helper import yaml_parse

from tests.docs.test_commands import TARGET
from tests.support.templates import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
CI = (ROOT / ".ci/run").read_text()


def test_the_workflow_runs_every_step_of_ci() -> None:
    steps = set(re.findall(r"^([a-z_]+)\(\) \{", CI, re.MULTILINE))
    workflow = yaml_parse((ROOT / ".github/workflows/check.yml").read_text())
    matrix = workflow["jobs"]["step"]["strategy"]["matrix"]["include"]
    assert {step for each in matrix for step in each["steps"].split()} == steps - {"rehearse"}
    assert "deploy_check" in steps  # of which the rehearsal is a part


def test_every_step_of_ci_runs_make_targets_that_exist() -> None:
    used = re.findall(r"\bmake ([a-z-]+)", CI)
    assert used
    assert set(used) <= set(TARGET.findall((ROOT / "Makefile").read_text()))


def test_actions_are_pinned_by_commit_with_their_version() -> None:
    lines = [line for each in WORKFLOWS for line in each.read_text().splitlines() if "uses:" in line]
    assert lines
    assert [
        line for line in lines if not re.search(r"uses: [\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line)
    ] == []
