"""Tables as the services' templates declare them, on either DynamoDB engine."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import requests
from samtranslator.yaml_helper import yaml_parse

from local.aws import moto_speedups
from local.aws.dynamodb_local.server import running as running_dynamodb_local
from local.aws.moto_patches import apply_patches

ROOT = Path(__file__).parents[1]
DEFINITION = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")


@contextmanager
def running(engine: str, folder: Path) -> Iterator[str]:
    """The endpoint of a DynamoDB: Amazon's DynamoDB Local, or patched moto."""
    if engine == "local":
        with running_dynamodb_local(folder) as endpoint:
            yield endpoint
        return
    from moto.server import ThreadedMotoServer

    moto_speedups.apply()
    apply_patches()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would write a line for each request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        requests.post(f"http://{host}:{port}/moto-api/reset", timeout=10)  # its state is the process's
        server.stop()


def create(service: str, name: str) -> None:
    """The service's table, empty."""
    template = yaml_parse((ROOT / f"functions/{service}/template.yaml").read_text())
    properties = template["Resources"]["Table"]["Properties"]
    arguments = {each: properties[each] for each in DEFINITION if each in properties}
    boto3.client("dynamodb").create_table(TableName=name, **arguments)
