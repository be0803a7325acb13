"""The README's pictures exist, and are small."""

import re

from tests.e2e.pictures import FOLDER, MAX_KB
from tests.support.templates import ROOT

PICTURES = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text())


def test_the_readme_shows_every_picture_and_they_are_small() -> None:
    files = [ROOT / picture for picture in PICTURES]
    assert sorted(files) == sorted(FOLDER.iterdir())
    assert sum(file.stat().st_size for file in files) <= MAX_KB * 1_000
