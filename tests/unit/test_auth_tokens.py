"""Session tokens: only ours, only while valid, only unaltered."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from auth import tokens
from auth.key_ring import KeyRing
from auth.keys import Keys, PublicKeys
from auth.model import User
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from tiketz_common import secrets

from tests.factories import NOON
from tests.support.auth_service import new_pem

ADA = User("u1", "ada@tiketz.test")
PEM, OTHER_PEM = new_pem(), new_pem()
PUBLIC_PEM = (
    load_pem_private_key(PEM.encode(), None)
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
)
CLAIMS: dict[str, Any] = {
    "iss": "tiketz",
    "aud": "tiketz",
    "sub": "u1",
    "email": "ada@tiketz.test",
    "verified": False,
    "epoch": 0,
    "iat": int(NOON.timestamp()),
    "exp": int(NOON.timestamp()) + 900,
}


class Vault:
    """SSM with the signing keys; counts the reads."""

    def __init__(self) -> None:
        self.store("k1", k1=PEM)
        self.reads = 0
        self.cached = self.secret

    def store(self, current: str, **pems: str) -> None:
        self.secret = json.dumps({"current": current, "keys": pems})

    def read(self, name: str) -> str:
        return self.cached

    def reread(self, name: str) -> str:
        self.reads += 1
        self.cached = self.secret
        return self.secret


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    """One signing key, `k1`; what is stored later is seen when reread."""
    vault = Vault()
    monkeypatch.setattr(secrets, "read", vault.read)
    monkeypatch.setattr(secrets, "reread", vault.reread)
    return vault


@pytest.fixture
def ring(vault: Vault) -> KeyRing[Keys]:
    """The keys as a process reads them."""
    return KeyRing("/keys", Keys.parse)


def encode(part: Any) -> str:
    text = part if isinstance(part, str) else json.dumps(part)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def forge(
    *,
    key: Any = PEM,
    alg: str = "ES256",
    without: str = "",
    headers: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """A token signed like ours, with other claims or headers."""
    body = {name: value for name, value in {**CLAIMS, **claims}.items() if name != without}
    payload = json.dumps(body).encode()  # PyJWT's own encode would refuse to write some of these
    return jwt.api_jws.encode(payload, key, algorithm=alg, headers={"kid": "k1", **(headers or {})})


def unsigned(header: dict[str, Any]) -> str:
    return f"{encode(header)}.{encode(CLAIMS)}."


def hmac_with_the_public_key() -> str:
    """What a verifier that trusts the header's algorithm would accept (RFC 8725 §2.1)."""
    signed = f"{encode({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'})}.{encode(CLAIMS)}"
    signature = hmac.digest(PUBLIC_PEM, signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def other_jwk() -> dict[str, str]:
    return Keys("k2", {"k2": OTHER_PEM}).jwks[0]


def altered(part: int) -> str:
    """Our token with one character of a part changed."""
    parts = forge().split(".")
    middle = len(parts[part]) // 2
    changed = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + changed + parts[part][middle + 1 :]
    return ".".join(parts)


def swapped() -> str:
    """Our header and signature around another user's claims."""
    header, _, signature = forge().split(".")
    return f"{header}.{encode({**CLAIMS, 'sub': 'eve'})}.{signature}"


def rsa_pem() -> bytes:
    return generate_rsa_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )


