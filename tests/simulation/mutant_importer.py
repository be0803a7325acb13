"""Seeded bugs: one function of the product is changed in its syntax tree while its module is imported."""

import ast
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

WILDCARD = "ANY_"


@dataclass(frozen=True, slots=True)
class Mutant:
    """In `function` ("orders.repository:OrderTable.add"), `before` becomes `after`.

    Both are an expression, or statements that follow each other. They are compared as syntax trees: layout,
    quotes and comments do not matter. A name `ANY_x` stands for any name, the same wherever it is repeated.
    `more` is appended to the module. `in_outages`: only histories with a long outage show it.
    """

    name: str
    function: str
    before: str
    after: str
    more: str = ""
    in_outages: bool = False

    @property
    def module(self) -> str:
        return self.function.partition(":")[0]

    def apply(self, source: str) -> ast.Module:
        """The module with the bug. Raises ValueError unless `before` occurs exactly once in the function."""
        tree = ast.parse(source)
        scope = _function(tree, self.function.partition(":")[2])
        replacement = _Replacement(self.before, self.after)
        if scope:
            replacement.visit(scope)
        if replacement.count != 1:
            raise ValueError(
                f"{self.name}: found {replacement.count} times in {self.function}; adapt the mutant"
            )
        tree.body += ast.parse(self.more).body
        return ast.fix_missing_locations(tree)


class MutantImporter(MetaPathFinder):
    """Imports the mutant's module with its bug."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def install(self) -> None:
        """Import the bug from now on in this process. The module must not be imported yet."""
        assert self._mutant.module not in sys.modules, f"{self._mutant.module} is imported already"
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(self._mutant, fullname, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, mutant: Mutant, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        tree = self._mutant.apply(self.get_data(self.path).decode())
        return compile(tree, self.path, "exec", dont_inherit=True)


class _Replacement(ast.NodeTransformer):
    """Replaces each match, and counts them."""

    def __init__(self, before: str, after: str) -> None:
        self.count = 0
        self._before, self._after = ast.parse(before).body, ast.parse(after).body
        match self._before, self._after:
            case [ast.Expr(value=pattern)], [ast.Expr(value=value)]:
                self._expression: tuple[ast.expr, ast.expr] | None = pattern, value
            case _:
                self._expression = None

    def visit(self, node: ast.AST) -> Any:
        names: dict[str, str] = {}
        if self._expression and _matches(self._expression[0], node, names):
            self.count += 1
            return _filled(self._expression[1], names)
        self.generic_visit(node)
        if not self._expression:
            for statements in _blocks(node):
                self._replace_statements(statements)
        return node

    def _replace_statements(self, block: list[ast.stmt]) -> None:
        length = len(self._before)
        for start in reversed(range(len(block) - length + 1)):
            names: dict[str, str] = {}
            if _matches(self._before, block[start : start + length], names):
                self.count += 1
                block[start : start + length] = [_filled(each, names) for each in self._after]


def _function(tree: ast.Module, name: str) -> ast.AST | None:
    """The function of this qualified name."""
    scope: ast.AST | None = tree
    for part in name.split("."):
        scope = next((each for each in getattr(scope, "body", []) if getattr(each, "name", "") == part), None)
    return scope


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield value


def _matches(pattern: Any, node: Any, names: dict[str, str]) -> bool:
    """Whether two syntax trees are alike; `names` collects what each wildcard stands for."""
    if isinstance(pattern, ast.Name) and pattern.id.startswith(WILDCARD):
        return isinstance(node, ast.Name) and names.setdefault(pattern.id, node.id) == node.id
    if isinstance(pattern, list):
        return len(pattern) == len(node) and all(map(lambda a, b: _matches(a, b, names), pattern, node))
    if isinstance(pattern, ast.AST):
        fields = (each for each in pattern._fields if each != "ctx")
        return type(pattern) is type(node) and all(
            _matches(getattr(pattern, each, None), getattr(node, each, None), names) for each in fields
        )
    return bool(pattern == node)


def _filled(template: Any, names: dict[str, str]) -> Any:
    """A copy of the template with the names that its wildcards stand for."""
    filled = deepcopy(template)
    for node in ast.walk(filled):
        if isinstance(node, ast.Name) and node.id.startswith(WILDCARD):
            node.id = names[node.id]
    return filled
