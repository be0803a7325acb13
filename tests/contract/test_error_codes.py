"""Codes of refusals: the document lists those that the code can raise, and each refusal has its own."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from tiketz_common.errors import Code, Conflict, DomainError, Forbidden, NotFound, PreconditionFailed

from tools import openapi

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("functions/*/*/*.py"), *ROOT.glob("layers/common/tiketz_common/*.py")]
CODES = set(get_args(Code))
NEED_A_CODE = {Conflict.__name__, Forbidden.__name__, NotFound.__name__, PreconditionFailed.__name__}


def raised() -> Iterator[tuple[Path, str, str | None]]:
    """Every exception that is raised by a call: the file, the class and the code that is passed."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                codes = [each.value for each in node.exc.keywords if each.arg == "code"]
                code = codes[0].value if codes and isinstance(codes[0], ast.Constant) else None
                yield path, ast.unparse(node.exc.func).rpartition(".")[2], code if code is None else str(code)


def classes(parent: type[DomainError]) -> Iterator[type[DomainError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from classes(child)


def test_the_document_lists_exactly_the_codes_that_are_raised() -> None:
    documented = openapi.document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    explicit = {code for _, _, code in raised() if code}
    assert set(documented) == CODES == explicit | {each.code for each in classes(DomainError)}
    assert len(documented) == len(CODES)


def test_refusals_of_one_status_have_different_codes() -> None:
    bare = {(path.name, name) for path, name, code in raised() if name in NEED_A_CODE and code is None}
    assert bare == {("model.py", "Forbidden")}  # a listing is changed by its seller alone
