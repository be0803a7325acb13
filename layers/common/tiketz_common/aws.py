"""AWS clients: the only place that makes one."""

from collections.abc import Callable
from functools import cache
from threading import Thread
from typing import Any

import boto3
from botocore.config import Config

CONNECT_SECONDS = 2.0  # that a function's start waits for its first connection
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)
_CONFIGS = {
    # An old secret serves as well, so nobody waits long for a new one.
    "ssm": _CONFIG.merge(Config(read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})),
    # A function that starts takes seconds.
    "lambda": _CONFIG.merge(Config(read_timeout=8, retries={"mode": "standard", "total_max_attempts": 2})),
    # A mail that the SDK sends again is there twice.
    "sesv2": _CONFIG.merge(Config(read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1})),
}


@cache
def client(service: str) -> Any:
    """The process's one client of an AWS service. Calls give up within 15 seconds, Lambda's 20, SSM's 7."""
    return boto3.client(service, config=_CONFIGS.get(service, _CONFIG))


def open_connection(call: Callable[[], object]) -> None:
    """Make a first call while a function starts: it has a whole processor then, later a third of one.

    Any error is left to the calls that need an answer, and so is a call that takes long: neither stops the
    function from starting.
    """
    thread = Thread(target=_open_connection, args=(call,), daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)


def _open_connection(call: Callable[[], object]) -> None:
    try:
        call()
    except Exception as error:  # noqa: BLE001  # a function starts whatever happens here
        from tiketz_common.log import logger  # not above: the authorizer starts without Powertools

        logger.warning("not connected in advance", error=repr(error))
