"""Removes from what `sam build` has built botocore's descriptions of the AWS services that no function calls.

    python -m tools.botocore_data [FOLDER]

They are nine tenths of the layer's packages. Which services are called is read from the code, so a new one
needs no entry here. A plain `sam build` works too, with larger uploads.
"""

import ast
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from operate.command import Parser

ROOT = Path(__file__).parents[1]
CODE = ("functions/*/*/*.py", "layers/common/*/*.py")
DATA = "*/*/python/botocore/data/*/"


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 2 for a folder that doesn't exist."""
    parser = Parser(
        prog="python -m tools.botocore_data",
        description="Remove descriptions of services that no function calls from what `sam build` has built.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".aws-sam/build", metavar="FOLDER")
    folder = parser.parse_args(arguments).folder
    if not folder.is_dir():
        parser.error(f"there is no folder {folder}")
    called = services(path for pattern in CODE for path in ROOT.glob(pattern))
    print(f"Descriptions of {remove_others(folder, called)} services removed, of {', '.join(called)} left")
    return 0


def services(modules: Iterable[Path]) -> list[str]:
    """The services that these modules make clients of: `aws.client("sqs")`.

    Raises SystemExit where the name is no literal.
    """
    return sorted({_service(path, call) for path in modules for call in _calls(path)})


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "aws.client":
            yield node


def _service(path: Path, call: ast.Call) -> str:
    [name] = call.args
    if not isinstance(name, ast.Constant):
        raise SystemExit(f"{path}, line {call.lineno}: name the service as a literal.")
    return str(name.value)


def remove_others(folder: Path, called: list[str]) -> int:
    """Remove the folders of all other services from every layer below `folder`; their number."""
    others = [each for each in folder.glob(DATA) if each.name not in called]
    for each in others:
        shutil.rmtree(each)
    return len({each.name for each in others})


if __name__ == "__main__":
    sys.exit(main())