HUGE = '{"kid": ' + "9" * 5_000 + "}"
ATTACKS: dict[str, str] = {
    "empty": "",
    "not a token": "nonsense",
    "three dots": "...",
    "not ASCII": "\u00e9.\u00e9.\u00e9",
    "a lone surrogate": "\ud800.\ud800.\ud800",
    "NUL": "\0.\0.\0",
    "a header that is a list": f"{encode([])}.{encode(CLAIMS)}.AAAA",
    "a header that nests deeply": f"{encode('[' * 5_000)}.{encode(CLAIMS)}.AAAA",
    "a header with a huge number": f"{encode(HUGE)}.{encode(CLAIMS)}.AAAA",
    "no algorithm": unsigned({"alg": "none", "typ": "JWT", "kid": "k1"}),
    "no algorithm, in capitals": unsigned({"alg": "NONE", "typ": "JWT", "kid": "k1"}),
    "no alg at all": unsigned({"typ": "JWT", "kid": "k1"}),
    "HS256 with the public key": hmac_with_the_public_key(),
    "RS256": forge(key=rsa_pem(), alg="RS256"),
    "ES384": forge(key=generate_private_key(SECP384R1()), alg="ES384"),
    "another key": forge(key=OTHER_PEM),
    "another key under a kid of its own": forge(key=OTHER_PEM, headers={"kid": "k2"}),
    "no kid": jwt.encode(CLAIMS, PEM, algorithm="ES256"),
    "a kid that is a path": forge(headers={"kid": "../../dev/null"}),
    "an embedded key (jwk)": forge(key=OTHER_PEM, headers={"jwk": other_jwk()}),
    "a key elsewhere (jku)": forge(key=OTHER_PEM, headers={"jku": "https://evil.test/jwks.json"}),
    "a certificate elsewhere (x5u)": forge(key=OTHER_PEM, headers={"x5u": "https://evil.test/x.pem"}),
    "our key, but a jku": forge(headers={"jku": "https://evil.test/jwks.json"}),
    "an unknown critical extension": forge(headers={"crit": ["urn:x"], "urn:x": 1}),
    "an unencoded payload (b64)": forge(headers={"crit": ["b64"], "b64": False}),
    "another type": forge(headers={"typ": "at+jwt"}),
    "header altered": altered(0),
    "claims altered": altered(1),
    "signature altered": altered(2),
    "claims swapped": swapped(),
    "truncated": forge()[:-10],
    "no signature": forge().rpartition(".")[0] + ".",
    "only two parts": forge().rpartition(".")[0],
    "five parts": forge() + ".AAAA.AAAA",
    "expired": forge(exp=int(NOON.timestamp()) - 5),
    "no exp": forge(without="exp"),
    "no iat": forge(without="iat"),
    "no sub": forge(without="sub"),
    "no aud": forge(without="aud"),
    "no iss": forge(without="iss"),
    "no email": forge(without="email"),
    "exp as text": forge(exp="4102444800"),
    "exp as a fraction": forge(exp=CLAIMS["exp"] + 0.5),
    "exp as true": forge(exp=True),
    "issued in the future": forge(iat=int(NOON.timestamp()) + 6),
    "iat as text": forge(iat="1"),
    "sub as a number": forge(sub=1),
    "sub as null": forge(sub=None),
    "email as a list": forge(email=["ada@tiketz.test"]),
    "another audience": forge(aud="another"),
    "one audience of many": forge(aud=["tiketz", "another"]),
    "another issuer": forge(iss="https://evil.test"),
    "a list of issuers": forge(iss=["tiketz"]),
}


@pytest.mark.parametrize("token", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_forged_token_identifies_no_user(ring: KeyRing[Keys], token: str) -> None:
    assert tokens.verify(token, ring, NOON) is None


def test_the_forged_tokens_differ_from_ours_only_in_the_forgery(ring: KeyRing[Keys]) -> None:
    assert tokens.verify(forge(), ring, NOON) == ADA


def test_a_token_identifies_its_user_for_fifteen_minutes(ring: KeyRing[Keys]) -> None:
    token = tokens.issue(ADA, ring.keys(), NOON)
    within, after = timedelta(minutes=15, seconds=4), timedelta(minutes=15, seconds=5)
    assert tokens.verify(token, ring, NOON) == ADA
    assert tokens.verify(token, ring, NOON + within) == ADA
    assert tokens.verify(token, ring, NOON + after) is None


def test_a_clock_five_seconds_behind_accepts_a_new_token(ring: KeyRing[Keys]) -> None:
    token = tokens.issue(ADA, ring.keys(), NOON)
    assert tokens.verify(token, ring, NOON - timedelta(seconds=5)) == ADA
    assert tokens.verify(token, ring, NOON - timedelta(seconds=6)) is None


def test_a_token_has_the_documented_claims(ring: KeyRing[Keys]) -> None:
    token = tokens.issue(ADA, ring.keys(), NOON)
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "typ": "JWT", "kid": "k1"}
    assert jwt.decode(token, options={"verify_signature": False}) == CLAIMS


def test_a_token_can_be_verified_with_the_published_keys(ring: KeyRing[Keys]) -> None:
    [key] = ring.keys().jwks
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    token = tokens.issue(ADA, ring.keys(), datetime.now(UTC))
    assert jwt.decode(token, jwt.PyJWK(key), algorithms=["ES256"], audience="tiketz")["sub"] == "u1"


