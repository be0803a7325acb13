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


def test_no_workflow_has_stored_keys_of_aws() -> None:
    """Where one deploys, GitHub's OIDC token gets it the role of its environment."""
    deploying = [each for each in WORKFLOWS if "configure-aws-credentials" in each.read_text()]
    assert deploying
    for each in deploying:
        text, workflow = each.read_text(), yaml_parse(each.read_text())
        assert not re.search(r"secrets\.AWS|aws-access-key-id|aws-secret-access-key", text)
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                if "configure-aws" in step.get("uses", ""):
                    assert job["permissions"]["id-token"] == "write"
                    assert job["environment"]
                    assert step["with"]["role-to-assume"] == "${{ vars.AWS_ROLE_ARN }}"


def test_the_aws_check_runs_weekly_where_it_has_a_role() -> None:
    workflow = yaml_parse((ROOT / ".github/workflows/aws-check.yml").read_text())
    on = workflow.get("on", workflow.get(True))  # YAML 1.1 reads `on` as true
    assert re.fullmatch(r"\d+ \d+ \* \* \d", on["schedule"][0]["cron"])
    job = workflow["jobs"]["check"]
    assert (job["needs"], job["if"]) == ("configured", "needs.configured.outputs.role == 'yes'")
    assert job["steps"][-1]["run"] == "make aws-check STAGE=check"


def test_github_gets_the_role_for_one_environment_of_one_repository() -> None:
    role = yaml_parse((ROOT / "github.yaml").read_text())["Resources"]["Role"]["Properties"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": {
            "Fn::Sub": "repo:${Repository}:environment:${Environment}"
        },
    }


def test_actions_are_pinned_by_commit_with_their_version() -> None:
    lines = [line for each in WORKFLOWS for line in each.read_text().splitlines() if "uses:" in line]
    assert lines
    assert [
        line for line in lines if not re.search(r"uses: [\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line)
    ] == []
