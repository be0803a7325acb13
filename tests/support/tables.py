"""Tables exactly as the services' templates declare them, on the engine under test."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[2]


@cache
def declared(service: str) -> dict[str, Any]:
    """The service's template, parsed."""
    template: dict[str, Any] = yaml_parse((ROOT / f"functions/{service}/template.yaml").read_text())
    return template


def create(service: str, name: str | None = None) -> str:
    """Create the service's table, empty; answers its name."""
    properties = declared(service)["Resources"]["Table"]["Properties"]
    kept = (
        "KeySchema",
        "AttributeDefinitions",
        "BillingMode",
        "GlobalSecondaryIndexes",
        "StreamSpecification",
    )
    arguments = {each: properties[each] for each in kept if each in properties}
    if "StreamSpecification" in arguments:
        arguments["StreamSpecification"] = {"StreamEnabled": True, **arguments["StreamSpecification"]}
    client = boto3.client("dynamodb")
    client.create_table(TableName=name or service, **arguments)
    return name or service


def drop_all() -> None:
    """Forget every table: DynamoDB Local outlives a test."""
    client = boto3.client("dynamodb")
    for name in client.list_tables()["TableNames"]:
        client.delete_table(TableName=name)


def engine() -> str:
    """Which DynamoDB the tests run on: `embedded` (moto) or `local` (Amazon's DynamoDB Local)."""
    return os.environ.get("DYNAMODB", "embedded")
