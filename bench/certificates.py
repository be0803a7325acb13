"""A certificate authority like Amazon's: root, intermediate, RSA 2048."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Named = tuple[x509.Name, rsa.RSAPrivateKey]


def make(folder: Path) -> tuple[Path, Path]:
    """The root's certificate, and a chain with its key for https://localhost."""
    root = _named("Bench Root")
    intermediate = _named("Bench RSA 2048 M01")
    server = _named("localhost")
    root_certificate = _certify(root, root, authority=True)
    chain = [_certify(server, intermediate, authority=False), _certify(intermediate, root, authority=True)]
    authority, server_file = folder / "root.pem", folder / "server.pem"
    authority.write_bytes(root_certificate)
    key = server[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server_file.write_bytes(key + b"".join(chain))
    return authority, server_file


def _named(name: str) -> Named:
    return (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
    )


def _certify(subject: Named, issuer: Named, *, authority: bool) -> bytes:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject[0])
        .issuer_name(issuer[0])
        .public_key(subject[1].public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(subject[1].public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key()), critical=False
        )
    )
    if authority:
        usage = dict.fromkeys(
            (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        builder = builder.add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True
        )
    else:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
    return builder.sign(issuer[1], hashes.SHA256()).public_bytes(Encoding.PEM)
