"""tools/template_rules.py finds nothing in the templates, and every fault that a change brings in."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from operate.diff import TEMPLATES
from tests.support.templates import ROOT
from tools import template_rules

PATHS = [path.relative_to(ROOT) for each in TEMPLATES for path in sorted(ROOT.glob(each))]
HOSTING = Path("hosting.yaml")
AUTH, PAYMENTS, EXPIRATION = (
    Path(f"functions/{each}/template.yaml") for each in ("auth", "payments", "expiration")
)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_every_template_keeps_the_rules(path: Path) -> None:
    assert list(template_rules.faults(ROOT / path)) == []


@dataclass(frozen=True)
class Change:
    """An edit of a template, at the first match of a regular expression, and what the rules say of it."""

    template: Path
    old: str
    new: str
    fault: str


CHANGES = {
    "a version is retained": Change(
        AUTH,
        "VersionDeletionPolicy: Delete",
        "VersionDeletionPolicy: Retain",
        "VersionDeletionPolicy: Delete",
    ),
    "a table outlives a failed first deployment": Change(
        AUTH, "RetainExceptOnCreate", "Retain", "Table needs DeletionPolicy RetainExceptOnCreate"
    ),
    "a replaced table is deleted": Change(
        AUTH,
        r"UpdateReplacePolicy: !If \[IsProd, Retain, Delete\]",
        "UpdateReplacePolicy: Delete",
        "Table needs DeletionPolicy RetainExceptOnCreate and UpdateReplacePolicy Retain",
    ),
    "a bucket outlives a failed first deployment": Change(
        Path("hosting.yaml"),
        "RetainExceptOnCreate",
        "Retain",
        "WebBucket needs DeletionPolicy RetainExceptOnCreate",
    ),
    "a table is protected too early": Change(
        AUTH,
        "      BillingMode: PAY_PER_REQUEST\n",
        "      BillingMode: PAY_PER_REQUEST\n      DeletionProtectionEnabled: true\n",
        "Table is protected from its creation on",
    ),
    "stages share a layer": Change(
        EXPIRATION,
        r"\$\{EventBusName\}-expiration",
        "tiketz-expiration",
        "needs a LayerName with ${EventBusName}",
    ),
    "a route's function has no alias": Change(
        PAYMENTS,
        r"      AutoPublishAlias: live.*?Alarms: \[!Ref ApiFaults\]\n",
        "",
        "lets API Gateway invoke a function instead of its alias",
    ),
    "the authorizer does not shift": Change(
        AUTH,
        r"      DeploymentPreference:\n[^-]*?Alarms: \[!Ref AuthorizerFaults\]\n",
        "",
        "Authorizer needs a DeploymentPreference",
    ),
    "the authorizer's alarm watches another version": Change(
        AUTH, r"\$\{Authorizer\}:live", "${Authorizer}:old", "Authorizer needs an alarm AuthorizerFaults"
    ),
    "an alarm rolls nothing back": Change(
        PAYMENTS,
        r"Alarms: \[!Ref WebhookFaults\]",
        "Alarms: [!Ref ApiFaults]",
        "needs the alarm WebhookFaults",
    ),
    "CodeDeploy has a policy of ours": Change(
        AUTH, "AWSCodeDeployRoleForLambdaLimited", "Ours", "DeploymentRole needs AWS's managed policy"
    ),
    "a throttle leaves out the burst": Change(
        PAYMENTS,
        r"(POST /api/payments:\n +DetailedMetricsEnabled: false\n) +ThrottlingBurstLimit: \d+\n",
        r"\1",
        "POST /api/payments doesn't say ThrottlingBurstLimit",
    ),
    "an API is not throttled": Change(
        PAYMENTS,
        r"      DefaultRouteSettings:.*?(?=      AccessLog)",
        "",
        "DefaultRouteSettings doesn't say Detailed",
    ),
    "a throttle has no route": Change(
        PAYMENTS, "POST /api/payments:", "POST /api/payment:", "POST /api/payment, which is no route"
    ),
    "an API writes no access log": Change(
        PAYMENTS,
        r"      AccessLogSettings:.*?(?=      Auth:)",
        "",
        "needs AccessLogSettings with a log group",
    ),
    "an access log's group has a name of its own": Change(
        PAYMENTS, "/aws/vendedlogs/", "/tiketz/", "a log group below /aws/vendedlogs/"
    ),
    "an access log is no JSON": Change(PAYMENTS, r'"route":', "route:", "format is not JSON"),
    "an access log's status is text": Change(
        PAYMENTS, r"\$context.status,", r'"$context.status",', "and the status as a number"
    ),
    "an access log is long": Change(
        PAYMENTS,
        r'"ms":',
        '"agent":"$context.identity.userAgent","source":"$context.identity.sourceIp","ms":',
        "is longer than 200 characters",
    ),
    "a domain of its own is served over TLS 1": Change(
        HOSTING, "TLSv1.2_2021", "TLSv1_2016", "needs MinimumProtocolVersion TLSv1.2 or later"
    ),
    "no certificate can be given": Change(
        HOSTING,
        r"        ViewerCertificate:.*?(?=        WebACLId)",
        "",
        "needs a ViewerCertificate that can be",
    ),
    "an origin is asked over TLS 1": Change(
        HOSTING, r"\[TLSv1.2\]", "[TLSv1, TLSv1.2]", "the origin auth needs https-only"
    ),
    "an alarm ignores few samples": Change(
        Path("dashboard.yaml"),
        r"(      ExtendedStatistic: p90)",
        r"      EvaluateLowSampleCountPercentile: ignore\n\1",
        "TimersLate is silent where there are few samples",
    ),
    "a secret's key decrypts every parameter": Change(
        PAYMENTS,
        r'\n +"kms:EncryptionContext:PARAMETER_ARN": \*webhook-secrets',
        "",
        "WebhookRole needs kms:Decrypt where HasSecretsKey",
    ),
    "a secret's key decrypts without Parameter Store": Change(
        AUTH, r'\n +"kms:ViaService": [^\n]*', "", "ApiRole needs kms:Decrypt where HasSecretsKey"
    ),
    "a policy is for two queues": Change(
        PAYMENTS, r"Queues: \[!Ref Inbox\]", "Queues: [!Ref Inbox, !Ref InboxDead]", "write one for each"
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_breaks_a_rule_is_found(name: str, tmp_path: Path) -> None:
    change = CHANGES[name]
    text, count = re.subn(change.old, change.new, (ROOT / change.template).read_text(), count=1, flags=re.S)
    assert count == 1
    (tmp_path / "statemachines").symlink_to(ROOT / "statemachines")
    edited = tmp_path / change.template
    edited.parent.mkdir(parents=True, exist_ok=True)
    edited.write_text(text)
    assert change.fault in "\n".join(template_rules.faults(edited))
