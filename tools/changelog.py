"""Prints the release notes of the version in pyproject.toml: its section of CHANGELOG.md.

    python -m tools.changelog [--version]

Standard library only: the release workflow runs it before anything is installed.
"""

import re
import sys
import tomllib
from pathlib import Path

from operate.command import Parser

ROOT = Path(__file__).parents[1]


def version() -> str:
    """The project's version, which pyproject.toml alone holds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def sections(changelog: str) -> dict[str, str]:
    """Each released section's text by its version, newest first. Raises ValueError for a bad heading."""
    headings = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    if not headings or headings[0] != "[Unreleased]":
        raise ValueError("CHANGELOG.md begins with a section [Unreleased]")
    texts = re.split(r"^## .+\n", changelog, flags=re.MULTILINE)[2:]
    released = {}
    for heading, text in zip(headings[1:], texts, strict=True):
        if not (match := re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}", heading)):
            raise ValueError(f"CHANGELOG.md: {heading!r} is not of the form [1.2.3] - 2026-12-31")
        released[match[1]] = text.strip()
    return released


def main() -> int:
    """Exit code 0, or 2 with one sentence where CHANGELOG.md has no section for the version."""
    parser = Parser(prog="python -m tools.changelog", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--version", action="store_true", help="print the version only")
    if parser.parse_args().version:
        print(version())
        return 0
    try:
        print(sections((ROOT / "CHANGELOG.md").read_text())[version()])
    except ValueError as error:
        parser.error(str(error))
    except KeyError:
        parser.error(f"CHANGELOG.md has no section for {version()}, the version in pyproject.toml")
    return 0


if __name__ == "__main__":
    sys.exit(main())
