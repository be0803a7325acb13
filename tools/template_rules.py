"""Checks the templates for what only a deployment to AWS would show.

No linter knows these rules, and moto ignores most of these resources. docs/aws.md has what is assumed of AWS.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from local.aws.config import CannotStart
from local.aws.template import translate
from local.aws.template_checks import check_queue_policies
from operate import templates
from operate.command import Parser
from operate.diff import TEMPLATES
from operate.stages import ROOT

PARAMETERS = {"EventBusName": "the-stage"}  # SAM resolves it in the properties of layers
CODEDEPLOY_POLICY = "policy/service-role/AWSCodeDeployRoleForLambdaLimited"

Resources = dict[str, templates.Resource]


def of(template: Resources, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name and properties of each resource of a type."""
    for name, each in template.items():
        if each["Type"] == kind:
            yield name, each.get("Properties", {})


def versions_are_deleted(template: Resources) -> Iterator[str]:
    """A version that a rollback leaves behind stops the next deployment of the same code.

    Lambda publishes no second version of unchanged code
    (https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html); CloudFormation then fails with "A
    version for this Lambda function exists" (https://github.com/aws/serverless-application-model/issues/1375).
    """
    for name, each in template.items():
        if each["Type"] == "AWS::Lambda::Version" and each.get("DeletionPolicy") != "Delete":
            yield f"{name} outlives the rollback of its deployment: VersionDeletionPolicy: Delete"


def a_failed_first_deployment_leaves_nothing(template: Resources) -> Iterator[str]:
    """Data is kept, except where the stack that creates it is rolled back.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html.
    Protection against deletion would stop the rollback: `make deploy` switches it on after the first success.
    """
    for name, each in template.items():
        policies = [each.get("DeletionPolicy"), each.get("UpdateReplacePolicy")]
        if "Retain" in str(policies[0]) and policies != [
            _in_prod("RetainExceptOnCreate"),
            _in_prod("Retain"),
        ]:
            yield f"{name} needs DeletionPolicy RetainExceptOnCreate and UpdateReplacePolicy Retain in prod"
        if "DeletionProtectionEnabled" in each.get("Properties", {}):
            yield f"{name} is protected from its creation on, also where that is rolled back"


def layers_carry_the_stage(template: Resources) -> Iterator[str]:
    """Layers of one name are versions of one another, whatever stack they belong to."""
    for name, layer in of(template, "AWS::Lambda::LayerVersion"):
        if PARAMETERS["EventBusName"] not in str(layer.get("LayerName")):
            yield f"{name} needs a LayerName with ${{EventBusName}}, which differs from stage to stage"


def what_the_gateway_invokes_shifts_gradually(template: Resources) -> Iterator[str]:
    """API Gateway invokes aliases, and CodeDeploy rolls them back when their errors alarm."""
    alarms = {name: str(each.get("Dimensions")) for name, each in of(template, "AWS::CloudWatch::Alarm")}
    for name, permission in of(template, "AWS::Lambda::Permission"):
        if permission["Principal"] != "apigateway.amazonaws.com":
            continue
        alias = str(permission["FunctionName"].get("Ref"))
        if template.get(alias, {}).get("Type") != "AWS::Lambda::Alias":
            yield f"{name} lets API Gateway invoke a function instead of its alias: AutoPublishAlias: live"
            continue
        function = template[alias]["Properties"]["FunctionName"]["Ref"]
        if "CodeDeployLambdaAliasUpdate" not in template[alias].get("UpdatePolicy", {}):
            yield f"{function} needs a DeploymentPreference"
        elif f"${{{function}}}:live" not in alarms.get(f"{function}Faults", ""):
            yield f"{function} needs an alarm {function}Faults on the errors of {function}:live"
        elif f"{function}Faults" not in str(template[f"{function}DeploymentGroup"]):
            yield f"{function}'s DeploymentPreference needs the alarm {function}Faults"


def codedeploy_has_what_aws_gives_it(template: Resources) -> Iterator[str]:
    """https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html"""
    for name, role in of(template, "AWS::IAM::Role"):
        trusted = "codedeploy.amazonaws.com" in str(role["AssumeRolePolicyDocument"])
        if trusted and CODEDEPLOY_POLICY not in str(role.get("ManagedPolicyArns")):
            yield f"{name} needs AWS's managed policy AWSCodeDeployRoleForLambdaLimited"


RULES: tuple[Callable[[Resources], Iterator[str]], ...] = (
    versions_are_deleted,
    a_failed_first_deployment_leaves_nothing,
    layers_carry_the_stage,
    what_the_gateway_invokes_shifts_gradually,
    codedeploy_has_what_aws_gives_it,
)


def _in_prod(policy: str) -> dict[str, Any]:
    return {"Fn::If": ["IsProd", policy, "Delete"]}


def faults(path: Path) -> Iterator[str]:
    """What is wrong with one template, a sentence each."""
    translated = templates.resources(path, PARAMETERS)
    for rule in RULES:
        yield from rule(translated)
    if "AWS::SQS::QueuePolicy" in {each["Type"] for each in translated.values()}:
        try:
            check_queue_policies(translate(path, {}))
        except CannotStart as error:
            yield str(error).removeprefix(f"{path}: ").rstrip(".")


def main() -> int:
    """Exit code 1 where a rule is broken."""
    Parser(prog="python -m tools.template_rules", description=__doc__).parse_args()
    paths = [path for each in TEMPLATES for path in sorted(ROOT.glob(each))]
    sentences = [f"{path.relative_to(ROOT)}: {fault}." for path in paths for fault in faults(path)]
    for each in sentences:
        print(each, file=sys.stderr)
    if not sentences:
        print(f"{len(paths)} templates keep the {len(RULES) + 1} rules of tools/template_rules.py")
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
