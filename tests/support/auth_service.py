"""The auth service, and browsers that keep its cookies."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import boto3
import pytest
from auth.keys import Keys
from auth.link_tokens import LinkKey, LinkKeys
from auth.rate_limits import SignInLimits
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tiketz_common import clock, secrets

from tests.factories import EMAIL, NOON, PASSWORD
from tests.support.handlers import HttpResponse, send_request
from tests.support.service import Service

SIGNING_KEYS, REFRESH_KEY = "/tiketz/auth/signing-keys", "/tiketz/auth/refresh-key"
LINK_KEYS = "/tiketz/auth/link-keys"
VERIFICATION_KEYS = "/tiketz/auth/verification-keys"
SESSION, REFRESH = "__Host-session", "__Secure-refresh"
SIGN_UPS = 30
FAILURES = SignInLimits(of_network=300, of_account=100, of_account_and_network=10)


def new_pem() -> str:
    """A new EC P-256 private key."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def put_keys(current: str, **pems: str) -> None:
    """Store the signing keys and their public keys in SSM."""
    jwks = json.dumps({"keys": Keys(current, pems).jwks})
    boto3.client("ssm").put_parameter(Name=VERIFICATION_KEYS, Value=jwks, Type="String", Overwrite=True)
    put_secret(SIGNING_KEYS, json.dumps({"current": current, "keys": pems}))


def put_secret(name: str, value: str) -> None:
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


@dataclass
class Browser:
    """Stores the cookies of the auth service and sends them along."""

    handler: Any
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> HttpResponse:
        cookies = [f"{name}={value}" for name, value in self.cookies.items()]
        response = send_request(self.handler, method, f"/api/users/{path}", body, cookies=cookies, **options)
        for cookie in response.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return response

    def sign_up(self, email: str = EMAIL, password: str = PASSWORD, **options: Any) -> HttpResponse:
        return self.send("POST", "signup", {"email": email, "password": password}, **options)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **options: Any) -> HttpResponse:
        return self.send("POST", "signin", {"email": email, "password": password}, **options)

    def refresh(self) -> HttpResponse:
        return self.send("POST", "refresh")

    def sign_out(self) -> HttpResponse:
        return self.send("POST", "signout")

    def current_user(self) -> Any:
        return self.send("GET", "currentuser").json["currentUser"]

    def copy(self) -> "Browser":
        """Another browser with the same cookies."""
        return Browser(self.handler, dict(self.cookies))


class AuthService(Service):
    """An auth service without users, at a time that a test sets; the key `k1` signs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **env: str) -> None:
        secrets._cache.clear()
        self.pem, self.now = new_pem(), NOON
        put_keys("k1", k1=self.pem)
        put_secret(REFRESH_KEY, "5e" * 32)
        put_secret(LINK_KEYS, LinkKeys("l1", {"l1": LinkKey("1c" * 32)}).secret())
        parameters = {
            "SIGNING_KEYS_PARAMETER": SIGNING_KEYS,
            "VERIFICATION_KEYS_PARAMETER": VERIFICATION_KEYS,
            "REFRESH_KEY_PARAMETER": REFRESH_KEY,
            "LINK_KEYS_PARAMETER": LINK_KEYS,
            "MAILS_PER_NETWORK": "30",
            "SIGN_UPS_PER_NETWORK": str(SIGN_UPS),
            "SIGN_IN_FAILURES_PER_NETWORK": str(FAILURES.of_network),
            "SIGN_IN_FAILURES_PER_ACCOUNT": str(FAILURES.of_account),
            "SIGN_IN_FAILURES_PER_ACCOUNT_AND_NETWORK": str(FAILURES.of_account_and_network),
        }
        super().__init__("auth", monkeypatch, **{**parameters, **env})
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def browser(self) -> Browser:
        return Browser(self.api.handler)

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)
