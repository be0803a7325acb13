"""The templates' style, their stages, data, logs and alarms, and that they fit one another."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse

from local.aws import template
from tests.support.templates import ROOT, service_template

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
TEMPLATES = [ROOT / "template.yaml", *(ROOT / f"functions/{each}/template.yaml" for each in SERVICES)]
LIKE_PROD = {"Fn::If": ["LikeProd", True, False]}


def read(path: Path) -> dict[str, Any]:
    return dict(yaml_parse(path.read_text()))


def resources_of(service: str, kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type in a service's template."""
    return {
        name: each for name, each in service_template(service)["Resources"].items() if each["Type"] == kind
    }


ALL = [*TEMPLATES, ROOT / "alarms.yaml", ROOT / "dashboard.yaml", ROOT / "github.yaml"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_are_in_block_style_with_short_lines(path: Path) -> None:
    """Flow style is for lists of scalars and short-form functions, such as `[dev, prod]`."""
    text = path.read_text()
    assert [number for number, line in enumerate(text.splitlines(), 1) if len(line) > 120] == []
    assert list(flow_mappings(yaml.compose(text, Loader=yaml.SafeLoader))) == []


def flow_mappings(node: yaml.Node) -> Iterator[int]:
    """The lines of mappings such as `{Name: value}`."""
    if isinstance(node, yaml.MappingNode):
        if node.flow_style:
            yield node.start_mark.line + 1
        for _, value in node.value:
            yield from flow_mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from flow_mappings(each)


NESTED = [
    pytest.param(path, name, each["Properties"], id=f"{path.parent.name}-{name}")
    for path in TEMPLATES
    for name, each in read(path)["Resources"].items()
    if each["Type"] == "AWS::Serverless::Application"
]


@pytest.mark.parametrize(("path", "name", "given"), NESTED)
def test_a_nested_stack_gets_the_parameters_it_requires(path: Path, name: str, given: dict[str, Any]) -> None:
    declared = read(path.parent / given["Location"]).get("Parameters", {})
    assert set(given["Parameters"]) <= set(declared)
    required = {name for name, each in declared.items() if "Default" not in each}
    assert required <= set(given["Parameters"])


@pytest.mark.parametrize(("path", "name", "given"), NESTED)
def test_referenced_outputs_of_a_nested_stack_exist(path: Path, name: str, given: dict[str, Any]) -> None:
    referenced = set(re.findall(rf"!GetAtt {name}\.Outputs\.(\w+)", path.read_text()))
    assert referenced <= set(read(path.parent / given["Location"]).get("Outputs", {}))


@pytest.mark.parametrize("service", SERVICES[:4])
def test_prod_keeps_its_tables_and_their_history(service: str) -> None:
    [table] = resources_of(service, "AWS::DynamoDB::Table").values()
    assert table["DeletionPolicy"] == {"Fn::If": ["IsProd", "RetainExceptOnCreate", "Delete"]}
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": LIKE_PROD
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_logs_to_a_group_with_a_retention(service: str) -> None:
    groups = resources_of(service, "AWS::Logs::LogGroup")
    functions = resources_of(service, "AWS::Serverless::Function")
    used = {each["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for each in functions.values()}
    assert used == set(groups) - {"AccessLogs"}
    assert all(
        each["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"} for each in groups.values()
    )


@pytest.mark.parametrize("service", SERVICES)
def test_every_failure_queue_and_every_relay_has_alarms(service: str) -> None:
    given = service_template(service)["Resources"]["Alarms"]["Properties"]["Parameters"]
    resources = service_template(service)["Resources"]
    parameters = {"InboxDead": "InboxDeadName", "Relay": "RelayName", "RelayFailed": "RelayFailedName"}
    parameters |= {"HttpApi": "ApiId", "Inbox": "InboxName", "Sweeper": "SweeperName"}
    for name, parameter in parameters.items():
        assert (name in resources) == (parameter in given), name


def alarms() -> list[Any]:
    """Every alarm of every template, and the parameter with its topic."""
    return [
        pytest.param(alarm["Properties"], "TopicArn" if path.stem == "alarms" else "AlarmTopicArn", id=name)
        for path in ALL
        for name, alarm in read(path)["Resources"].items()
        if alarm["Type"] == "AWS::CloudWatch::Alarm"
    ]


@pytest.mark.parametrize(("alarm", "topic"), alarms())
def test_every_alarm_notifies_its_topic_of_start_and_end(alarm: dict[str, Any], topic: str) -> None:
    always = [{"Ref": topic}]
    if_given = {"Fn::If": ["HasAlarmTopic", always, {"Ref": "AWS::NoValue"}]}
    for actions in (alarm["AlarmActions"], alarm["OKActions"]):
        assert actions in (always, if_given)


def test_every_queue_that_feeds_a_function_has_a_late_alarm() -> None:
    for service in SERVICES:
        resources = service_template(service)["Resources"]
        fed = {
            event["Properties"]["Queue"]["Fn::GetAtt"][0]
            for function in resources_of(service, "AWS::Serverless::Function").values()
            for event in function["Properties"].get("Events", {}).values()
            if event["Type"] == "SQS"
        }
        assert fed <= {"Inbox", *(name.removesuffix("Late") for name in resources if name.endswith("Late"))}


def test_the_dashboard_is_json_and_shows_every_parameter() -> None:
    dashboard = read(ROOT / "dashboard.yaml")
    body = dashboard["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    shown = set(re.findall(r"\$\{(\w+)\}", body))
    assert shown == set(dashboard["Parameters"]) - {"AlarmTopicArn"}
    widgets = json.loads(re.sub(r"\$\{[^}]+\}", "x", body))["widgets"]
    assert len({(each["x"], each["y"]) for each in widgets}) == len(widgets) == 10


def test_a_stage_sets_parameters_that_the_template_has() -> None:
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text())
    parameters = read(ROOT / "template.yaml")["Parameters"]
    for stage in ("dev", "check", "prod"):
        settings = stages[stage]["deploy"]["parameters"]
        given = dict(each.split("=", 1) for each in settings["parameter_overrides"])
        assert given["Stage"] == stage
        assert "HoldSeconds" in given  # the web client's config.json says it
        assert set(given) <= set(parameters)
        assert f"Stage={stage}" in settings["tags"]
        assert all(f"/{stage}/" in each for name, each in given.items() if name.endswith("Parameter"))


SEND = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
SAMPLE = {"xray:GetSamplingRules", "xray:GetSamplingTargets"}  # which Step Functions requires besides


@pytest.mark.parametrize("service", SERVICES)
def test_functions_and_machines_may_trace_where_it_is_active(service: str) -> None:
    """Their mode is the parameter, and their role permits X-Ray in the active mode only."""
    resources = template.resources(ROOT / f"functions/{service}/template.yaml")
    running = {"AWS::Lambda::Function": "Role", "AWS::StepFunctions::StateMachine": "RoleArn"}
    for name, each in resources.items():
        if each["Type"] not in running:
            continue
        given = each["Properties"]
        by_parameter = ({"Mode": {"Ref": "Tracing"}}, {"Enabled": {"Fn::If": ["Traced", True, False]}})
        assert (given.get("TracingConfig") or given.get("TracingConfiguration")) in by_parameter, name
        role = resources[given[running[each["Type"]]]["Fn::GetAtt"][0]]["Properties"]
        condition, attached, otherwise = role["ManagedPolicyArns"]["Fn::If"]
        assert (condition, otherwise) == ("Traced", {"Ref": "AWS::NoValue"})
        required = SEND if each["Type"] == "AWS::Lambda::Function" else SEND | SAMPLE
        assert {action for one in attached for action in allowed(resources[one["Ref"]])} == required, name


def allowed(policy: dict[str, Any]) -> list[str]:
    """The actions of a managed policy that exists only where tracing is active."""
    assert policy["Condition"] == "Traced"
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
    return list(statement["Action"])


def test_tracing_is_off_by_default() -> None:
    for path in TEMPLATES:
        assert read(path)["Parameters"]["Tracing"]["Default"] == "PassThrough", path
