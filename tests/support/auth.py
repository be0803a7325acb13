"""Auth's secrets, and what a browser keeps of a session."""

import json
from dataclasses import dataclass, field
from typing import Any

import boto3
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.doors import Answer, call

SIGNING_KEYS, REFRESH_KEY = "/tiketz/auth/signing-keys", "/tiketz/auth/refresh-key"
SESSION, REFRESH = "__Host-session", "__Secure-refresh"
PASSWORD = "correct horse battery"


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

    def sign_up(self, email: str = "ada@tiketz.test", password: str = PASSWORD) -> Answer:
        return self.send("POST", "signup", {"email": email, "password": password})

    def sign_in(self, email: str = "ada@tiketz.test", password: str = PASSWORD, **how: Any) -> Answer:
        return self.send("POST", "signin", {"email": email, "password": password}, **how)

    def refresh(self) -> Answer:
        return self.send("POST", "refresh")

    def current_user(self) -> Any:
        return self.send("GET", "currentuser").json["currentUser"]

    def copy(self) -> "Browser":
        """Somebody else with the same cookies, or another tab before the reply came."""
        return Browser(self.handler, dict(self.cookies))
