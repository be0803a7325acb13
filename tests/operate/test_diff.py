"""What a deployment would change is told before it happens, and lost data is refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from operate import diff
from operate.stages import CannotDo
from tests.support.templates import ROOT

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
    assert (change.action, change.properties) == ("Replace", ("KeySchema",))
    assert diff.losses({"a": {"Table": TABLE}}, {"a": {"Table": other}}) == ["Table"]


def test_a_change_within_a_table_loses_nothing() -> None:
    other = {**TABLE, "Properties": {**TABLE["Properties"], "BillingMode": "PROVISIONED"}}  # type: ignore[dict-item]
    [change] = diff.changes({"Table": TABLE}, {"Table": other})
    assert change.action == "Modify"
    assert diff.losses({"a": {"Table": TABLE}}, {"a": {"Table": other}}) == []


def nested(template: str) -> dict[str, Any]:
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": template}}


def test_a_nested_stack_takes_what_it_holds_with_it() -> None:
    before = {
        "template.yaml": {"Orders": nested("functions/orders/template.yaml")},
        "functions/orders/template.yaml": {"Table": TABLE, "Alarms": nested("../../alarms.yaml")},
        "alarms.yaml": {"ApiFails": TOPIC},
    }
    renamed = {**before, "template.yaml": {"Orderly": before["template.yaml"]["Orders"]}}
    assert diff.losses(before, renamed) == ["Orders"]
    unwatched = {**before, "functions/orders/template.yaml": {"Table": TABLE}}
    assert diff.losses(before, unwatched) == []
    assert diff.losses(before, before) == []


def test_the_services_are_nested_stacks_that_hold_something() -> None:
    templates = diff.translated()
    nothing = {**templates, "template.yaml": {}}
    held = {"Archive", "Bus", "Auth", "Tickets", "Orders", "Payments", "Expiration"}
    assert set(diff.losses(templates, nothing)) == held


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is remembered what was deployed, which is nothing. Git had a table; now there is none."""
    monkeypatch.setattr(diff, "KEPT", tmp_path / "deployed")
    monkeypatch.setattr(diff, "translated", dict)
    monkeypatch.setattr(diff, "at", lambda base: {"template.yaml": {f"At{base}": TABLE}})
    monkeypatch.delenv("BASE", raising=False)
    return tmp_path / "deployed"


def deployed(kept: Path, stage: str, name: str) -> None:
    kept.mkdir(exist_ok=True)
    (kept / f"{stage}.json").write_text(json.dumps({"template.yaml": {name: TABLE}}))


def test_a_deployment_that_would_lose_a_table_is_refused_until_told_that_it_may(kept: Path) -> None:
    deployed(kept, "dev", "Precious")
    with pytest.raises(CannotDo, match="would lose what is in Precious"):
        diff.main(["dev"])
    diff.main(["dev", "--lose"])
    diff.main(["dev", "--keep"])
    diff.main(["dev"])


def test_each_stage_is_compared_with_what_was_deployed_there(kept: Path) -> None:
    deployed(kept, "dev", "Dear")
    deployed(kept, "prod", "Precious")
    for stage, name in (("dev", "Dear"), ("prod", "Precious")):
        with pytest.raises(CannotDo, match=rf"in {name}\."):
            diff.main([stage])
    with pytest.raises(CannotDo, match=r"in Dear, Precious\."):
        diff.main([])


def test_where_nothing_was_deployed_from_here_it_says_so(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed(kept, "dev", "Dear")
    with pytest.raises(CannotDo, match=r"in AtHEAD\."):
        diff.main(["prod"])
    assert "Against git's HEAD, for nothing was deployed from here to prod; BASE=" in capsys.readouterr().out


def test_a_commit_that_is_said_is_compared_with(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(kept, "dev", "Dear")
    monkeypatch.setenv("BASE", "v1")
    with pytest.raises(CannotDo, match=r"in Atv1\."):
        diff.main(["dev"])


def test_a_stage_that_is_not_there_is_not_compared(kept: Path) -> None:
    with pytest.raises(CannotDo, match="no stage 'nowhere'"):
        diff.main(["nowhere"])


def test_what_git_had_is_compared_as_it_was() -> None:
    assert diff.at("HEAD").keys() == diff.translated().keys()
    with pytest.raises(CannotDo, match="Git knows no 'nonsense'"):
        diff.at("nonsense")


def test_a_deployment_compares_before_it_begins() -> None:
    makefile = (ROOT / "Makefile").read_text()
    recipe = makefile.partition("\ndeploy:")[2].partition("\n\n")[0]
    steps = re.findall(r"operate\.(\w+)|(build) ARCH", recipe)
    assert ["".join(each) for each in steps] == ["diff", "build", "deploy", "diff"]


def test_every_template_is_compared() -> None:
    found = diff.translated()
    assert set(found) >= {"template.yaml", "hosting.yaml", "dashboard.yaml", "alarms.yaml"}
    assert sum(path.startswith("functions/") for path in found) == 5
    assert found["functions/orders/template.yaml"]["ApiAliaslive"]["Type"] == "AWS::Lambda::Alias"
