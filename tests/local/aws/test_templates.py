"""A template that AWS would refuse, or whose events it would drop, doesn't start here either."""

from pathlib import Path

import pytest

from local.aws.config import CannotStart
from local.aws.template import translate
from local.aws.template_checks import check_queue_policies
from tests.local.aws.notes import SAMPLE, TEMPLATE


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the notes template, to be changed."""
    template = tmp_path / TEMPLATE
    template.parent.mkdir(parents=True)
    (tmp_path / "statemachines").symlink_to(SAMPLE / "statemachines")
    template.write_text((SAMPLE / TEMPLATE).read_text())
    return template


def replace(template: Path, old: str, new: str) -> None:
    text = template.read_text()
    assert old in text
    template.write_text(text.replace(old, new))


def test_an_unsupported_resource_is_named(edited: Path) -> None:
    replace(edited, "  InboxDead: {Type: AWS::SQS::Queue}", "  InboxDead: {Type: AWS::Scheduler::Schedule}")
    with pytest.raises(CannotStart, match=r"InboxDead is an AWS::Scheduler::Schedule, which isn't supported"):
        translate(edited, {})


def test_a_parameter_without_a_value_is_named(edited: Path) -> None:
    replace(edited, "EventBusName: {Type: String, Default: notes}", "EventBusName: {Type: String}")
    with pytest.raises(CannotStart, match="no value for the parameter EventBusName"):
        translate(edited, {})


def test_a_rule_that_no_queue_policy_allows_is_named(edited: Path) -> None:
    check_queue_policies(translate(edited, {}))
    replace(edited, '{"aws:SourceArn": !GetAtt Written.Arn}', '{"aws:SourceArn": !GetAtt Inbox.Arn}')
    with pytest.raises(CannotStart, match="no queue policy lets the rule Written send to Inbox"):
        check_queue_policies(translate(edited, {}))


MALFORMED = {
    "is for 2 queues": ("Queues: [!Ref Inbox]", "Queues: [!Ref Inbox, !Ref InboxDead]"),
    "names another resource": ("Resource: !GetAtt Inbox.Arn", "Resource: [!GetAtt Inbox.Arn]"),
    "Again and InboxPolicy replace each other on Inbox": (
        "  InboxPolicy:\n",
        "  Again:\n    Type: AWS::SQS::QueuePolicy\n"
        "    Properties: {Queues: [!Ref Inbox], PolicyDocument: {Statement: []}}\n  InboxPolicy:\n",
    ),
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_a_queue_has_one_policy_which_names_only_this_queue(edited: Path, fault: str) -> None:
    replace(edited, *MALFORMED[fault])
    with pytest.raises(CannotStart, match=fault):
        check_queue_policies(translate(edited, {}))


def test_tables_are_named_after_the_prefix_and_the_folder(edited: Path) -> None:
    table = translate(edited, {}, prefix="shop").stack["Resources"]["Table"]
    assert table["Properties"]["TableName"] == "shop-notes-Table"


ALIAS = """  Live:
    Type: AWS::Lambda::Alias
    Properties: {Name: live, FunctionName: !Ref Api, FunctionVersion: "1"}

Outputs:
  LiveArn: {Value: !Ref Live}
"""


def test_a_reference_to_an_alias_becomes_its_function(edited: Path) -> None:
    replace(edited, "\nOutputs:\n", ALIAS)
    assert translate(edited, {}).stack["Outputs"]["LiveArn"] == {"Value": {"Fn::GetAtt": ["Api", "Arn"]}}
