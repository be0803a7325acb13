"""Makes the architecture that `sam build` built for the default of the templates that it wrote.

    python -m tools.built_architecture x86_64 [FOLDER]

`sam build` leaves the source's default there, arm64: `sam local` would run code for another processor. Runs
with the standard library only.
"""

import re
import sys
from pathlib import Path

from operate.command import Parser

ROOT = Path(__file__).parents[1]
DEFAULT = re.compile(r"(^  Architecture:\n    Type: String\n    Default: )\w+$", re.MULTILINE)
"""As SAM writes the parameter, which every template with functions has."""


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 where the main template has no such parameter, 2 for a folder without one."""
    parser = Parser(prog="python -m tools.built_architecture", description=__doc__)
    parser.add_argument("architecture", choices=("arm64", "x86_64"))
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".aws-sam/build", metavar="FOLDER")
    options = parser.parse_args(arguments)
    if not (options.folder / "template.yaml").is_file():
        parser.error(f"there is no template.yaml in {options.folder}")
    changed = [each for each in options.folder.rglob("template.yaml") if _set(each, options.architecture)]
    if options.folder / "template.yaml" not in changed:
        print("The built template has no parameter Architecture with a default.", file=sys.stderr)
        return 1
    return 0


def _set(template: Path, architecture: str) -> bool:
    """Whether the template has the parameter."""
    text, count = DEFAULT.subn(rf"\g<1>{architecture}", template.read_text())
    if count:
        template.write_text(text)
    return bool(count)


if __name__ == "__main__":
    sys.exit(main())
