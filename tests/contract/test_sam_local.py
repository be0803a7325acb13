"""What `sam local` and `make smoke` need: settings, and an event and an expected answer for each function."""

import json
import tomllib

import pytest
from samtranslator.yaml_helper import yaml_parse

from local import settings
from local.aws.config import REGION
from local.containers import HOST, VARIABLES_FILE, sam_name
from tests.support.templates import ROOT, service_template
from tools import samples

TEMPLATES = {
    each: service_template(each)
    for each in ("auth", "tickets", "orders", "payments", "expiration", "notifications")
}
FUNCTIONS = {
    f"{service}/{name}": template.get("Globals", {}).get("Function", {}) | resource["Properties"]
    for service, template in TEMPLATES.items()
    for name, resource in template["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}
SAM = tomllib.loads((ROOT / "samconfig.toml").read_text())["default"]


def test_every_function_has_an_expected_answer() -> None:
    assert set(samples.EXPECTED) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_sample_event(function: str) -> None:
    assert json.loads(samples.event_file(function).read_text())


def test_the_expected_answers_are_listed() -> None:
    lines = [line.split(" | ") for line in (ROOT / "events/README.md").read_text().splitlines()]
    listed = {line[0].strip("| `"): line[2].strip("| `") for line in lines if len(line) == 3}
    expected = {function: json.dumps(answer) for function, answer in samples.EXPECTED.items()}
    assert {name: answer for name, answer in listed.items() if "/" in name} == expected


def test_sam_names_are_those_of_the_application() -> None:
    resources = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]
    applications = {
        each["Properties"]["Location"].split("/")[1]: name
        for name, each in resources.items()
        if each["Type"] == "AWS::Serverless::Application" and "functions/" in each["Properties"]["Location"]
    }
    for function in FUNCTIONS:
        assert sam_name(function).split("/")[0] == applications[function.split("/")[0]]


@pytest.mark.parametrize("command", ["local_invoke", "local_start_lambda"])
def test_sam_reads_what_the_local_environment_writes(command: str) -> None:
    chosen = settings.from_environment({})
    assert SAM[command]["parameters"] == {
        "region": REGION,
        "env_vars": str((chosen.data / VARIABLES_FILE).relative_to(ROOT)),
        "add_host": [f"{HOST}:host-gateway"],
    }


def test_sam_has_no_settings_for_start_api() -> None:
    assert "local_start_api" not in SAM
