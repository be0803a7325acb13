"""docs/aws.md lists what is assumed of AWS, each with what shows it; aws-check plays what it says it does."""

import re

import pytest

from operate.aws_check import STEPS
from tests.support.templates import ROOT

ROWS = {
    name.strip(): (assumed.strip(), shown.strip())
    for name, assumed, shown in re.findall(
        r"^\| ([a-z-]+) \| (.+?) \| (.+?) \|$", (ROOT / "docs/aws.md").read_text(), re.MULTILINE
    )
    if name.strip("-") not in ("", "name")
}
PLAYED = {name for step in STEPS for name in step.shows}


def test_the_page_has_its_rows() -> None:
    assert len(ROWS) > 20


@pytest.mark.parametrize("name", sorted(PLAYED))
def test_what_aws_check_compares_with_is_on_the_page(name: str) -> None:
    assert ROWS[name][1].startswith("`make aws-check`")


@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_aws_check_does_not_play_is_shown_by_hand(name: str) -> None:
    assert (name in PLAYED) is not ROWS[name][1].startswith("by hand: ")


def test_readme_says_what_was_never_seen() -> None:
    deploy = (ROOT / "README.md").read_text().partition("## Deploy")[2]
    assert "has not run on AWS yet" in deploy
    assert "(docs/aws.md)" in deploy
