"""What the templates promise about stages, data, logs and alarms, and that they fit one another."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from local.aws import template
from tests.support.templates import ROOT, service_template

SERVICES = ("auth", "tickets", "orders", "payments", "expiration")
TEMPLATES = [ROOT / "template.yaml", *(ROOT / f"functions/{each}/template.yaml" for each in SERVICES)]
KEPT_IN_PROD = {"Fn::If": ["IsProd", "Retain", "Delete"]}
ON_IN_PROD = {"Fn::If": ["IsProd", True, False]}


def read(path: Path) -> dict[str, Any]:
    return dict(yaml_parse(path.read_text()))


def of(service: str, kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type in a service's template."""
    return {
        name: each for name, each in service_template(service)["Resources"].items() if each["Type"] == kind
    }


NESTED = [
    pytest.param(path, name, each["Properties"], id=f"{path.parent.name}-{name}")
    for path in TEMPLATES
    for name, each in read(path)["Resources"].items()
    if each["Type"] == "AWS::Serverless::Application"
]


@pytest.mark.parametrize(("path", "name", "given"), NESTED)
def test_a_nested_stack_is_given_what_it_asks_for(path: Path, name: str, given: dict[str, Any]) -> None:
    asked = read(path.parent / given["Location"]).get("Parameters", {})
    assert set(given["Parameters"]) <= set(asked)
    assert {each for each, how in asked.items() if "Default" not in how} <= set(given["Parameters"])


@pytest.mark.parametrize(("path", "name", "given"), NESTED)
def test_an_output_that_is_asked_for_exists(path: Path, name: str, given: dict[str, Any]) -> None:
    asked = set(re.findall(rf"!GetAtt {name}\.Outputs\.(\w+)", path.read_text()))
    assert asked <= set(read(path.parent / given["Location"]).get("Outputs", {}))


@pytest.mark.parametrize("service", SERVICES[:4])
def test_prod_keeps_its_tables_whatever_happens_to_the_stack(service: str) -> None:
    [table] = of(service, "AWS::DynamoDB::Table").values()
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == KEPT_IN_PROD
    assert table["Properties"]["DeletionProtectionEnabled"] == ON_IN_PROD
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": ON_IN_PROD
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_logs_into_a_group_that_forgets(service: str) -> None:
    groups = of(service, "AWS::Logs::LogGroup")
    functions = of(service, "AWS::Serverless::Function")
    assert {each["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for each in functions.values()} == set(
        groups
    )
    assert all(
        each["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"} for each in groups.values()
    )


@pytest.mark.parametrize("service", SERVICES[:4])
def test_what_answers_requests_comes_in_slowly_and_goes_back_by_itself(service: str) -> None:
    asked = {
        name: each["Properties"]
        for name, each in of(service, "AWS::Serverless::Function").items()
        if any(event["Type"] == "HttpApi" for event in each["Properties"].get("Events", {}).values())
    }
    assert asked
    for name, function in asked.items():
        assert function["AutoPublishAlias"] == "live"
        assert function["AutoPublishCodeSha256"] == {"Ref": "Release"}
        assert function["DeploymentPreference"]["Alarms"] == [{"Ref": f"{name}Faults"}]
        watched = service_template(service)["Resources"][f"{name}Faults"]["Properties"]["Dimensions"]
        assert {"Name": "Resource", "Value": {"Fn::Sub": f"${{{name}}}:live"}} in watched


@pytest.mark.parametrize("service", SERVICES)
def test_every_queue_of_failures_and_every_relay_is_watched(service: str) -> None:
    given = service_template(service)["Resources"]["Alarms"]["Properties"]["Parameters"]
    resources = service_template(service)["Resources"]
    wanted = {"InboxDead": "InboxDeadName", "Relay": "RelayName", "RelayFailed": "RelayFailedName"}
    wanted |= {"HttpApi": "ApiId", "Inbox": "InboxName", "Sweeper": "SweeperName"}
    for name, parameter in wanted.items():
        assert (name in resources) == (parameter in given), name


def alarms() -> list[Any]:
    """Every alarm of every template, and the parameter that names who hears of it."""
    return [
        pytest.param(alarm["Properties"], "TopicArn" if path.stem == "alarms" else "AlarmTopicArn", id=name)
        for path in (*TEMPLATES, ROOT / "alarms.yaml", ROOT / "dashboard.yaml")
        for name, alarm in read(path)["Resources"].items()
        if alarm["Type"] == "AWS::CloudWatch::Alarm"
    ]


@pytest.mark.parametrize(("alarm", "topic"), alarms())
def test_somebody_hears_of_every_alarm_and_of_its_end(alarm: dict[str, Any], topic: str) -> None:
    for heard in (alarm["AlarmActions"], alarm["OKActions"]):
        assert heard in ({"Fn::If": ["Heard", [{"Ref": topic}], {"Ref": "AWS::NoValue"}]}, [{"Ref": topic}])


def test_every_queue_that_feeds_a_function_is_watched_for_what_waits_in_it() -> None:
    for service in SERVICES:
        resources = service_template(service)["Resources"]
        fed = {
            event["Properties"]["Queue"]["Fn::GetAtt"][0]
            for function in of(service, "AWS::Serverless::Function").values()
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
    assert len({(each["x"], each["y"]) for each in widgets}) == len(widgets) == 9


def test_a_stage_names_parameters_that_the_template_has() -> None:
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text())
    parameters = read(ROOT / "template.yaml")["Parameters"]
    for stage in ("dev", "prod"):
        settings = stages[stage]["deploy"]["parameters"]
        given = dict(each.split("=", 1) for each in settings["parameter_overrides"])
        assert given["Stage"] == stage
        assert set(given) <= set(parameters)
        assert f"Stage={stage}" in settings["tags"]
        assert all(f"/{stage}/" in each for name, each in given.items() if name.endswith("Parameter"))


SENDS = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
SAMPLES = {"xray:GetSamplingRules", "xray:GetSamplingTargets"}  # what Step Functions asks for besides


@pytest.mark.parametrize("service", SERVICES)
def test_x_ray_is_told_what_happens_where_it_is_asked_for(service: str) -> None:
    """Everything that runs has its mode by the parameter, and may tell X-Ray in the one mode only."""
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
        wanted = SENDS if each["Type"] == "AWS::Lambda::Function" else SENDS | SAMPLES
        assert {action for one in attached for action in allowed(resources[one["Ref"]])} == wanted, name


def allowed(policy: dict[str, Any]) -> list[str]:
    """The actions of a managed policy that is there only where X-Ray is asked for."""
    assert policy["Condition"] == "Traced"
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
    return list(statement["Action"])


def test_x_ray_is_asked_for_by_nobody_who_does_not_say_so() -> None:
    for path in TEMPLATES:
        assert read(path)["Parameters"]["Tracing"]["Default"] == "PassThrough", path
