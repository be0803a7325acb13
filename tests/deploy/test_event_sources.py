"""Each service may publish events in its own name only, so that nobody forges another service's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from moto.iam.access_control import IAMPolicy

from local.aws.policy_enforcer import PolicyEnforcer, Principal, _document
from tests.support.templates import ROOT, service_template

SERVICES = sorted(path.parent.name for path in ROOT.glob("functions/*/template.yaml"))
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html


def publishing(service: str) -> Iterator[dict[str, Any]]:
    """The statements of a service's roles that allow PutEvents."""
    for resource in service_template(service)["Resources"].values():
        for policy in resource.get("Properties", {}).get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                if "events:PutEvents" in statement.get("Action", []):
                    yield statement


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_publishes_events_of_its_own_source_only(service: str) -> None:
    for statement in publishing(service):
        own = {"events:source": [f"tiketz.{service}"]}
        assert statement["Condition"] == {"ForAllValues:StringEquals": own}


def test_most_services_publish_events() -> None:
    assert sum(1 for service in SERVICES for _ in publishing(service)) >= 5


@pytest.mark.parametrize(("source", "permitted"), [("tiketz.auth", True), ("tiketz.orders", False)])
def test_the_local_environment_refuses_another_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str, permitted: bool
) -> None:
    [statement] = publishing("auth")
    bus = "arn:aws:events:eu-west-1:123456789012:event-bus/tiketz"
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": bus}]}
    enforcer = PolicyEnforcer(MagicMock(), tmp_path / "used", lambda _: None)
    principal = Principal("auth/Relay", "RelayRole", tmp_path, (IAMPolicy(_document(policy)),))
    monkeypatch.setitem(enforcer._principals, "key", principal)
    assert enforcer.allows("key", ("events:PutEvents", bus), source) == permitted
