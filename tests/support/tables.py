"""Tables exactly as the services' templates declare them, on the engine under test."""

import boto3

from tests.support.templates import table_properties

KEPT = ("KeySchema", "AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "StreamSpecification")


def create(service: str, name: str | None = None) -> str:
    """Create the service's table, empty, and return its name."""
    properties = table_properties(service)
    arguments = {each: properties[each] for each in KEPT if each in properties}
    if "StreamSpecification" in arguments:
        arguments["StreamSpecification"] = {"StreamEnabled": True, **arguments["StreamSpecification"]}
    boto3.client("dynamodb").create_table(TableName=name or service, **arguments)
    return name or service


def drop_all() -> None:
    """Delete every table: DynamoDB Local outlives a test."""
    client = boto3.client("dynamodb")
    for name in client.list_tables()["TableNames"]:
        client.delete_table(TableName=name)
