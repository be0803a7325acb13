"""Take the next step of rotating the session signing keys.

The three steps (publish, sign, retire) sign no user out: a step is refused until the one before it has
reached every process. With --now, one new key replaces all at once: for keys that leaked.
"""

import argparse
from datetime import UTC, datetime

from operate import secrets, stages
from operate.command import CommandError
from operate.signing_keys import SigningKeys, TooEarly
from operate.stages import Stage


def rotate(stage: Stage, now: datetime) -> str:
    """Take the next step; what was done and what comes next. Raises CommandError."""
    try:
        keys, done = _read(stage).next_step(now)
    except TooEarly as early:
        raise CommandError(
            f"Users would be signed out: run this again at {early.args[0]:%H:%M:%S} UTC."
        ) from early
    secrets.write(stage, secrets.SIGNING_KEYS, keys.secret())
    following = "Run this again for the next step." if keys.rotating else "The rotation is complete."
    return f"{done}. {following}"


def replace_all(stage: Stage, now: datetime) -> str:
    """Replace all signing keys by a new one; the effect. Raises CommandError."""
    _read(stage)
    keys = SigningKeys.first(now)
    secrets.write(stage, secrets.SIGNING_KEYS, keys.secret())
    return (
        f"{keys.current} is the only signing key. Within five minutes all sessions end and are refreshed;"
        " no user has to sign in again."
    )


def _read(stage: Stage) -> SigningKeys:
    secret = secrets.read(stage, secrets.SIGNING_KEYS)
    if secret is None:
        raise CommandError(f"There are no signing keys yet: make secrets STAGE={stage.name}.")
    return SigningKeys.parse(secret)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    parser.add_argument("--now", action="store_true", help="replace all keys at once")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    stage, now = stages.load(options.stage), datetime.now(UTC)
    print(replace_all(stage, now) if options.now else rotate(stage, now))
