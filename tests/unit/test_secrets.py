"""Secrets: cached, refreshed with jitter, and served stale where SSM can't be read."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from tiketz_common import aws, secrets

NAME = "/tiketz/auth/signing-keys"
THROTTLED = ClientError(
    {"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "GetParameter"
)


class Ssm:
    """Parameter Store with one parameter: counts the reads, and fails with `error` while that is set."""

    def __init__(self) -> None:
        self.value, self.reads = "first", 0
        self.error: Exception | None = None

    def get_parameter(self, **_: Any) -> dict[str, Any]:
        self.reads += 1
        if self.error:
            raise self.error
        return {"Parameter": {"Value": self.value}}


@pytest.fixture
def now() -> SimpleNamespace:
    """The clock's seconds, which a test moves."""
    return SimpleNamespace(seconds=1000.0)


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch, now: SimpleNamespace) -> Iterator[Ssm]:
    store = Ssm()
    monkeypatch.setattr(aws, "client", lambda service: {"ssm": store}[service])
    monkeypatch.setattr(secrets, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    secrets._cache.clear()
    yield store
    secrets._cache.clear()


def test_a_secret_is_read_again_after_five_minutes(ssm: Ssm, now: SimpleNamespace) -> None:
    assert [secrets.read(NAME), secrets.read(NAME)] == ["first", "first"]
    assert ssm.reads == 1
    ssm.value = "second"
    now.seconds += 301
    assert secrets.read(NAME) == "second"


def test_processes_refresh_at_different_times(ssm: Ssm, now: SimpleNamespace) -> None:
    """Between four and five minutes, so that a thousand of them are not one burst."""
    fresh_until = set()
    for _ in range(50):
        secrets.reread(NAME)
        fresh_until.add(secrets._cache[NAME][0] - now.seconds)
    assert min(fresh_until) >= 240
    assert max(fresh_until) <= 300
    assert max(fresh_until) - min(fresh_until) > 20


@pytest.mark.parametrize("error", [THROTTLED, ConnectTimeoutError(endpoint_url="https://ssm")], ids=repr)
@pytest.mark.parametrize("age", [301, 6 * 3600])
def test_a_secret_is_served_stale_where_ssm_fails(
    ssm: Ssm,
    now: SimpleNamespace,
    error: Exception,
    age: int,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    secrets.read(NAME)
    ssm.error = error
    now.seconds += age
    assert secrets.read(NAME) == "first"
    assert [record.message for record in caplog.records] == ["secret served stale"]
    assert "first" not in caplog.text
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["Parameter"], line["SecretsStale"]) == (NAME, [1])


def test_ssm_is_left_alone_for_half_a_minute_after_it_failed(ssm: Ssm, now: SimpleNamespace) -> None:
    secrets.read(NAME)
    ssm.error = THROTTLED
    now.seconds += 301
    for _ in range(10):
        secrets.read(NAME)
    assert ssm.reads == 2
    ssm.error, ssm.value = None, "second"
    now.seconds += 31
    assert secrets.read(NAME) == "second"


def test_rereading_serves_the_stale_value_too(ssm: Ssm) -> None:
    secrets.read(NAME)
    ssm.error = THROTTLED
    assert secrets.reread(NAME) == "first"


def test_a_secret_that_was_never_read_is_missing(ssm: Ssm) -> None:
    ssm.error = THROTTLED
    with pytest.raises(ClientError):
        secrets.read(NAME)
