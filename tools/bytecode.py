"""Gives what `sam build` made the bytecode that Lambda needs, so that a cold start compiles nothing.

    python -m tools.bytecode [FOLDER]

A .pyc of the usual kind holds the time of its source, and every file of a SAM zip is of 1 January 1980: it
never fits, and Lambda's folders are read-only, so each cold start compiles all it imports. One that is marked
unchecked (PEP 552) is taken as it is. Bytecode is the same for every processor; it must be of the runtime's
Python version, 3.13.
"""

import py_compile
import shutil
import sys
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNTIME = (3, 13)


def main() -> int:
    if sys.version_info[:2] != RUNTIME:
        print(f"No bytecode: it would be of Python {sys.version_info.major}.{sys.version_info.minor}.")
        return 0
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".aws-sam/build"
    print(f"Bytecode for {compile_all(folder)} modules")
    return 0


def compile_all(folder: Path) -> int:
    """Compile every module below `folder`, alike ones once; how many there are."""
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
