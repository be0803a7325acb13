"""Password hashes (argon2id)."""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice: 19 MiB

DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$cJBVJbH0fRAhs6i5B0GNBg$GUl2cWRtycSfQMQlaF62f32M4JFZ2CQDi4VBzywF3wQ"
)
"""Checked where there is no account, so that a sign-in takes as long as for one that exists."""


def hash_password(password: str) -> str:
    """A salted hash in PHC format; takes about 40 ms."""
    return _hasher.hash(password)


def matches(password: str, stored_hash: str) -> bool:
    """Whether the hash was made of this password; takes about 40 ms."""
    try:
        return _hasher.verify(stored_hash, password)
    except VerifyMismatchError:
        return False
