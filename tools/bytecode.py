"""Compiles what `sam build` has built to bytecode that Lambda uses, so that a cold start compiles nothing.

    python -m tools.bytecode [FOLDER]

A .pyc usually holds its source's time, and every file in a SAM zip is from 1 January 1980: it never matches.
Lambda's folders are read-only, so each cold start compiles all it imports. An unchecked .pyc (PEP 552) is
used as it is. Bytecode is the same for every processor; it must be of the runtime's Python version, 3.13.
Runs with the standard library only.
"""

import py_compile
import shutil
import sys
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from operate.command import Parser

ROOT = Path(__file__).parents[1]
RUNTIME = (3, 13)


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 2 for a folder that doesn't exist. Only the runtime's Python version compiles."""
    parser = Parser(
        prog="python -m tools.bytecode",
        description="Compile what `sam build` has built to Lambda's bytecode.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".aws-sam/build", metavar="FOLDER")
    folder = parser.parse_args(arguments).folder
    if not folder.is_dir():
        parser.error(f"there is no folder {folder}")
    if sys.version_info[:2] != RUNTIME:
        print(f"No bytecode: it would be of Python {sys.version_info.major}.{sys.version_info.minor}.")
        return 0
    print(f"Bytecode for {compile_all(folder)} modules")
    return 0


def compile_all(folder: Path) -> int:
    """Compile every module below `folder`, equal ones once. Returns how many there are."""
    compiled: dict[bytes, str] = {}
    modules = sorted(folder.rglob("*.py"))
    for module in modules:
        digest = sha256(module.read_bytes()).digest()
        target = cache_from_source(str(module))
        if digest in compiled:
            Path(target).parent.mkdir(exist_ok=True)
            shutil.copyfile(compiled[digest], target)
            continue
        py_compile.compile(
            str(module), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, doraise=True
        )
        compiled[digest] = target
    return len(modules)


if __name__ == "__main__":
    sys.exit(main())
