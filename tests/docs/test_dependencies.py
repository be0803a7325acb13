"""The pinned files hold what pyproject.toml's groups list, at one version each; `make lock` writes them."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.templates import ROOT

GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
FILES = {
    "layer": "layers/common/requirements.txt",
    "auth": "functions/auth/requirements.txt",
    "payments": "functions/payments/requirements.txt",
    "delivery": "functions/delivery/requirements.txt",
    "notifications": "functions/notifications/requirements.txt",
    "typical": "bench/typical/requirements.txt",
}
PINNED = {group: ROOT / FILES.get(group, f"requirements/{group}.txt") for group in GROUPS}


def versions(file: Path) -> set[str]:
    """The pins of a requirements file, as `name==version` with their markers, without extras."""
    lines = [line for line in file.read_text().splitlines() if "==" in line and line[0] != " "]
    return {re.sub(r"\[.*?\]", "", line).rstrip(" \\") for line in lines}


def direct(group: str) -> set[str]:
    """The names that a group and the groups in it list, without extras and versions."""
    names: set[str] = set()
    for each in GROUPS[group]:
        names |= direct(each["include-group"]) if isinstance(each, dict) else {re.split(r"[\[<>=]", each)[0]}
    return names


@pytest.mark.parametrize("group", GROUPS)
def test_every_direct_dependency_is_pinned_with_hashes(group: str) -> None:
    pins = versions(PINNED[group])
    assert direct(group) <= {each.partition("==")[0] for each in pins}
    assert PINNED[group].read_text().count(" \\\n    --hash=sha256:") >= len(pins)


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"dev", "sam", "scan"}))
def test_a_package_has_one_version_wherever_the_code_runs(group: str) -> None:
    assert versions(PINNED[group]) <= versions(PINNED["dev"])


def test_no_file_names_a_package_index() -> None:
    files = [ROOT / "pyproject.toml", *PINNED.values()]
    assert [file for file in files if re.search(r"index-url|find-links|https?://", file.read_text())] == []


def test_every_pinned_file_comes_from_a_group() -> None:
    assert {*(ROOT / "requirements").iterdir()} <= {*PINNED.values()}
