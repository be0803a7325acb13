"""The tickets template: what it deploys, and what its roles may do."""

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from samtranslator.translator.transform import transform

from tests.support.templates import service_template

RESOURCES: dict[str, Any] = service_template("tickets")["Resources"]
TABLE = RESOURCES["Table"]["Properties"]


def allowed(function: str) -> dict[str, list[Any]]:
    """Each action a function may take, and on what."""
    [policy] = RESOURCES[f"{function}Role"]["Properties"]["Policies"]
    statements: dict[str, list[Any]] = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        actions, things = statement["Action"], statement["Resource"]
        for action in [actions] if isinstance(actions, str) else actions:
            statements.setdefault(action, []).extend(things if isinstance(things, list) else [things])
    return statements


def strings(value: Any) -> Iterator[str]:
    """Every string in a part of a template."""
    if isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def test_it_translates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    template = service_template("tickets")
    template["Globals"]["Function"]["CodeUri"] = "s3://built/code.zip"
    template["Resources"]["Common"]["Properties"]["ContentUri"] = "s3://built/layer.zip"
    translated = transform(template, {}, Mock(load=dict))
    kinds = [resource["Type"] for resource in translated["Resources"].values()]
    assert kinds.count("AWS::Lambda::Function") == 4
    assert kinds.count("AWS::Lambda::EventSourceMapping") == 2


@pytest.mark.parametrize("function", ["Api", "Consumer", "Relay", "Sweeper"])
def test_a_role_names_actions_and_things(function: str) -> None:
    for action, things in allowed(function).items():
        assert "*" not in action
        assert not any("*" in name for name in strings(things)), action


def test_the_api_queries_every_index_and_scans_nothing() -> None:
    indexes = {index["IndexName"] for index in TABLE["GlobalSecondaryIndexes"]}
    queried = [each for each in strings(allowed("Api")["dynamodb:Query"]) if "/index/" in each]
    assert {each.rpartition("/")[2] for each in queried} == indexes
    assert "dynamodb:Scan" not in json.dumps(RESOURCES)


def test_indexes_stay_within_dynamodbs_bounds() -> None:
    """20 indexes; 100 attributes named in projections (Quotas, Secondary indexes)."""
    named = [len(each["Projection"].get("NonKeyAttributes", [])) for each in TABLE["GlobalSecondaryIndexes"]]
    assert len(named) <= 20
    assert sum(named) <= 100


def test_an_index_projects_no_event_and_no_key_twice() -> None:
    for index in TABLE["GlobalSecondaryIndexes"]:
        named = index["Projection"].get("NonKeyAttributes", [])
        keys = {key["AttributeName"] for key in index["KeySchema"]} | {"pk", "sk"}
        assert not set(named) & (keys | {"event"})
