"""A state machine calls AWS with its own role, through one client for each service.

Upstream: getmoto/moto, moto/stepfunctions/parser/asl/utils/boto_client.py, `boto_client_for` ignores the
role: every call has the access key "ak". It makes a new client for each call, too.
"""

import sys
from collections.abc import Callable
from typing import Any

ClientFactory = Callable[[str, str], Any]
"""Makes a client from a service's name and the ARN of a role."""

_factories: list[ClientFactory] = []


def clients_from(factory: ClientFactory) -> None:
    """Make the clients of state machines with `factory`. Replaces an earlier one."""
    _factories[:] = [factory]


def apply() -> None:
    from moto.stepfunctions.parser.asl.utils import boto_client

    client_of_moto = boto_client.boto_client_for

    def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        if not _factories:
            return client_of_moto(region, service, state_credentials)
        return _factories[0](service, state_credentials.role_arn)

    for module in list(sys.modules.values()):  # those that have imported it by name
        if getattr(module, "boto_client_for", None) is client_of_moto:
            module.boto_client_for = client_for  # type: ignore[attr-defined]
