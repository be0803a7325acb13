"""Secrets: SecureString parameters in SSM, cached for five minutes."""

import time

from tiketz_common import aws

CACHE_SECONDS = 300
_cache: dict[str, tuple[float, str]] = {}


def read(name: str) -> str:
    """The parameter's value, at most five minutes old, so that rotating a key needs no deployment."""
    read_at, value = _cache.get(name, (0.0, ""))
    if not value or time.monotonic() - read_at > CACHE_SECONDS:
        value = reread(name)
    return value


def reread(name: str) -> str:
    """The parameter's value, read again."""
    value = str(aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
    _cache[name] = (time.monotonic(), value)
    return value
