"""A template that AWS would refuse, or fail on in silence, does not start here either."""

from pathlib import Path

import pytest

from local.aws.config import CannotStart
from local.aws.template import translate
from local.aws.template_checks import check_queue_policies

ROOT = Path(__file__).parents[2]
NOTES = Path(__file__).parent / "fixtures/functions/notes/template.yaml"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of the notes service to spoil."""
    folder = tmp_path / "functions" / "notes"
    folder.mkdir(parents=True)
    machines = tmp_path / "statemachines"
    machines.symlink_to(NOTES.parents[2] / "statemachines")
    template = folder / "template.yaml"
    template.write_text(NOTES.read_text())
    return template


def spoil(template: Path, old: str, new: str) -> None:
    text = template.read_text()
    assert old in text
    template.write_text(text.replace(old, new))


def test_a_resource_that_nothing_here_plays_is_named(edited: Path) -> None:
    spoil(edited, "  InboxDead: {Type: AWS::SQS::Queue}", "  InboxDead: {Type: AWS::Scheduler::Schedule}")
    with pytest.raises(CannotStart, match=r"cannot play InboxDead, an AWS::Scheduler::Schedule"):
        translate(edited, {})


def test_a_parameter_without_a_value_is_named(edited: Path) -> None:
    spoil(edited, "EventBusName: {Type: String, Default: tiketz}", "EventBusName: {Type: String}")
    with pytest.raises(CannotStart, match="no value for the parameter EventBusName"):
        translate(edited, {})


def test_a_rule_that_its_queue_does_not_let_in_is_named(edited: Path) -> None:
    check_queue_policies(translate(edited, {}))
    spoil(edited, '{"aws:SourceArn": !GetAtt Written.Arn}', '{"aws:SourceArn": !GetAtt Inbox.Arn}')
    with pytest.raises(CannotStart, match="no queue policy lets the rule Written send to Inbox"):
        check_queue_policies(translate(edited, {}))


@pytest.mark.parametrize(
    "template", sorted(ROOT.glob("functions/*/template.yaml")), ids=lambda each: each.parent.name
)
def test_the_services_can_be_played_and_the_files_stay_as_they_are(template: Path) -> None:
    before = template.read_text()
    source = translate(template, {"AuthorizerArn": "arn:aws:lambda:eu-west-1:123456789012:function:x"})
    check_queue_policies(source)
    assert source.of("AWS::Lambda::Function")
    assert template.read_text() == before
