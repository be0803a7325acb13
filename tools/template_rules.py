"""Checks the templates for what only a deployment to AWS would show.

No linter knows these rules, and moto ignores most of these resources. docs/aws.md has what is assumed of AWS.
"""

import json
import re
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

THROTTLE = {"DetailedMetricsEnabled", "ThrottlingBurstLimit", "ThrottlingRateLimit"}
ACCESS_LOG_BYTES = 200
ONLY_TLS_1_2 = ("https-only", ["TLSv1.2"])

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


def routes_are_throttled(template: Resources) -> Iterator[str]:
    """Every value of every entry is given, and every entry has its route.

    An entry replaces the stage's default as a whole
    (https://github.com/terraform-aws-modules/terraform-aws-apigateway-v2/issues/78). One without a route is
    refused: "Unable to find Route by key"
    (https://github.com/DianaIonita/serverless-api-gateway-throttling/issues/33).
    """
    for name, stage in of(template, "AWS::ApiGatewayV2::Stage"):
        routes = routes_of(template[stage["ApiId"]["Ref"]])
        settings = {
            "DefaultRouteSettings": stage.get("DefaultRouteSettings", {}),
            **stage.get("RouteSettings", {}),
        }
        for key, entry in settings.items():
            if missing := sorted(THROTTLE - entry.keys()):
                yield f"{name}: {key} doesn't say {', '.join(missing)}"
            if key != "DefaultRouteSettings" and key not in routes:
                yield f"{name}: RouteSettings has {key}, which is no route"


def gateways_write_short_access_logs(template: Resources) -> Iterator[str]:
    """One JSON object per request, with the status as a number for filters, into a group of vended logs.

    Log groups with other names share a resource policy of at most 5 120 characters
    (https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html).
    """
    groups = {name: str(each.get("LogGroupName")) for name, each in of(template, "AWS::Logs::LogGroup")}
    for name, stage in of(template, "AWS::ApiGatewayV2::Stage"):
        access = stage.get("AccessLogSettings", {})
        if "/aws/vendedlogs/" not in groups.get(
            access.get("DestinationArn", {}).get("Fn::GetAtt", [""])[0], ""
        ):
            yield f"{name} needs AccessLogSettings with a log group below /aws/vendedlogs/"
        elif fault := access_log_fault(access["Format"]):
            yield f"{name}: the access log's format {fault}"


def tls_is_1_2_or_later(template: Resources) -> Iterator[str]:
    """From viewers to a domain of its own, and from CloudFront to its origins.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
    """
    for name, distribution in of(template, "AWS::CloudFront::Distribution"):
        config = distribution["DistributionConfig"]
        certificates = config.get("ViewerCertificate", {}).get("Fn::If", [])
        own = [each for each in certificates if isinstance(each, dict) and "AcmCertificateArn" in each]
        if not own:
            yield f"{name} needs a ViewerCertificate that can be the domain's own"
        for each in own:
            if not str(each.get("MinimumProtocolVersion")).startswith(("TLSv1.2", "TLSv1.3")):
                yield f"{name}: a domain of its own needs MinimumProtocolVersion TLSv1.2 or later"
        for origin in config["Origins"]:
            custom = origin.get("CustomOriginConfig")
            if (
                custom
                and (custom.get("OriginProtocolPolicy"), custom.get("OriginSSLProtocols")) != ONLY_TLS_1_2
            ):
                yield f"{name}: the origin {origin['Id']} needs https-only with OriginSSLProtocols [TLSv1.2]"


def alarms_are_heard_in_low_traffic(template: Resources) -> Iterator[str]:
    """A percentile of few samples is evaluated: p99 is not, where that is ignored, below 1 000 in a period.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
    """
    for name, alarm in of(template, "AWS::CloudWatch::Alarm"):
        if alarm.get("EvaluateLowSampleCountPercentile") == "ignore":
            yield f"{name} is silent where there are few samples: EvaluateLowSampleCountPercentile"


def secrets_are_decrypted_with_their_key(template: Resources) -> Iterator[str]:
    """Who reads a secret may use its key through Parameter Store, and for its own parameters only.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    """
    for name, role in of(template, "AWS::IAM::Role"):
        statements = [
            each for policy in role.get("Policies", []) for each in policy["PolicyDocument"]["Statement"]
        ]
        for each in statements:
            secret = each.get("Action") == "ssm:GetParameter" and "Verification" not in str(each["Resource"])
            if secret and _decrypting(each["Resource"]) not in statements:
                yield f"{name} needs kms:Decrypt where HasSecretsKey, via ssm and for its own parameters only"


def _decrypting(parameters: Any) -> dict[str, Any]:
    """The statement beside one that reads these parameters."""
    only = {
        "kms:ViaService": {"Fn::Sub": "ssm.${AWS::Region}.${AWS::URLSuffix}"},
        "kms:EncryptionContext:PARAMETER_ARN": parameters,
    }
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": {"Ref": "SecretsKeyArn"}}
    conditional = {**statement, "Condition": {"StringEquals": only}}
    return {"Fn::If": ["HasSecretsKey", conditional, {"Ref": "AWS::NoValue"}]}


def access_log_fault(line: str) -> str | None:
    """What is wrong with a format, if anything."""
    try:
        fields = json.loads(re.sub(r"\$context\.status\b", "200", line))
    except ValueError:
        return "is not JSON"
    if fields.get("status") != 200 or not {"correlation_id", "route", "cause"} <= fields.keys():
        return "needs correlation_id, route, cause and the status as a number"
    return None if len(line) <= ACCESS_LOG_BYTES else f"is longer than {ACCESS_LOG_BYTES} characters"


def routes_of(api: templates.Resource) -> set[str]:
    """The routes of an HTTP API, such as `GET /api/orders`."""
    paths = api["Properties"]["Body"]["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


RULES: tuple[Callable[[Resources], Iterator[str]], ...] = (
    versions_are_deleted,
    a_failed_first_deployment_leaves_nothing,
    layers_carry_the_stage,
    what_the_gateway_invokes_shifts_gradually,
    codedeploy_has_what_aws_gives_it,
    routes_are_throttled,
    gateways_write_short_access_logs,
    tls_is_1_2_or_later,
    alarms_are_heard_in_low_traffic,
    secrets_are_decrypted_with_their_key,
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
