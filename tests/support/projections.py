"""Copies of rows that a service keeps from another one's events: they follow within about a second."""

from typing import Any

from tiketz_common.rows import unpack

from local.process import EnvironmentProcess


def assert_auth_has_order(environment: EnvironmentProcess, order: dict[str, Any], *, pending: bool) -> None:
    """Asserts that auth's copy of the order is pending, or ended."""
    response = environment.client("dynamodb").get_item(
        TableName=environment.info["tables"]["auth/Table"], Key={"pk": {"S": f"WAITING#{order['userId']}"}}
    )
    orders = unpack(response.get("Item", {})).get("orders", [])
    assert [each["until"] > 0 for each in orders if each["id"] == order["id"]] == [pending]
