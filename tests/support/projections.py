"""What services of a running world have heard of each other; they do within about a second."""

from typing import Any

from tiketz_common.rows import unpack

from local.process import EnvironmentProcess


def assert_auth_counts_order(world: EnvironmentProcess, order: dict[str, Any], *, pending: bool) -> None:
    """Asserts that auth takes the order for pending, or for ended."""
    found = world.client("dynamodb").get_item(
        TableName=world.info["tables"]["auth/Table"], Key={"pk": {"S": f"WAITING#{order['userId']}"}}
    )
    known = unpack(found.get("Item", {})).get("orders", [])
    assert [each["until"] > 0 for each in known if each["id"] == order["id"]] == [pending]
