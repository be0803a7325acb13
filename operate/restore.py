"""A service's table as it was, beside the one in use, and lost rows put back from there.

    python -m operate.restore STAGE SERVICE AT              a new table, as it was then (prod keeps 35 days)
    python -m operate.restore STAGE SERVICE from TABLE      put back what is missing in the one in use
    python -m operate.restore STAGE SERVICE from TABLE KEY  put back one row, also over what is there now

The table in use belongs to its stack and stays. What is put back tells its last event again.
"""

import sys
from datetime import datetime
from typing import Any

from operate.stages import LOCAL, CannotDo, Stage, moment, run, stage


def restore(place: Stage, service: str, at: datetime) -> str:
    """The new table's name. It takes minutes until it can be read."""
    table = place.outputs(service)["TableName"]
    restored = f"{table}-{at:%Y%m%dT%H%M%S}"
    place.client("dynamodb").restore_table_to_point_in_time(
        SourceTableName=table, TargetTableName=restored, RestoreDateTime=at
    )
    return restored


def put_back(place: Stage, service: str, restored: str, key: str | None = None) -> int:
    """How many rows were put back: those that the table in use lacks, or the ones of `key`, there or not.

    A row of orders is never put over another: units that were sold since would be for sale again.
    """
    dynamodb, table = place.client("dynamodb"), place.outputs(service)["TableName"]
    pages = dynamodb.get_paginator("scan").paginate(TableName=restored)
    rows = (row for page in pages for row in page["Items"] if key in (None, row["pk"]["S"]))
    return sum(_put(dynamodb, table, row, over=key is not None and service != "orders") for row in rows)


def _put(dynamodb: Any, table: str, row: dict[str, Any], *, over: bool) -> bool:
    condition = {} if over else {"ConditionExpression": "attribute_not_exists(pk)"}
    try:
        dynamodb.put_item(TableName=table, Item=row, **condition)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    match arguments:
        case [name, service, "from", table, *key]:
            count = put_back(stage(name), service, table, key[0] if key else None)
            print(f"{count} rows of {service} were put back.")
        case [name, service, at]:
            place = stage(name)
            was = "is now: the local world keeps no history" if name == LOCAL else "was then"
            print(f"{restore(place, service, moment(at))} is being made, as {service}'s table {was}.")
        case _:
            raise CannotDo(str(__doc__))


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
