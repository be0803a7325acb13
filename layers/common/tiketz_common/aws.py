"""AWS clients: the only place that imports boto3."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)


@cache
def client(service: str) -> Any:
    """The process's one client of an AWS service. Calls give up after about ten seconds."""
    return boto3.client(service, config=_CONFIG)
