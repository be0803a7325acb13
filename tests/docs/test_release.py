"""The version stands in pyproject.toml alone, and the changelog's newest release is that version."""

import json

import pytest

from tests.support.templates import ROOT
from tools.changelog import sections, version


def test_the_newest_release_in_the_changelog_is_the_project_version() -> None:
    assert next(iter(sections((ROOT / "CHANGELOG.md").read_text()))) == version()


def test_the_web_client_has_no_version_of_its_own() -> None:
    assert "version" not in json.loads((ROOT / "web/package.json").read_text())
    assert "version" not in json.loads((ROOT / "web/package-lock.json").read_text())


def test_a_release_heading_needs_a_version_and_a_date() -> None:
    with pytest.raises(ValueError, match=r"not of the form \[1\.2\.3\] - 2026-12-31"):
        sections("# Changelog\n\n## [Unreleased]\n\n## 0.1\n\n- Something.\n")


def test_release_notes_are_the_text_of_the_section() -> None:
    text = "## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n- New.\n\n## [0.1.0] - 2026-11-28\n\n- Old.\n"
    assert sections(text) == {"0.2.0": "- New.", "0.1.0": "- Old."}
