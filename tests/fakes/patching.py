"""Patches the product for a simulated application: its AWS clients, clock, ids, randomness and Stripe."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import stripe
from auth import passwords, refresh_tokens
from payments import gateway
from tickets import service as tickets_service
from tiketz_common import aws, clock, failures, ids, outbox, retry, secrets

from tests.fakes.botocore_hook import hook
from tests.fakes.lambda_functions import Invocation, current_invocation
from tests.fakes.processes import ENVIRONMENT, ProcessPool
from tests.fakes.stripe import SECRET_KEY

if TYPE_CHECKING:
    from tests.fakes.application import SimulatedApplication

SERVICES = ("dynamodb", "sqs", "events", "stepfunctions", "ssm", "lambda", "sesv2")
PRODUCT = {"auth", "tickets", "orders", "payments", "expiration", "notifications", "tiketz_common"}
CREDENTIALS = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}


class SimulatedRuntime:
    """What the patched product calls: each call goes to `app`, the current simulated application."""

    def __init__(self) -> None:
        self.app: SimulatedApplication = None  # type: ignore[assignment]  # set before the first call
        self.environment = dict(CREDENTIALS | ENVIRONMENT)
        self.processes = ProcessPool(os.environ)

    # -- AWS -------------------------------------------------------------------------------------------------

    def call(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        return self.app.calls.call(service, operation, params)

    # -- time, randomness and ids ----------------------------------------------------------------------------

    def monotonic(self) -> float:
        return self.app.clock.now

    def sleep(self, seconds: float) -> None:
        _invocation().pause(seconds)

    def uniform(self, least: float, most: float) -> float:
        invocation = _invocation()
        return least + (most - least) * invocation.random.fraction(invocation.next_id())

    def new_id(self) -> str:
        return _invocation().next_id()

    def first_token(self) -> str:
        invocation = _invocation()
        return invocation.random.hex(f"{invocation.name} token", 128)[: 24 + 43]

    def connect(self, secret_key: str, api_base: str, retries: int) -> stripe.StripeClient:
        assert (secret_key, api_base) == (SECRET_KEY, ENVIRONMENT["STRIPE_API_BASE"])
        return self.app.stripe_clients[retries]


def _invocation() -> Invocation:
    invocation = current_invocation.get()
    assert invocation is not None, "the product runs in invocations only"
    return invocation


@contextmanager
def simulated_runtime() -> Iterator[SimulatedRuntime]:
    """Patch the product while this lasts."""
    runtime = SimulatedRuntime()
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, runtime.environment))
        stack.callback(_restore_modules, dict(sys.modules))
        stack.enter_context(redirect_stdout(stack.enter_context(Path(os.devnull).open("w"))))  # metrics
        logging.disable(logging.CRITICAL)
        stack.callback(logging.disable, logging.NOTSET)
        for target, name, replacement in (
            (clock, "now", lambda: runtime.app.clock.time),
            (ids, "new", runtime.new_id),
            (retry, "time", runtime),
            (retry, "random", runtime),
            (secrets, "time", runtime),
            (secrets, "random", runtime),
            (failures, "random", runtime),
            (outbox, "time", runtime),
            (aws, "open_connection", lambda _: None),
            (tickets_service, "time", runtime),
            (refresh_tokens, "first", runtime.first_token),
            (passwords, "hash_password", _digest),  # argon2 takes 40 ms, as it should
            (passwords, "matches", lambda password, stored_hash: stored_hash == _digest(password)),
            (gateway, "connect", runtime.connect),
        ):
            stack.enter_context(patch.object(target, name, replacement))
        aws.client.cache_clear()
        stack.callback(aws.client.cache_clear)
        for service in SERVICES:
            hook(aws.client(service), runtime.call)
        yield runtime


def _restore_modules(before: dict[str, ModuleType]) -> None:
    """Forget the product's modules that were imported in a simulated application's environment."""
    for name in [each for each in sys.modules if each.partition(".")[0] in PRODUCT]:
        if name in before:
            sys.modules[name] = before[name]
        else:
            parent, _, own = name.rpartition(".")
            vars(sys.modules.get(parent, ModuleType(parent))).pop(own, None)  # for `from parent import own`
            del sys.modules[name]


def _digest(password: str) -> str:
    return sha256(password.encode()).hexdigest()
