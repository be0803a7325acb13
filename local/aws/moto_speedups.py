"""moto, quicker: what it works out anew for each call, though it is always the same, is worked out once.

Everything here answers as moto 5.2.5 does; only the way there is shorter. All calls wait for one lock, so
what one saves, all do. What is left out: regions that are not ours, and kinds of hardware that EC2 has.
"""

import json
import pickle
import time
from functools import cache, lru_cache
from typing import Any
from unittest.mock import patch

from local.aws.config import REGION

REMEMBERED = 4096  # answers of each function
MOST_BYTES = 405_000  # of a row, as moto has it


@cache
def apply() -> None:
    """Replace the slow parts of moto, for this process."""
    _start_small()
    from jsonpath_ng import ext as jsonpath
    from moto.cloudformation.models import Stack
    from moto.core import responses
    from moto.dynamodb.models.dynamo_type import Item
    from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
    from moto.dynamodb.parsing.expressions import UpdateExpressionParser
    from moto.events.models import EventPattern
    from moto.sqs import models as sqs
    from moto.stepfunctions.parser.asl.component.common.path import result_path
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
    from moto.stepfunctions.parser.asl.utils import json_path

    for owner, name in (
        (responses, "camelcase_to_underscores"),
        (responses, "method_names_from_class"),
        (sqs, "camelcase_to_underscores"),
        (json_path, "parse"),
        (result_path, "parse"),
        (jsonpath, "parse"),  # the archive's rule asks for eight paths in every event
        (UpdateExpressionParser, "make"),  # validating copies it before it changes it
        (AmazonStateLanguageParser, "parse"),  # evaluating keeps its state elsewhere
    ):
        setattr(owner, name, lru_cache(REMEMBERED)(getattr(owner, name)))
    Stack.parse_template = staticmethod(_template(Stack.parse_template))
    DepthFirstTraverser.traverse_node_recursively, Node.find_clauses = _walks()
    Node.__deepcopy__ = _twin
    EventPattern.matches_event = _matches
    Item.__init__ = _item
    sqs.unix_time_millis = lambda: time.time() * 1000  # asked for by every message of a queue, to be seen
    sqs.SQSBackend.is_message_valid_based_on_retention_period = _is_retained


def _start_small() -> None:
    """Leave out what moto reads as it starts of other regions and of other services' hardware: 2 seconds."""
    import boto3
    from moto.core.base_backend import AccountSpecificBackend
    from moto.utilities import utils

    regions = [REGION, "us-east-1"]  # where moto looks up every service's addresses
    AccountSpecificBackend._generate_regions = lambda self, service: regions
    with (
        patch.object(boto3.Session, "get_available_regions", return_value=regions),
        patch.object(utils, "load_resource", return_value={}),
    ):
        import moto.ec2.models  # noqa: F401 - which CloudFormation and Step Functions bring along


def _template(parse: Any) -> Any:
    """How moto reads a template: as YAML, which takes 0.2 s. Ours are JSON."""

    def parse_json_first(template: str) -> Any:
        try:
            return json.loads(template)
        except ValueError:
            return parse(template)

    return parse_json_first


def _twin(node: Any, memo: dict[int, Any]) -> Any:
    """A copy of a whole tree: pickle goes from node to node in C, copy.deepcopy in Python."""
    return pickle.loads(pickle.dumps(node, pickle.HIGHEST_PROTOCOL))


def _matches(self: Any, event: Any) -> bool:
    """Whether an event fits; moto writes it as JSON and reads that again first."""
    return not self._pattern or self._does_event_match(self._flatten_dict(event), self._pattern)


def _item(self: Any, hash_key: Any, range_key: Any, attrs: dict[str, Any]) -> None:
    """A row; moto weighs all that it has so far again with each attribute. Raises ItemSizeTooLarge."""
    from moto.dynamodb.exceptions import ItemSizeTooLarge
    from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict

    self.hash_key, self.range_key = hash_key, range_key
    self.attrs = LimitedSizeDict({name: DynamoType(value) for name, value in attrs.items()})
    if self.size() > MOST_BYTES:
        raise ItemSizeTooLarge


def _is_retained(self: Any, queue_name: str, message: Any) -> bool:
    """Whether a message is not too old; moto counts all messages of the queue for that."""
    kept_until: float = self.queues[queue_name].message_retention_period + message.sent_timestamp / 1000
    return kept_until > time.time()


def _walks() -> tuple[Any, Any]:
    """Moto's two walks through an expression's tree, without asking every node for its type again."""
    from moto.dynamodb.parsing.ast_nodes import Expression, Node, UpdateExpressionFunction

    is_node: Any = cache(lambda kind: issubclass(kind, Node))
    is_nest: Any = cache(lambda kind: issubclass(kind, Expression | UpdateExpressionFunction))
    handled: dict[tuple[type, type], type | None] = {}  # a traverser's class, a node's -> handled as

    def handled_as(traverser: Any, node: Any) -> type | None:
        kinds = type(traverser), type(node)
        if kinds not in handled:
            wanted = traverser._processing_map()
            handled[kinds] = next((kind for kind in wanted if isinstance(node, kind)), None)
        return handled[kinds]

    def traverse(self: Any, node: Any, child_id: int = -1) -> Any:
        parent = node.parent
        for at, child in enumerate(node.children or ()):
            self.pre_processing_of_child(node, at)
            if is_node(type(child)):
                traverse(self, child, at)
        kind = handled_as(self, node)
        if kind is None:
            return node
        node = self._processing_map()[kind](node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
        return node

    def find_clauses(self: Any, wanted: list[type]) -> list[Any]:
        found = []
        for child in self.children or ():
            if type(child) in wanted:
                found.append(child)
            elif is_nest(type(child)):
                found += child.find_clauses(wanted)
        return found

    return traverse, find_clauses
