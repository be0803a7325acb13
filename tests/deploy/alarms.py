"""Every alarm of every template, with the names that its resources have in one deployment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from tests.support.templates import ROOT, service_template

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
BUS = "default"
TIMER_DELAY_SECONDS = 300
STATE_MACHINE = "expiration/OrderExpiration"
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Alarm:
    """One alarm. Names of resources are `service/LogicalId`."""

    service: str  # "" for those of dashboard.yaml
    name: str
    properties: Values

    @property
    def id(self) -> str:
        return f"{self.service or 'dashboard'}-{self.name}"


def all_alarms() -> list[Alarm]:
    """Those of the services, of alarms.yaml for each service, and of dashboard.yaml."""
    return [*_of_services(), *_of_dashboard()]


def _of_services() -> Iterator[Alarm]:
    shared = _read("alarms.yaml")
    for service in SERVICES:
        resources = service_template(service)["Resources"]
        own = {name: f"{service}/{name}" for name in resources}
        own |= {"EventBusName": BUS, "AlarmTopicArn": "topic", "TimerDelaySeconds": str(TIMER_DELAY_SECONDS)}
        for name, each in resources.items():
            if each["Type"] == "AWS::CloudWatch::Alarm":
                yield Alarm(service, name, _resolved(each["Properties"], own))
        given = _resolved(resources["Alarms"]["Properties"]["Parameters"], own)
        for name, each in shared["Resources"].items():
            _, parameter = _parameter_of(shared["Conditions"][each["Condition"]])
            if parameter in given:
                yield Alarm(service, name, _resolved(each["Properties"], given))


def _of_dashboard() -> Iterator[Alarm]:
    names = {"EventBusName": BUS, "AlarmTopicArn": "topic", "ExpirationStateMachineArn": STATE_MACHINE}
    given = _read("template.yaml")["Resources"]["Dashboard"]["Properties"]["Parameters"]
    assert given["EventBusName"] == {"Ref": "Bus"}
    assert given["ExpirationStateMachineArn"] == {"Fn::GetAtt": ["Expiration", "Outputs.StateMachineArn"]}
    assert service_template("expiration")["Outputs"]["StateMachineArn"]["Value"] == {"Ref": "OrderExpiration"}
    for name, each in _read("dashboard.yaml")["Resources"].items():
        if each["Type"] == "AWS::CloudWatch::Alarm":
            yield Alarm("", name, _resolved(each["Properties"], names))


def _read(name: str) -> dict[str, Any]:
    return dict(yaml_parse((ROOT / name).read_text()))


def _parameter_of(condition: Any) -> tuple[str, str]:
    """The parameter that a condition such as `!Not [!Equals [!Ref InboxName, none]]` asks for."""
    [equals] = condition["Fn::Not"]
    reference, empty = equals["Fn::Equals"]
    return str(empty), str(reference["Ref"])


def _resolved(value: Any, names: Values) -> Any:
    """The value without intrinsic functions; of a condition the first branch."""
    if isinstance(value, list):
        return [_resolved(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return names.get(name, name)
        case {"Fn::GetAtt": [name, *_]}:
            return names[name]
        case {"Fn::Sub": text}:
            return re.sub(r"\$\{(\w+)\}", lambda match: names[match[1]], text)
        case {"Fn::If": [_, then, _]}:
            return _resolved(then, names)
    return {name: _resolved(each, names) for name, each in value.items()}
