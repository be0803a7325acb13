"""What services of a local environment store of each other's rows, about a second after a change."""

from typing import Any

from tiketz_common.rows import unpack

from local.process import EnvironmentProcess


def assert_auth_counts_order(
    environment: EnvironmentProcess, order: dict[str, Any], *, pending: bool
) -> None:
    """Asserts that the auth service stores the order as pending, or as ended."""
    response = environment.client("dynamodb").get_item(
        TableName=environment.info["tables"]["auth/Table"], Key={"pk": {"S": f"WAITING#{order['userId']}"}}
    )
    orders = unpack(response.get("Item", {})).get("orders", [])
    assert [each["until"] > 0 for each in orders if each["id"] == order["id"]] == [pending]
