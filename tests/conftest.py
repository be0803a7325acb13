"""Markers by folder, the AWS accounts that tests use, and running local environments."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from tiketz_common import aws as clients

from local.aws import moto_speedups
from local.aws.dynamodb_local import server as dynamodb_local
from local.aws.moto_patches import apply_patches
from local.process import EnvironmentProcess, running_environment
from tests.support import tables
from tests.support.requirements import require
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
# What identifies the users of these tests, and Stripe's and our own secrets; eyJ begins every JWT.
CANARIES = re.compile(
    r"@tiketz\.test|correct horse|eyJ[\w-]{10}|_secret_|whsec_|[sr]k_test_|4242 ?4242|40000000|PRIVATE KEY"
)


TESTS = Path(__file__).parent
# What `make test` runs: each in milliseconds, and one purchase through a running local environment.
FAST = (
    "architecture",
    "unit",
    "contract",
    "deploy",
    "hosting",
    "attacks",
    "permissions",
    "bench",
    "integration",
    "stripe",
    "purchase",
)
# Run on DynamoDB Local too with --both-engines: they depend on what the engine does.
ON_BOTH_ENGINES = ("integration", "races")


def kind(path: Path) -> str:
    """The kind of a test, which is its folder; that of a file directly in tests/ is in its name."""
    parts = path.relative_to(TESTS).parts
    return "browser" if "browser" in parts else parts[0].removeprefix("test_").removesuffix(".py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--both-engines",
        action="store_true",
        help="run what depends on DynamoDB on DynamoDB Local too",
    )


def pytest_configure(config: pytest.Config) -> None:
    """A marker for each kind of test, and `fast` for those that `make test` runs."""
    for name in {kind(path) for path in TESTS.rglob("test_*.py")}:
        config.addinivalue_line("markers", f"{name}: see docs/testing.md")
    config.addinivalue_line("markers", "fast: run by `make test`")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder. Slow ones come first: side by side, the fast ones fill what is left."""
    for item in items:
        item.add_marker(kind(item.path))
        if kind(item.path) in FAST:
            item.add_marker("fast")
    items.sort(key=lambda item: item.get_closest_marker("fast") is not None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With --both-engines, what depends on the engine runs on each."""
    both = metafunc.config.getoption("both_engines") and kind(metafunc.definition.path) in ON_BOTH_ENGINES
    if both and "dynamodb_engine" in metafunc.fixturenames:
        metafunc.parametrize("dynamodb_engine", ["embedded", "local"], scope="module")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Side by side, a file's tests stay in one process (one for each engine): they share what they start."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFileAndEngine(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            return f"{file} on DynamoDB Local" if "[local" in test else file

    return ByFileAndEngine(config, log)


@pytest.fixture(scope="session")
def patched_moto() -> None:
    """Patched moto: as shipped it loses writes under concurrency and rollback."""
    moto_speedups.apply()
    apply_patches()


@pytest.fixture(scope="module")
def dynamodb_engine() -> str:
    """The DynamoDB under test: `embedded` (moto) or `local` (Amazon's DynamoDB Local)."""
    return os.environ.get("DYNAMODB", "embedded")


@pytest.fixture(scope="module")
def dynamodb_endpoint(dynamodb_engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """Where the DynamoDB under test listens; None for the one inside this process.

    A module has its own: DynamoDB Local (3.1) takes seconds for a call after a few hundred dropped tables.
    """
    if dynamodb_engine == "embedded":
        yield None
        return
    require(dynamodb_local.installed(), "DynamoDB Local needs Java 17 and Maven: then `make dynamodb-local`.")
    with dynamodb_local.running(tmp_path_factory.mktemp("dynamodb")) as endpoint:
        a_client.cache_clear()
        yield endpoint
        a_client.cache_clear()


@pytest.fixture(autouse=True)
def unconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients open no connection when they are made: moto answers calls, not connections."""
    monkeypatch.setattr(clients, "open_connection", lambda _: None)


@cache
def a_client(service: str, **how: str) -> Any:
    """A boto3 client, made once: reading a service's description takes longer than most tests."""
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
    """A running local environment, shared by the tests of one process."""
    with running_environment() as environment:
        yield environment
        check_nothing_was_denied(environment)
        check_nothing_leaked(environment)


@pytest.fixture(scope="session")
def short_hold_env() -> Iterator[EnvironmentProcess]:
    """A local environment whose holds last eight seconds, in a time zone far from UTC."""
    with running_environment(hold_seconds=SHORT_HOLD_SECONDS, timezone="Pacific/Auckland") as environment:
        yield environment
        check_nothing_was_denied(environment)
        check_nothing_leaked(environment)


def check_nothing_was_denied(environment: EnvironmentProcess) -> None:
    """Fails with the permission that a template lacks."""
    denied = {
        line
        for line in environment.logs().splitlines()
        if "template.yaml" in line and "does not allow" in line
    }
    assert not denied, "\n".join(sorted(denied))


def check_nothing_leaked(environment: EnvironmentProcess) -> None:
    """No log line of a function contains an e-mail, a password, a token, a key or a card."""
    for file in (environment.data / "logs").glob("*.log"):
        leaked = [line for line in file.read_text().splitlines() if CANARIES.search(line)]
        assert leaked == [], f"{file.name}: {leaked[:3]}"


@pytest.fixture(scope="session")
def local_url(local_env: EnvironmentProcess) -> str:
    return local_env.url


@pytest.fixture
def visitor(local_url: str) -> User:
    """A user who has not signed in."""
    return User(local_url)


@pytest.fixture
def seller(local_url: str) -> User:
    """A user with a new account."""
    return User(local_url, signed_up=True)


@pytest.fixture
def buyer(local_url: str) -> User:
    """Another user with a new account."""
    return User(local_url, signed_up=True)
