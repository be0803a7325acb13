"""Secrets: parameters in SSM, cached for about five minutes, and for longer where SSM can't be read."""

import random
import time

from botocore.exceptions import BotoCoreError, ClientError

from tiketz_common import aws, metrics

CACHE_SECONDS = 300.0
STALE_SECONDS = 30.0  # after a failed refresh
JITTER = 0.2  # the share by which a time is cut at random, so that processes don't refresh together

_cache: dict[str, tuple[float, str]] = {}
"""Until when each parameter is fresh (`time.monotonic`), and its value."""


def read(name: str) -> str:
    """The parameter's value, at most five minutes old, so that rotating a key needs no deployment.

    Where SSM throttles or fails, the value that was read last, however old: it is logged, and counted by the
    metric SecretsStale of the parameter. Raises ClientError or BotoCoreError where there is none.
    """
    fresh_until, value = _cache.get(name, (0.0, ""))
    if value and time.monotonic() < fresh_until:
        return value
    return reread(name)


def reread(name: str) -> str:
    """The parameter's value, read again, fresh or not; where that fails as `read`."""
    try:
        value = str(aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
    except (BotoCoreError, ClientError) as error:
        if name not in _cache:
            raise
        from tiketz_common.log import logger  # not above: the authorizer starts without Powertools

        value = _cache[name][1]
        _keep(name, value, STALE_SECONDS)
        logger.warning("secret served stale", parameter=name, error=str(error))
        metrics.emit(name, {"SecretsStale": [1]}, dimension="Parameter")
    else:
        _keep(name, value, CACHE_SECONDS)
    return value


def _keep(name: str, value: str, seconds: float) -> None:
    _cache[name] = time.monotonic() + seconds * random.uniform(1 - JITTER, 1), value
