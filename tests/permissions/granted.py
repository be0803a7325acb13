"""The permissions that the templates grant to each role, with the ARNs of the simulated application."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.aws.config import ACCOUNT, REGION, arn
from local.aws.template import Resource, resources
from tests.fakes.processes import ENVIRONMENT
from tests.support.templates import ROOT

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
PARAMETERS = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "DirectoryArn": ENVIRONMENT["DIRECTORY_ARN"],
    "EventBusName": ENVIRONMENT["EVENT_BUS_NAME"],
    "SigningKeysParameter": ENVIRONMENT["SIGNING_KEYS_PARAMETER"],
    "LinkKeysParameter": ENVIRONMENT["LINK_KEYS_PARAMETER"],
    "RefreshKeyParameter": ENVIRONMENT["REFRESH_KEY_PARAMETER"],
    "VerificationKeysParameter": ENVIRONMENT["VERIFICATION_KEYS_PARAMETER"],
    "StripeSecretKeyParameter": ENVIRONMENT["STRIPE_SECRET_KEY_PARAMETER"],
    "StripeWebhookSecretParameter": ENVIRONMENT["STRIPE_WEBHOOK_SECRET_PARAMETER"],
}


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """An action on a resource, for a function ("orders.api") or a state machine."""

    principal: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.principal}: {self.action} on {self.resource}"


class Template:
    """A service's template: its functions and state machines, their roles, and what these grant."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.resources: dict[str, Resource] = resources(ROOT / f"functions/{service}/template.yaml")

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of a type."""
        return {name: each["Properties"] for name, each in self.resources.items() if each["Type"] == kind}

    @property
    def functions(self) -> dict[str, str]:
        """Handlers' modules by logical id."""
        functions = self.of("AWS::Lambda::Function")
        return {name: each["Handler"].removesuffix(".handler") for name, each in functions.items()}

    @property
    def granted(self) -> Iterator[Permission]:
        """Every permission of functions and state machines."""
        machines = {name: f"{self.service}.{name}" for name in self.of("AWS::StepFunctions::StateMachine")}
        for name, principal in (self.functions | machines).items():
            properties = self.resources[name]["Properties"]
            [role, _] = (properties.get("Role") or properties["RoleArn"])["Fn::GetAtt"]
            for policy in self.resources[role]["Properties"].get("Policies", []):
                for statement in _statements(policy):
                    for action in _listed(statement["Action"]):
                        for resource in _listed(statement["Resource"]):
                            yield Permission(principal, action, self.arn(resource))

    def arn(self, value: Any) -> str:
        """An ARN of the template, resolved."""
        match value:
            case str():
                return value
            case {"Ref": "OrderExpiration"}:
                return ENVIRONMENT["STATE_MACHINE_ARN"]
            case {"Ref": name}:
                return PARAMETERS[name]
            case {"Fn::GetAtt": [name, attribute]}:
                return self._attribute(name, attribute)
            case {"Fn::Sub": [text, {"Domain": _}]}:  # of the sender's address
                domain = ENVIRONMENT["MAIL_FROM"].partition("@")[2]
                return self.arn({"Fn::Sub": text.replace("${Domain}", domain)})
            case {"Fn::Sub": text}:
                return re.sub(r"\$\{([\w:.]+)\}", lambda match: self._substitute(match[1]), text)
        raise AssertionError(value)

    def _substitute(self, name: str) -> str:
        resource, _, attribute = name.partition(".")
        return self._attribute(resource, attribute) if attribute else PARAMETERS[name]

    def _attribute(self, name: str, attribute: str) -> str:
        values: Mapping[tuple[str, str], str] = {
            ("AWS::DynamoDB::Table", "Arn"): arn("dynamodb", f"table/{self.service}"),
            ("AWS::DynamoDB::Table", "StreamArn"): arn("dynamodb", f"table/{self.service}/stream/1"),
            ("AWS::SQS::Queue", "Arn"): arn(
                "sqs", self.service if name == "Inbox" else f"{self.service}{name}"
            ),
            ("AWS::Logs::LogGroup", "Arn"): arn("logs", f"log-group:{self.service}{name}"),
            ("AWS::StepFunctions::StateMachine", "Name"): name,
        }
        return values[self.resources[name]["Type"], attribute]


def _statements(policy: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those of a policy without conditions; tools/template_rules.py checks kms:Decrypt."""
    for each in policy["PolicyDocument"]["Statement"]:
        if "Fn::If" not in each:
            yield each
        else:
            assert each["Fn::If"][1]["Action"] == "kms:Decrypt"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
