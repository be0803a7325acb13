"""Another parameter, or other code, is another version of every function that answers requests."""

from pathlib import Path

import pytest

from local.aws import template
from operate import deploy, release, secrets
from operate.stages import Stage, stage
from tests.support.templates import ROOT

SERVICES = {"auth": 1, "tickets": 1, "orders": 1, "payments": 2}  # and how many functions answer requests
GIVEN = {"secret key": "sk_test_1", "publishable": "pk_test_1"}


@pytest.fixture
def dev(aws: None) -> Stage:
    """The development stage, with its secrets."""
    place = stage("dev")
    secrets.make_missing(place, lambda asked: next((key for word, key in GIVEN.items() if word in asked), ""))
    return place


def given(place: Stage) -> dict[str, str]:
    """The parameters that a deployment gives the whole application."""
    command = deploy.command(place)
    return dict(each.split("=", 1) for each in command[command.index("--parameter-overrides") + 1 :])


def versions(place: Stage) -> set[str]:
    """What CloudFormation calls the versions behind the aliases; one that has another name is made anew."""
    parameters, found = given(place), set()
    for service in SERVICES:
        path = ROOT / f"functions/{service}/template.yaml"
        passed = template.read(ROOT / "template.yaml")["Resources"][service.capitalize()]["Properties"]
        values = {
            name: parameters[value["Ref"]]
            for name, value in passed["Parameters"].items()
            if value.get("Ref") in parameters
        }
        translated = template.translate(path, values)
        found |= {f"{service}/{name}" for name in translated.of("AWS::Lambda::Version")}
    return found


def test_the_same_again_is_the_same_version(dev: Stage) -> None:
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
def test_another_parameter_is_another_version(dev: Stage, parameter: str, value: str) -> None:
    other = Stage(
        name=dev.name, stack=dev.stack, region=dev.region, parameters={**dev.parameters, parameter: value}
    )
    assert not versions(dev) & versions(other)


def test_another_origin_secret_is_another_version(dev: Stage) -> None:
    before = versions(dev)
    secrets.replace(dev, "origin-secret", lambda _: "")
    assert not before & versions(dev)


def test_whom_alarms_write_to_makes_no_version(dev: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions(dev)
    monkeypatch.setenv("ALARM_EMAIL", "you@example.com")
    assert given(dev)["AlarmEmail"] == "you@example.com"
    assert versions(dev) == before


@pytest.mark.parametrize(
    "changed", ["functions/orders/orders/api.py", "layers/common/shared.py", "template.yaml"]
)
def test_other_code_is_another_release(tmp_path: Path, changed: str) -> None:
    for part in ("functions/orders/orders/api.py", "layers/common/shared.py", "template.yaml"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).write_text("as it was")
    before = release.release({}, tmp_path)
    cache = tmp_path / "functions/orders/orders/__pycache__/api.pyc"
    cache.parent.mkdir()
    cache.write_text("compiled")
    assert release.release({}, tmp_path) == before
    (tmp_path / changed).write_text("as it is")
    assert release.release({}, tmp_path) != before


def test_a_service_deployed_alone_needs_no_release() -> None:
    path = ROOT / "functions/orders/template.yaml"
    [name] = template.translate(path, {}).of("AWS::Lambda::Version")
    [other] = template.translate(path, {"Release": "0123456789abcdef"}).of("AWS::Lambda::Version")
    assert name.startswith("ApiVersion")
    assert len(name) == len(other)
    assert other == "ApiVersion0123456789"
