"""The worlds that tests live in."""

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws
from tiketz_common import aws as clients

from local.aws import dynamodb_local, moto_speedups
from local.aws.moto_patches import apply_patches
from local.process import EnvironmentProcess, running_environment
from tests.support import tables
from tests.support.users import User

os.environ |= {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "POWERTOOLS_METRICS_NAMESPACE": "Tiketz",
    "POWERTOOLS_SERVICE_NAME": "test",
}
SHORT_HOLD_SECONDS = 8
# The folders of tests that wait for a running world.
WAITING = {"conformance", "docs", "e2e", "fuzz", "journey", "local", "operate", "races"}
# What every person of these tests has, and Stripe's and our own secrets; eyJ begins every JWT.
CANARIES = re.compile(
    r"@tiketz\.test|correct horse|eyJ[\w-]{10}|_secret_|whsec_|[sr]k_test_|4242 ?4242|40000000|PRIVATE KEY"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that wait for a running world come first: side by side, the short ones fill what is left."""
    items.sort(key=lambda item: item.path.parent.name not in WAITING)


@pytest.fixture(scope="session")
def patched_moto() -> None:
    """As shipped, moto loses writes under concurrency and rollback: tests run on the mended one."""
    moto_speedups.apply()
    apply_patches()


@pytest.fixture(scope="module")
def dynamodb_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """Where the DynamoDB under test listens; None for the one inside this process.

    A module has its own: DynamoDB Local (3.1) takes seconds for a call after a few hundred dropped tables.
    """
    if tables.engine() == "embedded":
        yield None
        return
    with dynamodb_local.running(tmp_path_factory.mktemp("dynamodb")) as endpoint:
        a_client.cache_clear()
        yield endpoint


@pytest.fixture(autouse=True)
def unconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients connect when they are made; moto plays calls, not connections."""
    monkeypatch.setattr(clients, "_open_connection", lambda _: None)


@cache
def a_client(service: str, **how: str) -> Any:
    """What `boto3.client` makes, made once: reading a service's description takes longer than most tests."""
    return boto3.Session().client(service, **how)


@pytest.fixture
def aws(patched_moto: None, dynamodb_endpoint: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An AWS account, empty, played by moto; DynamoDB by the engine under test."""
    if dynamodb_endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_endpoint)
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", dynamodb_endpoint)
    with mock_aws():
        monkeypatch.setattr(boto3, "client", a_client)
        clients.client.cache_clear()
        yield
        if dynamodb_endpoint:
            tables.drop_all()
        clients.client.cache_clear()


@pytest.fixture(scope="session")
def local_env() -> Iterator[EnvironmentProcess]:
    """All of Tiketz, running on this machine: the one that tests share."""
    with running_environment() as world:
        yield world
        check_nothing_was_denied(world)
        check_nothing_leaked(world)


@pytest.fixture(scope="session")
def short_hold_env() -> Iterator[EnvironmentProcess]:
    """All of Tiketz, holding a ticket for eight seconds only, on a machine far from Greenwich."""
    with running_environment(hold_seconds=SHORT_HOLD_SECONDS, timezone="Pacific/Auckland") as world:
        yield world
        check_nothing_was_denied(world)
        check_nothing_leaked(world)


def check_nothing_was_denied(world: EnvironmentProcess) -> None:
    """A permission that a template lacks fails the run, named."""
    denied = {
        line for line in world.logs().splitlines() if "template.yaml" in line and "does not allow" in line
    }
    assert not denied, "\n".join(sorted(denied))


def check_nothing_leaked(world: EnvironmentProcess) -> None:
    """No line that a function wrote in all the run holds an e-mail, a password, a token, a key or a card."""
    for file in (world.data / "logs").glob("*.log"):
        leaked = [line for line in file.read_text().splitlines() if CANARIES.search(line)]
        assert leaked == [], f"{file.name}: {leaked[:3]}"


@pytest.fixture(scope="session")
def local_url(local_env: EnvironmentProcess) -> str:
    return local_env.url


@pytest.fixture
def visitor(local_url: str) -> User:
    """Somebody who has not signed in."""
    return User(local_url)


@pytest.fixture
def seller(local_url: str) -> User:
    """Somebody with a new account."""
    return User(local_url, signed_up=True)


@pytest.fixture
def buyer(local_url: str) -> User:
    """Somebody else with a new account."""
    return User(local_url, signed_up=True)
