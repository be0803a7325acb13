"""The auth service, and browsers that keep its cookies."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from types import ModuleType
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tiketz_common import aws, clock, secrets
from tiketz_common.rows import unpack

from tests.support import tables
from tests.support.doors import Answer, call, load

SIGNING_KEYS, REFRESH_KEY = "/tiketz/auth/signing-keys", "/tiketz/auth/refresh-key"
SESSION, REFRESH = "__Host-session", "__Secure-refresh"
EMAIL, PASSWORD = "ada@tiketz.test", "correct horse battery"
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def new_pem() -> str:
    """A new EC P-256 private key."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def put_keys(current: str, **pems: str) -> None:
    """Store the signing keys as SSM holds them."""
    put_secret(SIGNING_KEYS, json.dumps({"current": current, "keys": pems}))


def put_secret(name: str, value: str) -> None:
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


@dataclass
class Browser:
    """Keeps auth's cookies and sends them along."""

    handler: Any
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: Any = None, **how: Any) -> Answer:
        kept = [f"{name}={value}" for name, value in self.cookies.items()]
        answer = call(self.handler, method, f"/api/users/{path}", body, cookies=kept, **how)
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return answer

    def sign_up(self, email: str = EMAIL, password: str = PASSWORD) -> Answer:
        return self.send("POST", "signup", {"email": email, "password": password})

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **how: Any) -> Answer:
        return self.send("POST", "signin", {"email": email, "password": password}, **how)

    def refresh(self) -> Answer:
        return self.send("POST", "refresh")

    def sign_out(self) -> Answer:
        return self.send("POST", "signout")

    def current_user(self) -> Any:
        return self.send("GET", "currentuser").json["currentUser"]

    def copy(self) -> "Browser":
        """The same cookies in other hands, or before the next reply came."""
        return Browser(self.handler, dict(self.cookies))


@dataclass
class Auth:
    """The service behind its doors, at a time that a test sets; one signing key, `k1`, signs."""

    monkeypatch: pytest.MonkeyPatch
    env: dict[str, str]
    api: ModuleType
    pem: str
    now: datetime = NOON

    def browser(self) -> Browser:
        return Browser(self.api.handler)

    def door(self, name: str) -> ModuleType:
        return load(f"auth.{name}", self.env, self.monkeypatch)

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def rows(self, prefix: str = "") -> list[dict[str, Any]]:
        items = boto3.client("dynamodb").scan(TableName=self.env["TABLE_NAME"])["Items"]
        return [row for row in map(unpack, items) if row["pk"].startswith(prefix)]


def start(monkeypatch: pytest.MonkeyPatch, **env: str) -> Auth:
    """Auth with nobody signed up, at noon."""
    secrets._cache.clear()
    pem = new_pem()
    put_keys("k1", k1=pem)
    put_secret(REFRESH_KEY, "5e" * 32)
    env = {
        "TABLE_NAME": tables.create("auth"),
        "SIGNING_KEYS_PARAMETER": SIGNING_KEYS,
        "REFRESH_KEY_PARAMETER": REFRESH_KEY,
        "EVENT_BUS_NAME": "default",
        **env,
    }
    auth = Auth(monkeypatch, env, load("auth.api", env, monkeypatch), pem)
    monkeypatch.setattr(clock, "now", lambda: auth.now)
    return auth


@contextmanager
def losing_the_reply(operation: str) -> Iterator[None]:
    """The next call of `operation` takes effect, its reply is lost, and the SDK tries again."""
    events, name, tries = aws.client("dynamodb").meta.events, f"needs-retry.dynamodb.{operation}", count()

    def lose_the_first(**_: Any) -> int | None:
        """Answers how many seconds to wait before trying again."""
        return 0 if next(tries) == 0 else None

    events.register(name, lose_the_first)
    yield
    events.unregister(name, lose_the_first)
    assert next(tries) >= 2


@contextmanager
def meanwhile(operation: str, act: Callable[[], object]) -> Iterator[None]:
    """Let something else happen just before the next call of `operation` (`PutItem`) reaches DynamoDB."""
    events, name = aws.client("dynamodb").meta.events, f"before-call.dynamodb.{operation}"

    def interrupt(**_: Any) -> None:
        events.unregister(name, interrupt)
        act()

    events.register(name, interrupt)
    yield
    events.unregister(name, interrupt)
