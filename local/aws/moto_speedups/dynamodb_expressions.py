"""Update expressions of DynamoDB."""

from functools import cache, lru_cache
from typing import Any

MAX_EXPRESSIONS = 4096

_processing_keys: dict[tuple[type, type], type | None] = {}


def parse_updates_once() -> None:
    """Keep the syntax tree of each text: moto copies it before it changes it.

    Upstream: moto/dynamodb/parsing/expressions.py, `UpdateExpressionParser.make`.
    """
    from moto.dynamodb.parsing.expressions import UpdateExpressionParser

    UpdateExpressionParser.make = lru_cache(MAX_EXPRESSIONS)(UpdateExpressionParser.make)


def walk_without_type_checks() -> None:
    """Decide once for each class of node what a walk does with it.

    Upstream: moto/dynamodb/parsing/ast_nodes.py, `DepthFirstTraverser.traverse_node_recursively` and
    `Node.find_clauses` call isinstance for every node and every type.
    """
    from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node

    DepthFirstTraverser.traverse_node_recursively = _traverse
    Node.find_clauses = _find_clauses


def _traverse(self: Any, node: Any, child_id: int = -1) -> Any:
    parent = node.parent
    for position, child in enumerate(node.children or ()):
        self.pre_processing_of_child(node, position)
        kind: Any = type(child)
        if _is_node(kind):
            _traverse(self, child, position)
    key = _processing_key(self, type(node))
    if key is None:
        return node
    node = self._processing_map()[key](node)
    node.parent = parent
    if parent:
        parent.children[child_id] = node
    return node


def _find_clauses(self: Any, types: list[type]) -> list[Any]:
    clauses = []
    for child in self.children or ():
        kind: Any = type(child)
        if kind in types:
            clauses.append(child)
        elif _has_clauses(kind):
            clauses += child.find_clauses(types)
    return clauses


def _processing_key(traverser: Any, kind: type) -> type | None:
    """The class as which the traverser handles nodes of this class; None where it doesn't."""
    known = type(traverser), kind
    if known not in _processing_keys:
        _processing_keys[known] = next(
            (key for key in traverser._processing_map() if issubclass(kind, key)), None
        )
    return _processing_keys[known]


@cache
def _is_node(kind: Any) -> bool:
    from moto.dynamodb.parsing.ast_nodes import Node

    return bool(issubclass(kind, Node))


@cache
def _has_clauses(kind: Any) -> bool:
    from moto.dynamodb.parsing.ast_nodes import Expression, UpdateExpressionFunction

    return bool(issubclass(kind, Expression | UpdateExpressionFunction))
