"""PyJWT as auth loads it: without X.509 until it parses a certificate."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

LOADED = "import sys; print('cryptography.x509.base' in sys.modules)"
GIVEN = """
import sys
from auth.pyjwt import jwt

try:
    jwt.encode({}, bytes.fromhex(sys.argv[1]), algorithm="HS256")
except jwt.InvalidKeyError as error:
    print(error)
"""


def output(code: str, *arguments: str) -> str:
    """What a fresh process prints."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_signing_sessions_loads_no_x509() -> None:
    assert output(f"import auth.tokens; {LOADED}") == "False\n"
    assert output(f"import jwt; {LOADED}") == "True\n"  # else the lazy import is no longer needed


def test_a_certificate_is_refused_as_a_key() -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tiketz.test")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    certificate = made.sign(key, SHA256()).public_bytes(Encoding.DER)
    assert "x509 certificate" in output(GIVEN, certificate.hex())
