"""The documents do not rot: commands and paths exist, alarms are explained, what can be run is."""

import re
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from tests.support.templates import ROOT

DOCUMENTS = sorted(
    {*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/decisions").glob("*.md")}
    - {ROOT / "CHANGELOG.md"}  # which names what was
)
MAKE = re.compile(r"\bmake ([a-z][a-z-]+)\b")
TARGET = re.compile(r"^([a-z][a-z-]+):", re.MULTILINE)


def commands(document: Path) -> list[str]:
    """The command lines of a document's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("make ")]


def alarms() -> set[str]:
    """Every alarm that any template has."""
    templates = [ROOT / "alarms.yaml", ROOT / "dashboard.yaml", *ROOT.glob("functions/*/template.yaml")]
    return {
        name
        for each in templates
        for name, resource in yaml_parse(each.read_text())["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.stem)
def test_every_command_that_is_shown_exists(document: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    prose = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    shown = {each for span in re.findall(r"`([^`\n]+)`", prose) for each in MAKE.findall(span)}
    shown |= {MAKE.match(each)[1] for each in commands(document)}  # type: ignore[index]
    assert shown <= targets


def test_every_alarm_is_in_the_runbook_and_no_other() -> None:
    table = (ROOT / "docs/runbook.md").read_text().partition("## Alarms")[2].partition("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")][2:]
    assert {name for row in rows for name in row.split(", ")} == alarms()


def test_every_alarm_has_a_command_to_run() -> None:
    table = (ROOT / "docs/runbook.md").read_text().partition("## Alarms")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("|")][2:]
    assert [row[1] for row in rows if "`make " not in row[3]] == []


@pytest.mark.parametrize("name", ["architecture", "glossary", "reliability"])
def test_a_page_names_files_that_are_there(name: str) -> None:
    text = (ROOT / f"docs/{name}.md").read_text()
    named = {each for each in re.findall(r"`([\w./-]+)`", text) if "/" in each}
    named = {each for each in named if not each.startswith(("/", "http"))}
    missing = [each for each in named if not (ROOT / each).exists()]
    assert named
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.stem)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)(?:#([^)]+))?\)", document.read_text())
    missing = [link for link, _ in links if not (document.parent / link).exists()]
    assert missing == []
    for link, anchor in links:
        if anchor:
            headings = re.findall(r"^#+ (.+)$", (document.parent / link).read_text(), re.MULTILINE)
            assert anchor in {each.lower().replace(" ", "-") for each in headings}


def test_every_decision_is_listed_under_its_title() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    titles = [page.read_text().splitlines()[0].removeprefix("# ") for page in pages]
    lines = (ROOT / "docs/decisions/README.md").read_text().splitlines()
    listed = [line for line in lines if line.startswith("- ")]
    assert listed == [f"- [{title}]({page.name})" for title, page in zip(titles, pages, strict=True)]


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs/decisions").glob("[0-9]*.md")), ids=lambda each: each.stem[:4]
)
def test_every_decision_has_a_date_a_status_and_alternatives(page: Path) -> None:
    text = page.read_text()
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}, (accepted|replaced by \d{4})\.", text.splitlines()[2])
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["What", "Why", "Alternatives", "Cost"]
