"""moto, quicker: what it works out anew for each call, though it is always the same, is worked out once.

Everything here answers as moto 5.2.5 does; only the way there is shorter. All calls wait for one lock, so
what one saves, all do.
"""

import pickle
from functools import cache, lru_cache
from typing import Any

REMEMBERED = 4096  # answers of each function


@cache
def hurry() -> None:
    """Replace the slow parts of moto, for this process."""
    from jsonpath_ng import ext as jsonpath
    from moto.core import responses
    from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
    from moto.dynamodb.parsing.expressions import UpdateExpressionParser
    from moto.events.models import EventPattern
    from moto.sqs import models as sqs
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
    from moto.stepfunctions.parser.asl.utils import json_path

    for owner, name in (
        (responses, "camelcase_to_underscores"),
        (responses, "method_names_from_class"),
        (sqs, "camelcase_to_underscores"),
        (json_path, "parse"),
        (jsonpath, "parse"),  # the archive's rule asks for eight paths in every event
        (UpdateExpressionParser, "make"),  # validating copies it before it changes it
        (AmazonStateLanguageParser, "parse"),  # evaluating keeps its state elsewhere
    ):
        setattr(owner, name, lru_cache(REMEMBERED)(getattr(owner, name)))
    DepthFirstTraverser.traverse_node_recursively = _traversal()
    Node.__deepcopy__ = _twin
    EventPattern.matches_event = _matches


def _twin(node: Any, memo: dict[int, Any]) -> Any:
    """A copy of a whole tree: pickle goes from node to node in C, copy.deepcopy in Python."""
    return pickle.loads(pickle.dumps(node, pickle.HIGHEST_PROTOCOL))


def _matches(self: Any, event: Any) -> bool:
    """Whether an event fits; moto writes it as JSON and reads that again first."""
    return not self._pattern or self._does_event_match(self._flatten_dict(event), self._pattern)


def _traversal() -> Any:
    """Moto's walk through an expression's tree, without asking each node for its type again and again."""
    from moto.dynamodb.parsing.ast_nodes import Node

    known: dict[
        tuple[type, type], type | None
    ] = {}  # a traverser's class, a node's -> the class it handles it as

    def handled_as(traverser: Any, node: Any) -> type | None:
        kinds = type(traverser), type(node)
        if kinds not in known:
            wanted = traverser._processing_map()
            known[kinds] = next((kind for kind in wanted if isinstance(node, kind)), None)
        return known[kinds]

    def traverse(self: Any, node: Any, child_id: int = -1) -> Any:
        parent = node.parent
        for at, child in enumerate(node.children or ()):
            self.pre_processing_of_child(node, at)
            if isinstance(child, Node):
                traverse(self, child, at)
        kind = handled_as(self, node)
        if kind is None:
            return node
        node = self._processing_map()[kind](node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
        return node

    return traverse
