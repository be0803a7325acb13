"""The patches belong to one version of moto, and each says what it corrects."""

import ast
import re
from pathlib import Path

import pytest

from local.aws import moto_patches
from local.aws.config import CannotStart
from local.aws.moto_patches import version

TESTS = Path(__file__).parent
PINNED = TESTS.parents[3] / "requirements/local.txt"
MODULES = sorted(Path(moto_patches.__file__).parent.glob("*.py"))
PATCHES = [each for each in MODULES if each.stem not in ("__init__", "version")]


def test_the_pinned_moto_is_the_one_that_was_verified() -> None:
    pins = re.findall(r"^moto\b.*==(\S+)", PINNED.read_text(), re.MULTILINE)
    assert pins == [version.MOTO_VERSION]


def test_another_version_asks_for_the_tests_to_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "version", lambda _: "6.0.0")
    sentence = r"moto 6\.0\.0 is installed, but .* run tests/local/aws against it"
    with pytest.raises(CannotStart, match=sentence):
        version.check_moto_version()


@pytest.mark.parametrize("patch", PATCHES, ids=lambda each: each.stem)
def test_a_patch_names_its_upstream_and_has_a_test(patch: Path) -> None:
    upstream = ast.get_docstring(ast.parse(patch.read_text())) or ""
    assert "Upstream: getmoto/moto, moto/" in " ".join(upstream.split())
    assert (TESTS / f"test_{patch.stem}.py").exists()
