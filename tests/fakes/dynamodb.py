"""DynamoDB in memory: quick, exact, and only what Tiketz uses of it. Anything else is refused loudly."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tests.fakes import dynamodb_expressions as expressions
from tests.fakes.aws_errors import AwsError
from tests.fakes.dynamodb_expressions import Item, Unknown

Asked = Mapping[str, Any]
Answer = dict[str, Any]

FAILED = "The conditional request failed"
MEANT = {
    "TableName", "Key", "Item", "ConditionExpression", "UpdateExpression", "ProjectionExpression",
    "ExpressionAttributeNames", "ExpressionAttributeValues", "ConsistentRead",
    "ReturnValuesOnConditionCheckFailure",
}  # fmt: skip


class Change(NamedTuple):
    """A row that is another now, as a stream of new and old images tells it."""

    table: str
    key: Item
    old: Item | None
    new: Item | None


class Table:
    """Rows by their key. They are never changed in place, so a reader may keep what it was given."""

    def __init__(self, name: str, declared: Asked) -> None:
        self.name = name
        self.key = [each["AttributeName"] for each in declared["KeySchema"]]
        self.rows: dict[tuple[str, ...], Item] = {}
        self._indexes = {each["IndexName"]: each for each in declared.get("GlobalSecondaryIndexes", [])}

    def key_of(self, item: Item) -> tuple[str, ...]:
        return tuple(item[name]["S"] for name in self.key)

    def keys(self, index: str | None) -> list[str]:
        """The attributes that place a row in an index, or in the table itself."""
        schema = self._indexes[index]["KeySchema"] if index else None
        return [each["AttributeName"] for each in schema] if schema else self.key

    def projected(self, index: str | None, row: Item) -> Item:
        projection = self._indexes[index]["Projection"] if index else {"ProjectionType": "ALL"}
        if projection["ProjectionType"] == "ALL":
            return row
        kept = {*self.key, *self.keys(index), *projection.get("NonKeyAttributes", [])}
        return {name: value for name, value in row.items() if name in kept}


class InMemoryDynamoDB:
    """The tables of all services. Each call happens at one moment, whole or not at all."""

    def __init__(self, declared: Mapping[str, Asked]) -> None:
        self.tables = {name: Table(name, each) for name, each in declared.items()}
        self._changes: list[Change] = []
        self._tokens: set[str] = set()

    def call(self, operation: str, asked: Asked) -> Answer:
        """Raises AwsError."""
        match operation:
            case "GetItem":
                return self._get(asked)
            case "PutItem" | "UpdateItem" | "DeleteItem":
                return self._write(operation.removesuffix("Item"), asked)
            case "TransactWriteItems":
                return self._transact(asked)
            case "Query":
                return self._query(asked)
            case "BatchGetItem":
                return self._batch_get(asked)
            case "Scan":  # of the operator's, in one page
                _only(asked, {"TableName"})
                return {"Items": self.rows(asked["TableName"])}
        raise Unknown(f"DynamoDB's {operation}")

    def changes(self) -> list[Change]:
        """What changed since this was asked last."""
        changes, self._changes = self._changes, []
        return changes

    def rows(self, table: str) -> list[Item]:
        return list(self.tables[table].rows.values())

    def _get(self, asked: Asked) -> Answer:
        _only(asked, MEANT)
        table = self.tables[asked["TableName"]]
        found = table.rows.get(table.key_of(asked["Key"]))
        return {"Item": _project(found, asked)} if found else {}

    def _batch_get(self, asked: Asked) -> Answer:
        _only(asked, {"RequestItems"})
        answers: dict[str, list[Item]] = {}
        for name, wanted in asked["RequestItems"].items():
            _only(wanted, {"Keys", "ProjectionExpression", "ConsistentRead"})
            table = self.tables[name]
            keys = [table.key_of(key) for key in wanted["Keys"]]
            if not 0 < len(keys) <= 100 or len(set(keys)) != len(keys):
                raise AwsError("ValidationException", "Too many keys, none, or duplicates")
            answers[name] = [_project(table.rows[key], wanted) for key in keys if key in table.rows]
        return {"Responses": answers, "UnprocessedKeys": {}}

    def _write(self, verb: str, asked: Asked) -> Answer:
        _only(asked, MEANT)
        change = self._change(verb, asked)
        if change is None:
            raise AwsError("ConditionalCheckFailedException", FAILED)
        self._store([change])
        return {}

    def _transact(self, asked: Asked) -> Answer:
        _only(asked, {"TransactItems", "ClientRequestToken"})
        if asked["ClientRequestToken"] in self._tokens:
            return {}
        writes = [next(iter(each.items())) for each in asked["TransactItems"]]
        for _, write in writes:
            _only(write, MEANT)
        places = [(write["TableName"], str(write.get("Key") or self._key(write))) for _, write in writes]
        if len(set(places)) != len(places) or len(places) > 100:
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
        self._tokens.add(asked["ClientRequestToken"])
        return {}

    def _key(self, write: Asked) -> Item:
        table = self.tables[write["TableName"]]
        return {name: write["Item"][name] for name in table.key}

    def _reason(self, write: Asked) -> Answer:
        reason: Answer = {"Code": "ConditionalCheckFailed", "Message": FAILED}
        table = self.tables[write["TableName"]]
        found = table.rows.get(table.key_of(write.get("Key") or self._key(write)))
        if found and write.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            reason["Item"] = found
        return reason

    def _change(self, verb: str, asked: Asked) -> Change | None:
        """What a write would change; None where its condition does not hold."""
        table = self.tables[asked["TableName"]]
        key = asked.get("Key") or self._key(asked)
        old = table.rows.get(table.key_of(key))
        given = {**asked.get("ExpressionAttributeNames", {}), **asked.get("ExpressionAttributeValues", {})}
        uses: frozenset[str] = frozenset()
        holds = True
        if "ConditionExpression" in asked:
            condition = expressions.condition(asked["ConditionExpression"])
            holds, uses = condition.holds(old or {}, given), condition.uses
        new: Item | None = None
        match verb:
            case "Put":
                new = dict(asked["Item"])
            case "ConditionCheck":
                new = old
            case "Update":
                update = expressions.update(asked["UpdateExpression"])
                uses |= update.uses
                new = _updated(old or dict(key), update, given) if holds else None
            case "Delete":
                new = None
            case _:
                raise Unknown(f"a write that is a {verb}")
        if uses != given.keys():
            raise AwsError("ValidationException", f"placeholders {uses ^ given.keys()}")
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

    def _query(self, asked: Asked) -> Answer:
        _only(asked, MEANT | {"IndexName", "KeyConditionExpression", "FilterExpression"}
              | {"ScanIndexForward", "Limit", "ExclusiveStartKey"})  # fmt: skip
        table, index = self.tables[asked["TableName"]], asked.get("IndexName")
        given = {**asked.get("ExpressionAttributeNames", {}), **asked["ExpressionAttributeValues"]}
        wanted = expressions.condition(asked["KeyConditionExpression"])
        placed = table.keys(index)
        reads = {expressions.name(each, given) for each in wanted.reads}
        if not {placed[0]} <= reads <= set(placed):
            raise AwsError("ValidationException", "Query condition missed key schema element")
        uses = wanted.uses
        if "FilterExpression" in asked:
            uses |= expressions.condition(asked["FilterExpression"]).uses
        if "ProjectionExpression" in asked:
            named = expressions.projection(asked["ProjectionExpression"])
            uses |= {each for each in named if each.startswith("#")}
        if uses != given.keys():
            raise AwsError("ValidationException", f"placeholders {uses ^ given.keys()}")
        found = [
            row
            for row in table.rows.values()
            if all(name in row for name in placed) and wanted.holds(row, given)
        ]
        order = [*placed[1:], *table.key]
        backwards = not asked.get("ScanIndexForward", True)

        def place(row: Item) -> tuple[str, ...]:
            return tuple(row[name]["S"] for name in order)

        found.sort(key=place, reverse=backwards)
        if start := asked.get("ExclusiveStartKey"):
            if start.keys() != {*placed, *table.key}:
                raise AwsError("ValidationException", "The provided starting key is invalid")
            after = place(start)
            found = [row for row in found if (place(row) < after if backwards else place(row) > after)]
        limit = asked.get("Limit", len(found))
        answer: Answer = {}
        if len(found) > limit:
            last = found[limit - 1]
            answer["LastEvaluatedKey"] = {name: last[name] for name in {*placed, *table.key}}
        found = [table.projected(index, row) for row in found[:limit]]
        if "FilterExpression" in asked:
            kept = expressions.condition(asked["FilterExpression"]).holds
            found = [row for row in found if kept(row, given)]
        return {**answer, "Items": [_project(row, asked) for row in found], "Count": len(found)}


def _updated(old: Item, update: expressions.Update, given: Asked) -> Item:
    new = dict(old)
    for target, read in update.sets:
        value = read(old, given)
        if value is None:
            raise AwsError(
                "ValidationException", "The provided expression refers to an attribute that does not exist"
            )
        new[expressions.name(target, given)] = value
    for target in update.removes:
        new.pop(expressions.name(target, given), None)
    return new


def _project(row: Item, asked: Asked) -> Item:
    if "ProjectionExpression" not in asked:
        return row
    names = asked.get("ExpressionAttributeNames", {})
    kept = {expressions.name(each, names) for each in expressions.projection(asked["ProjectionExpression"])}
    return {name: value for name, value in row.items() if name in kept}


def _only(asked: Asked, known: Iterable[str]) -> None:
    if unknown := asked.keys() - set(known):
        raise Unknown(f"a request with {unknown}")
