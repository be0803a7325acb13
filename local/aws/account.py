"""The local AWS account: moto's server, the DynamoDB engine and the enforcement of policies."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from local.aws.dynamodb_local.engine import DynamoDBLocalEngine
from local.aws.engines import EmbeddedEngine, Engine
from local.aws.moto_server import MotoServer
from local.aws.policy_enforcer import PolicyEnforcer

EngineName = Literal["embedded", "local"]


@dataclass(frozen=True, slots=True)
class Account:
    """One per process: moto's state is global."""

    moto: MotoServer
    engine: Engine
    enforcer: PolicyEnforcer
    stopping: threading.Event

    def client(self, service: str) -> Any:
        """A boto3 client to which everything is allowed."""
        return self.moto.client(service)

    def close(self) -> None:
        """Stop, with every row stored."""
        self.stopping.set()
        self.engine.close()
        self.moto.close()


def open_account(
    data: Path,
    *,
    engine: EngineName,
    report: Callable[[str], None],
    port: int = 0,
    dropped_on_load: Collection[str] = (),
    dynamodb_proxy: Callable[[str], str] | None = None,
) -> Account:
    """Start the parts of an account. Raises CannotStart.

    `data`: an existing folder for rows and for permissions.jsonl, the permissions that were used.
    `report`: gets a sentence for each permission that is missing.
    `port`: moto's own; 0 for any.
    `dropped_on_load`: attributes that rows from before this start lose (see EmbeddedEngine).
    `dynamodb_proxy`: gets the URL of DynamoDB Local, and gives the one that everybody uses.
    """
    moto, stopping = MotoServer(port), threading.Event()
    return Account(
        moto=moto,
        engine=EmbeddedEngine(data, stopping, dropped_on_load)
        if engine == "embedded"
        else DynamoDBLocalEngine(data, dropped_on_load, dynamodb_proxy),
        enforcer=PolicyEnforcer(moto, data / "permissions.jsonl", report),
        stopping=stopping,
    )
