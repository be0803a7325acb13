"""The patches belong to one version of moto."""

from pathlib import Path

import pytest

from local.aws.config import CannotStart
from local.aws.moto_patches import version

PINNED = Path(__file__).parents[4] / "requirements/local.txt"


def test_the_pinned_moto_is_the_one_that_was_verified() -> None:
    pins = [line.split(" ")[0] for line in PINNED.read_text().splitlines() if line.startswith("moto")]
    assert [pin.rsplit("==", 1)[1] for pin in pins] == [version.MOTO_VERSION]


def test_another_version_asks_for_the_tests_to_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "version", lambda _: "6.0.0")
    with pytest.raises(
        CannotStart, match=r"moto 6\.0\.0 is installed, but .* run tests/local/aws against it"
    ):
        version.check_moto_version()