def test_public_keys_verify_what_the_private_keys_signed(ring: KeyRing[Keys], vault: Vault) -> None:
    token = tokens.issue(ADA, ring.keys(), NOON)
    vault.secret = json.dumps({"keys": ring.keys().jwks})
    vault.reread("/keys")
    public = KeyRing("/keys", PublicKeys.parse)
    assert tokens.verify(token, public, NOON) == ADA
    assert tokens.verify(forge(key=OTHER_PEM), public, NOON) is None
    assert not hasattr(public.keys(), "private")


def test_a_public_key_on_another_curve_is_an_error() -> None:
    key = generate_private_key(SECP384R1()).public_key()
    jwk = {**jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True), "kid": "k1"}
    with pytest.raises(TypeError, match="P-256"):
        _ = PublicKeys([jwk]).public


def test_rotating_the_key_keeps_sessions_valid(ring: KeyRing[Keys], vault: Vault) -> None:
    before = tokens.issue(ADA, ring.keys(), NOON)
    vault.store("k1", k1=PEM, k2=OTHER_PEM)
    vault.reread("/keys")
    assert [key["kid"] for key in ring.keys().jwks] == ["k1", "k2"]
    vault.store("k2", k1=PEM, k2=OTHER_PEM)
    vault.reread("/keys")
    after = tokens.issue(ADA, ring.keys(), NOON)
    assert jwt.get_unverified_header(after)["kid"] == "k2"
    assert tokens.verify(before, ring, NOON) == tokens.verify(after, ring, NOON) == ADA


def test_a_retired_key_verifies_no_token(ring: KeyRing[Keys], vault: Vault) -> None:
    before = tokens.issue(ADA, ring.keys(), NOON)
    vault.store("k2", k2=OTHER_PEM)
    vault.reread("/keys")
    assert tokens.verify(before, ring, NOON) is None


def test_a_key_that_is_new_to_a_process_is_looked_up(ring: KeyRing[Keys], vault: Vault) -> None:
    vault.store("k2", k1=PEM, k2=OTHER_PEM)
    token = forge(key=OTHER_PEM, headers={"kid": "k2"})
    assert tokens.verify(token, ring, NOON) == ADA
    assert tokens.verify(token, ring, NOON) == ADA
    assert vault.reads == 1


def test_unknown_kids_are_looked_up_at_most_twice_a_minute(ring: KeyRing[Keys], vault: Vault) -> None:
    for second in range(60):
        made_up = forge(headers={"kid": f"x{second}"})
        assert tokens.verify(made_up, ring, NOON + timedelta(seconds=second)) is None
    assert vault.reads == 2


@pytest.mark.parametrize(
    "pem",
    [
        generate_private_key(SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        rsa_pem(),
    ],
)
def test_a_signing_key_of_another_curve_raises(pem: bytes) -> None:
    with pytest.raises(TypeError, match="P-256"):
        _ = Keys("k1", {"k1": pem.decode()}).jwks


def test_the_keys_of_these_tests_are_on_p256() -> None:
    assert isinstance(Keys("k1", {"k1": PEM}).private["k1"].curve, SECP256R1)


def test_a_token_of_an_earlier_version_is_of_an_unverified_user(ring: KeyRing[Keys]) -> None:
    before = {name: value for name, value in CLAIMS.items() if name not in ("verified", "epoch")}
    token = jwt.encode(before, ring.keys().private["k1"], algorithm="ES256", headers={"kid": "k1"})
    assert tokens.verify(token, ring, NOON) == ADA


def test_a_token_carries_whether_its_user_is_verified(ring: KeyRing[Keys]) -> None:
    verified = User("u1", "ada@tiketz.test", verified=True, epoch=2)
    assert tokens.verify(tokens.issue(verified, ring.keys(), NOON), ring, NOON) == verified


def test_the_longest_address_of_an_older_account_fits_a_cookie(ring: KeyRing[Keys]) -> None:
    longest = User("u" * 36, f"{chr(0x1D538) * 64}@{'.'.join([chr(0x1D538) * 63] * 3)}")
    token = tokens.issue(longest, ring.keys(), NOON)
    assert tokens.verify(token, ring, NOON) == longest
    assert len(f"__Host-session={token}; Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Lax") < 4096
