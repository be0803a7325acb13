"""A change of a parameter or of the code creates a new version of every function that serves requests."""

from dataclasses import replace
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from operate import deploy, origin_secret, release, secrets, stages, templates
from operate.stages import Stage
from tests.operate.conftest import stripe_keys
from tests.support.templates import ROOT

SERVICES = {"auth": 3, "tickets": 1, "orders": 1, "payments": 2}  # and their functions behind an alias


@pytest.fixture
def dev(aws: None) -> Stage:
    """The development stage, with its secrets."""
    stage = stages.load("dev")
    secrets.create_missing(stage, stripe_keys)
    return stage


def parameters(stage: Stage, alarm_email: str | None = None) -> dict[str, str]:
    """The parameters of the whole application's template."""
    [origin] = origin_secret.deployments(stage)
    command = deploy.command(stage, alarm_email, origin=origin)
    return dict(each.split("=", 1) for each in command[command.index("--parameter-overrides") + 1 :])


def versions(stage: Stage, alarm_email: str | None = None) -> set[str]:
    """The logical ids of the versions behind the aliases; a new id is a new version."""
    values, ids = parameters(stage, alarm_email), set()
    application = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]
    for service in SERVICES:
        passed = application[service.capitalize()]["Properties"]["Parameters"]
        own = {name: values[each["Ref"]] for name, each in passed.items() if each.get("Ref") in values}
        ids |= {f"{service}/{name}" for name in version_ids(service, own)}
    return ids


def version_ids(service: str, values: dict[str, str]) -> list[str]:
    """The logical ids of the versions of a service that is deployed with these parameters."""
    resources = templates.resources(ROOT / f"functions/{service}/template.yaml", values)
    return [name for name, each in resources.items() if each["Type"] == "AWS::Lambda::Version"]


def test_an_unchanged_deployment_keeps_its_versions(dev: Stage) -> None:
    assert len(versions(dev)) == sum(SERVICES.values())
    assert versions(dev) == versions(dev)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("HoldSeconds", "600"),
        ("Tracing", "Active"),
        ("StripeApiBase", "https://stripe.test"),
        ("SigningKeysParameter", "/tiketz/other/signing-keys"),
    ],
)
def test_a_changed_parameter_creates_new_versions(dev: Stage, parameter: str, value: str) -> None:
    changed = replace(dev, parameters={**dev.parameters, parameter: value})
    assert not versions(dev) & versions(changed)


def test_a_changed_origin_secret_creates_new_versions(dev: Stage) -> None:
    before = versions(dev)
    secrets.replace(dev, "origin-secret", lambda _: "")
    assert not before & versions(dev)


def test_a_changed_alarm_address_keeps_the_versions(dev: Stage) -> None:
    assert parameters(dev, "you@example.com")["AlarmEmail"] == "you@example.com"
    assert versions(dev, "you@example.com") == versions(dev)


@pytest.mark.parametrize(
    "changed", ["functions/orders/orders/api.py", "layers/common/shared.py", "template.yaml"]
)
def test_changed_code_is_a_new_release(tmp_path: Path, changed: str) -> None:
    for part in ("functions/orders/orders/api.py", "layers/common/shared.py", "template.yaml"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).write_text("before")
    before = release.release({}, tmp_path)
    cache = tmp_path / "functions/orders/orders/__pycache__/api.pyc"
    cache.parent.mkdir()
    cache.write_text("compiled")
    assert release.release({}, tmp_path) == before
    (tmp_path / changed).write_text("after")
    assert release.release({}, tmp_path) != before


def test_a_service_deployed_alone_needs_no_release() -> None:
    [name] = version_ids("orders", {})
    [other] = version_ids("orders", {"Release": "0123456789abcdef"})
    assert name.startswith("ApiVersion")
    assert len(name) == len(other)
    assert other == "ApiVersion0123456789"
