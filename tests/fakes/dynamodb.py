"""DynamoDB in memory: fast and exact for what Tiketz uses of it; anything else raises Unsupported."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes import dynamodb_expressions as expressions
from tests.fakes.aws_errors import AwsError
from tests.fakes.dynamodb_expressions import Item, Unsupported
from tests.fakes.dynamodb_tables import Change, Table

Params = Mapping[str, Any]
Response = dict[str, Any]

FAILED = "The conditional request failed"
WRITE_PARAMS = {
    "TableName",
    "Key",
    "Item",
    "ConditionExpression",
    "UpdateExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
}
READ_PARAMS = {"TableName", "ProjectionExpression", "ExpressionAttributeNames", "ConsistentRead"}
QUERY_PARAMS = READ_PARAMS | {
    "IndexName",
    "KeyConditionExpression",
    "FilterExpression",
    "ExpressionAttributeValues",
    "ScanIndexForward",
    "Limit",
    "ExclusiveStartKey",
}


class InMemoryDynamoDB:
    """The tables of all services. Each call takes effect at one moment, all or nothing."""

    def __init__(self, definitions: Mapping[str, Params]) -> None:
        self.tables = {name: Table(name, properties) for name, properties in definitions.items()}
        self._changes: list[Change] = []
        self._tokens: set[str] = set()

    def call(self, operation: str, params: Params) -> Response:
        """Raises AwsError."""
        match operation:
            case "GetItem":
                return self._get(params)
            case "PutItem" | "UpdateItem" | "DeleteItem":
                return self._write(operation.removesuffix("Item"), params)
            case "TransactWriteItems":
                return self._transact(params)
            case "Query":
                return self._query(params)
            case "BatchGetItem":
                return self._batch_get(params)
            case "Scan":  # by operators, in one page
                _check_params(params, {"TableName"})
                return {"Items": self.rows(params["TableName"])}
        raise Unsupported(f"DynamoDB's {operation}")

    def changes(self) -> list[Change]:
        """The changes since this was called last."""
        changes, self._changes = self._changes, []
        return changes

    def rows(self, table: str) -> list[Item]:
        return list(self.tables[table].rows.values())

    # -- reads ---------------------------------------------------------------------------------------------

    def _get(self, params: Params) -> Response:
        _check_params(params, READ_PARAMS | {"Key"})
        table = self.tables[params["TableName"]]
        row = table.rows.get(table.key_of(params["Key"]))
        return {"Item": _project(row, params)} if row else {}

    def _batch_get(self, params: Params) -> Response:
        _check_params(params, {"RequestItems"})
        responses: dict[str, list[Item]] = {}
        for name, request in params["RequestItems"].items():
            _check_params(request, {"Keys", "ProjectionExpression", "ConsistentRead"})
            table = self.tables[name]
            keys = [table.key_of(key) for key in request["Keys"]]
            if not 0 < len(keys) <= 100 or len(set(keys)) != len(keys):
                raise AwsError("ValidationException", "Too many keys, none, or duplicates")
            responses[name] = [_project(table.rows[key], request) for key in keys if key in table.rows]
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _query(self, params: Params) -> Response:
        _check_params(params, QUERY_PARAMS)
        table, index = self.tables[params["TableName"]], params.get("IndexName")
        values = {**params.get("ExpressionAttributeNames", {}), **params["ExpressionAttributeValues"]}
        _check_query(table.keys(index), params, values)
        rows, response = _page(_matching(table, index, params, values), table, index, params)
        rows = [table.projected(index, row) for row in rows]
        if "FilterExpression" in params:
            passes = expressions.condition(params["FilterExpression"]).holds
            rows = [row for row in rows if passes(row, values)]
        return {**response, "Items": [_project(row, params) for row in rows], "Count": len(rows)}

    # -- writes --------------------------------------------------------------------------------------------

    def _write(self, verb: str, params: Params) -> Response:
        _check_params(params, WRITE_PARAMS)
        change = self._change(verb, params)
        if change is None:
            raise AwsError("ConditionalCheckFailedException", FAILED)
        self._store([change])
        return {}

    def _transact(self, params: Params) -> Response:
        _check_params(params, {"TransactItems", "ClientRequestToken"})
        if params["ClientRequestToken"] in self._tokens:
            return {}
        writes = [next(iter(each.items())) for each in params["TransactItems"]]
        for _, write in writes:
            _check_params(write, WRITE_PARAMS)
        keys = [(write["TableName"], str(write.get("Key") or self._key(write))) for _, write in writes]
        if len(set(keys)) != len(keys) or len(keys) > 100:
            raise AwsError(
                "ValidationException", "Transaction request cannot include multiple operations on one item"
            )
        changes = [self._change(verb, write) for verb, write in writes]
        if None in changes:
            reasons = [
                {"Code": "None"} if change else self._reason(write)
                for change, (_, write) in zip(changes, writes, strict=True)
            ]
            codes = ", ".join(each["Code"] for each in reasons)
            raise AwsError(
                "TransactionCanceledException",
                f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
                CancellationReasons=reasons,
            )
        self._store(change for change in changes if change)
        self._tokens.add(params["ClientRequestToken"])
        return {}

    def _key(self, write: Params) -> Item:
        table = self.tables[write["TableName"]]
        return {name: write["Item"][name] for name in table.key}

    def _reason(self, write: Params) -> Response:
        reason: Response = {"Code": "ConditionalCheckFailed", "Message": FAILED}
        table = self.tables[write["TableName"]]
        row = table.rows.get(table.key_of(write.get("Key") or self._key(write)))
        if row and write.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            reason["Item"] = row
        return reason

    def _change(self, verb: str, params: Params) -> Change | None:
        """The change of a write; None where its condition does not hold."""
        table = self.tables[params["TableName"]]
        key = params.get("Key") or self._key(params)
        old = table.rows.get(table.key_of(key))
        values = {
            **params.get("ExpressionAttributeNames", {}),
            **params.get("ExpressionAttributeValues", {}),
        }
        uses: frozenset[str] = frozenset()
        holds = True
        if "ConditionExpression" in params:
            condition = expressions.condition(params["ConditionExpression"])
            holds, uses = condition.holds(old or {}, values), condition.uses
        new: Item | None = None
        match verb:
            case "Put":
                new = dict(params["Item"])
            case "ConditionCheck":
                new = old
            case "Update":
                update = expressions.update(params["UpdateExpression"])
                uses |= update.uses
                new = _updated(old or dict(key), update, values) if holds else None
            case "Delete":
                new = None
            case _:
                raise Unsupported(f"a write that is a {verb}")
        _check_placeholders(uses, values)
        return Change(table.name, key, old, new) if holds else None

    def _store(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.new == change.old:
                continue
            table = self.tables[change.table]
            if change.new is None:
                del table.rows[table.key_of(change.key)]
            else:
                table.rows[table.key_of(change.key)] = change.new
            self._changes.append(change)


def _check_query(keys: list[str], params: Params, values: Params) -> None:
    """Raises AwsError for a condition on other attributes than the keys, or with wrong placeholders."""
    condition = expressions.condition(params["KeyConditionExpression"])
    reads = {expressions.name(each, values) for each in condition.reads}
    if not {keys[0]} <= reads <= set(keys):
        raise AwsError("ValidationException", "Query condition missed key schema element")
    uses = condition.uses
    if "FilterExpression" in params:
        uses |= expressions.condition(params["FilterExpression"]).uses
    if "ProjectionExpression" in params:
        names = expressions.projection(params["ProjectionExpression"])
        uses |= {each for each in names if each.startswith("#")}
    _check_placeholders(uses, values)


def _matching(table: Table, index: str | None, params: Params, values: Params) -> list[Item]:
    """The rows of the index that the key condition matches, sorted, after the exclusive start key."""
    keys = table.keys(index)
    sort_keys = [*keys[1:], *table.key]
    condition = expressions.condition(params["KeyConditionExpression"])
    descending = not params.get("ScanIndexForward", True)

    def position(row: Item) -> tuple[str, ...]:
        return tuple(row[name]["S"] for name in sort_keys)

    rows = [
        row
        for row in table.rows.values()
        if all(name in row for name in keys) and condition.holds(row, values)
    ]
    rows.sort(key=position, reverse=descending)
    if start := params.get("ExclusiveStartKey"):
        if start.keys() != {*keys, *table.key}:
            raise AwsError("ValidationException", "The provided starting key is invalid")
        after = position(start)
        rows = [row for row in rows if (position(row) < after if descending else position(row) > after)]
    return rows


def _page(rows: list[Item], table: Table, index: str | None, params: Params) -> tuple[list[Item], Response]:
    """The first rows, at most `Limit`, and the LastEvaluatedKey where there are more."""
    limit = params.get("Limit", len(rows))
    if len(rows) <= limit:
        return rows, {}
    last = rows[limit - 1]
    key = {name: last[name] for name in {*table.keys(index), *table.key}}
    return rows[:limit], {"LastEvaluatedKey": key}


def _updated(old: Item, update: expressions.Update, values: Params) -> Item:
    new = dict(old)
    for target, read in update.sets:
        value = read(old, values)
        if value is None:
            raise AwsError(
                "ValidationException", "The provided expression refers to an attribute that does not exist"
            )
        new[expressions.name(target, values)] = value
    for target in update.removes:
        new.pop(expressions.name(target, values), None)
    return new


def _project(row: Item, params: Params) -> Item:
    if "ProjectionExpression" not in params:
        return row
    placeholders = params.get("ExpressionAttributeNames", {})
    names = {
        expressions.name(each, placeholders)
        for each in expressions.projection(params["ProjectionExpression"])
    }
    return {name: value for name, value in row.items() if name in names}


def _check_params(params: Params, known: Iterable[str]) -> None:
    if unknown := params.keys() - set(known):
        raise Unsupported(f"a request with {unknown}")


def _check_placeholders(uses: frozenset[str], values: Params) -> None:
    """Raises AwsError for a placeholder that has no value, or a value that is not used."""
    if uses != values.keys():
        raise AwsError("ValidationException", f"placeholders {uses ^ values.keys()}")
