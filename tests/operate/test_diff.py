"""The changes of a deployment are printed before it starts, and the deletion of data is refused."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from operate import diff
from operate.command import CommandError, UsageError

TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {"KeySchema": ["pk"], "BillingMode": "PAY_PER_REQUEST"},
}
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "alarms"}}


def with_property(resource: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return {**resource, "Properties": {**resource["Properties"], name: value}}


def actions(before: diff.Resources, after: diff.Resources) -> list[tuple[str, str]]:
    return [(each.action, each.name) for each in diff.changes(before, after)]


def test_equal_resources_are_no_change() -> None:
    assert actions({"Table": TABLE}, {"Table": dict(TABLE)}) == []


def test_new_removed_and_modified_resources_are_changes() -> None:
    renamed = with_property(TOPIC, "DisplayName", "loud alarms")
    assert actions({"Old": TOPIC, "Same": TOPIC}, {"New": TOPIC, "Same": renamed}) == [
        ("Add", "New"),
        ("Remove", "Old"),
        ("Modify", "Same"),
    ]


def test_another_key_replaces_a_table() -> None:
    other = with_property(TABLE, "KeySchema", ["pk", "sk"])
    [change] = diff.changes({"Table": TABLE}, {"Table": other})
    assert (change.action, change.properties) == ("Replace", ("KeySchema",))
    assert diff.losses({"a": {"Table": TABLE}}, {"a": {"Table": other}}) == ["Table"]


def test_a_modified_table_keeps_its_data() -> None:
    other = with_property(TABLE, "BillingMode", "PROVISIONED")
    [change] = diff.changes({"Table": TABLE}, {"Table": other})
    assert change.action == "Modify"
    assert diff.losses({"a": {"Table": TABLE}}, {"a": {"Table": other}}) == []


def http_api(routes: list[str], throttled: list[str]) -> dict[str, Any]:
    """An HTTP API with these GET routes, and its stage, which throttles some."""
    body: dict[str, Any] = {"paths": {path: {"get": {}} for path in routes}}
    settings: dict[str, Any] = {f"GET {path}": {} for path in throttled}
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"RouteSettings": settings}},
    }


def test_a_throttled_route_is_removed_in_two_deployments() -> None:
    both, unthrottled = http_api(["/a", "/b"], ["/a", "/b"]), http_api(["/a", "/b"], ["/a"])
    one = http_api(["/a"], ["/a"])
    assert diff.routes_with_settings({"a": both}, {"a": one}) == ["GET /b"]
    assert diff.routes_with_settings({"a": both}, {"a": unthrottled}) == []
    assert diff.routes_with_settings({"a": unthrottled}, {"a": one}) == []


def test_a_commit_is_known_only_of_a_clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "ROOT", tmp_path)
    assert diff.current_commit() is None
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], [*who, "commit", "-q", "--allow-empty", "-m", "One"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert re.fullmatch(r"[0-9a-f]{40}", diff.current_commit() or "")
    (tmp_path / "template.yaml").write_text("changed")
    assert diff.current_commit() is None


def test_removing_a_throttled_route_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = http_api(["/a"], ["/a"]), http_api([], [])
    monkeypatch.setattr(diff, "translated", lambda: {"a": after})
    monkeypatch.setattr(diff, "previous", lambda *_: {"before": {"a": before}})
    with pytest.raises(CommandError, match="Removing GET /a takes two deployments: first its RouteSettings"):
        diff.check(None, None, allow_data_loss=True)


def nested(template: str) -> dict[str, Any]:
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": template}}


def test_a_removed_nested_stack_deletes_its_data() -> None:
    before = {
        "template.yaml": {"Orders": nested("functions/orders/template.yaml")},
        "functions/orders/template.yaml": {"Table": TABLE, "Alarms": nested("../../alarms.yaml")},
        "alarms.yaml": {"ApiFails": TOPIC},
    }
    renamed = {**before, "template.yaml": {"Orderly": before["template.yaml"]["Orders"]}}
    assert diff.losses(before, renamed) == ["Orders"]
    without_alarms = {**before, "functions/orders/template.yaml": {"Table": TABLE}}
    assert diff.losses(before, without_alarms) == []
    assert diff.losses(before, before) == []


def test_every_service_has_data() -> None:
    templates = diff.translated()
    stateful = {"Archive", "Bus", "Auth", "Tickets", "Orders", "Payments", "Expiration", "Notifications"}
    assert set(diff.losses(templates, {**templates, "template.yaml": {}})) == stateful


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of recorded deployments, which is missing; git has a table that the templates now lack."""
    monkeypatch.setattr(diff, "DEPLOYED", tmp_path / "deployed")
    monkeypatch.setattr(diff, "translated", dict)
    monkeypatch.setattr(diff, "at", lambda commit: {"template.yaml": {f"At{commit}": TABLE}})
    return tmp_path / "deployed"


def record(records: Path, stage: str, table: str) -> None:
    """As if a table had been deployed to this stage."""
    records.mkdir(exist_ok=True)
    (records / f"{stage}.json").write_text(json.dumps({"template.yaml": {table: TABLE}}))


def check(stage: str | None = None, base: str | None = None, *, allow_data_loss: bool = False) -> None:
    diff.check(stage, base, allow_data_loss=allow_data_loss)


def test_the_loss_of_a_table_is_refused_unless_allowed(records: Path) -> None:
    record(records, "dev", "Precious")
    with pytest.raises(CommandError, match="would delete the data in Precious"):
        check("dev")
    check("dev", allow_data_loss=True)
    diff.record("dev")
    check("dev")


def test_each_stage_is_compared_with_its_last_deployment(records: Path) -> None:
    record(records, "dev", "Dear")
    record(records, "prod", "Precious")
    for stage, table in (("dev", "Dear"), ("prod", "Precious")):
        with pytest.raises(CommandError, match=f"data in {table}:"):
            check(stage)
    with pytest.raises(CommandError, match="data in Dear, Precious:"):
        check()


def test_a_first_deployment_is_compared_with_git(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(records, "dev", "Dear")
    with pytest.raises(CommandError, match="data in AtHEAD:"):
        check("prod")
    assert "Compared with git's HEAD (no deployment from here to prod; BASE=" in capsys.readouterr().out


def test_a_commit_can_be_compared_with(records: Path) -> None:
    record(records, "dev", "Dear")
    with pytest.raises(CommandError, match="data in Atv1:"):
        check("dev", "v1")


def test_templates_in_git_are_translated_as_those_here() -> None:
    assert diff.at("HEAD").keys() == diff.translated().keys()
    with pytest.raises(UsageError, match="git has no commit 'nonsense'"):
        diff.at("nonsense")


def test_every_template_is_compared() -> None:
    templates = diff.translated()
    assert set(templates) >= {"template.yaml", "hosting.yaml", "dashboard.yaml", "alarms.yaml"}
    assert sum(path.startswith("functions/") for path in templates) == 6
    assert templates["functions/orders/template.yaml"]["ApiAliaslive"]["Type"] == "AWS::Lambda::Alias"
