"""The most common passwords, which nobody may choose.

`common_passwords.txt` has the 11 611 of eight characters and more from the frequency list `passwords` of
zxcvbn 4.5.0 (https://pypi.org/project/zxcvbn/4.5.0/, MIT: common_passwords.LICENSE.txt), in lower case.
"""

from functools import cache
from pathlib import Path


def contains(password: str) -> bool:
    """Whether a password is one of them, in any case."""
    return password.lower() in _passwords()


@cache
def _passwords() -> frozenset[str]:
    """Read when a password is first chosen: sign-ins don't need them."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().splitlines())
