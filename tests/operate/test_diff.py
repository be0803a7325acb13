"""What a deployment would change is told before it happens, and lost data is refused."""

import json
from pathlib import Path

import pytest

from operate import diff
from operate.stages import CannotDo

TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {"KeySchema": ["pk"], "BillingMode": "PAY_PER_REQUEST"},
}
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "alarms"}}


def told(before: diff.Resources, after: diff.Resources) -> list[tuple[str, str]]:
    return [(each.action, each.name) for each in diff.changes(before, after)]


def test_what_is_the_same_is_no_change() -> None:
    assert told({"Table": TABLE}, {"Table": dict(TABLE)}) == []


def test_what_comes_goes_and_differs_is_told() -> None:
    named = {**TOPIC, "Properties": {"DisplayName": "loud alarms"}}
    assert told({"Old": TOPIC, "Same": TOPIC}, {"New": TOPIC, "Same": named}) == [
        ("Add", "New"),
        ("Remove", "Old"),
        ("Modify", "Same"),
    ]


def test_a_tables_other_key_means_another_table() -> None:
    other = {**TABLE, "Properties": {**TABLE["Properties"], "KeySchema": ["pk", "sk"]}}  # type: ignore[dict-item]
    [change] = diff.changes({"Table": TABLE}, {"Table": other})
    assert (change.action, change.properties, change.loses) == ("Replace", ("KeySchema",), True)


def test_a_change_within_a_table_loses_nothing() -> None:
    other = {**TABLE, "Properties": {**TABLE["Properties"], "BillingMode": "PROVISIONED"}}  # type: ignore[dict-item]
    [change] = diff.changes({"Table": TABLE}, {"Table": other})
    assert (change.action, change.loses) == ("Modify", False)


def test_a_deployment_that_would_lose_a_table_is_refused_until_told_that_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "deployed.json"
    kept.write_text(json.dumps({"template.yaml": {"Precious": TABLE}}))
    monkeypatch.setattr(diff, "KEPT", kept)
    monkeypatch.setattr(diff, "translated", dict)
    with pytest.raises(CannotDo, match="would lose what is in Precious"):
        diff.main(["--keep"])
    assert "Precious" in kept.read_text()
    diff.main(["--lose", "--keep"])
    assert json.loads(kept.read_text()) == {}


def test_every_template_is_compared() -> None:
    found = diff.translated()
    assert set(found) >= {"template.yaml", "hosting.yaml", "dashboard.yaml", "alarms.yaml"}
    assert sum(path.startswith("functions/") for path in found) == 5
    assert found["functions/orders/template.yaml"]["ApiAliaslive"]["Type"] == "AWS::Lambda::Alias"
