"""Secrets of a stage, kept in SSM: made where missing, replaced, rotated.

    python -m operate.secrets STAGE               make what is missing; asks for what Stripe gave you
    python -m operate.secrets STAGE replace KIND  a new value, such as of stripe/secret-key
    python -m operate.secrets STAGE rotate        the next step of the signing keys' rotation, if it is time
    python -m operate.secrets STAGE rotate now    all steps at once, for keys that got out

Nothing of a secret is printed.
"""

import getpass
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from operate.signing_keys import SigningKeys, TooEarly
from operate.stages import CannotDo, Stage, run, stage

SIGNING = "auth/signing-keys"
GIVEN = {  # by Stripe: what each begins with, and where it is found
    "stripe/secret-key": (("sk_", "rk_"), "Stripe's secret key (Developers, API keys)"),
    "stripe/publishable-key": (("pk_",), "Stripe's publishable key (beside it)"),
    "stripe/webhook-secret": (("whsec_",), "the webhook's signing secret (Developers, Webhooks)"),
}
MADE: dict[str, Callable[[], str]] = {
    SIGNING: lambda: SigningKeys.first(datetime.now(UTC)).secret(),
    "auth/refresh-key": lambda: secrets.token_hex(32),
    "origin-secret": lambda: secrets.token_urlsafe(32),
}
KINDS = (*MADE, *GIVEN)
DEPLOYED = ("origin-secret", "stripe/publishable-key")  # no function reads these: a deployment hands them out
Ask = Callable[[str], str]


def read(place: Stage, kind: str) -> str | None:
    """The secret, or None where there is none yet."""
    ssm = place.client("ssm")
    try:
        found = ssm.get_parameter(Name=place.secret_name(kind), WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        return None
    return str(found["Parameter"]["Value"])


def write(place: Stage, kind: str, value: str) -> None:
    place.client("ssm").put_parameter(
        Name=place.secret_name(kind), Value=value, Type="SecureString", Overwrite=True
    )


def forget(place: Stage, kind: str) -> None:
    """Delete the secret, if there is one."""
    ssm = place.client("ssm")
    with suppress(ssm.exceptions.ParameterNotFound):
        ssm.delete_parameter(Name=place.secret_name(kind))


def make_missing(place: Stage, ask: Ask) -> list[str]:
    """Make every secret that is missing, but for what nobody can give yet; the kinds that were made."""
    made = []
    for kind in KINDS:
        if read(place, kind) is not None:
            continue
        value = MADE[kind]() if kind in MADE else _given(kind, ask)
        if value:
            write(place, kind, value)
            made.append(kind)
    return made


def replace(place: Stage, kind: str, ask: Ask) -> None:
    """Put a new value in place of the old. Raises CannotDo."""
    if kind == SIGNING:
        raise CannotDo("Signing keys are rotated, which signs nobody out: make rotate-keys.")
    if kind not in KINDS:
        raise CannotDo(f"There is no secret {kind!r}; KIND= is one of {', '.join(KINDS)}.")
    value = MADE[kind]() if kind in MADE else _given(kind, ask)
    if not value:
        raise CannotDo("Nothing was given, and nothing was changed.")
    write(place, kind, value)


def effect(place: Stage, kind: str) -> str:
    """When a new value of this secret becomes true."""
    if kind in DEPLOYED:
        return f"it becomes true with the next make deploy STAGE={place.name}"
    if kind == "stripe/secret-key":
        return (
            "functions have it within five minutes. Where it is another account's, or live instead of test,"
            f" replace stripe/publishable-key too; make deploy STAGE={place.name} has Stripe tell the stage"
        )
    return "functions have it within five minutes"


def rotate(place: Stage, now: datetime) -> str:
    """The next step of the signing keys' rotation; what was done and what comes next. Raises CannotDo."""
    try:
        keys, done = _signing_keys(place).next_step(now)
    except TooEarly as early:
        raise CannotDo(f"Somebody would be signed out. Come back at {early.args[0]:%H:%M:%S} UTC.") from early
    write(place, SIGNING, keys.secret())
    rest = (
        "The next step is due in a while: run this again." if keys.rotating else "The rotation is complete."
    )
    return f"{done}. {rest}"


def retire(place: Stage, now: datetime) -> str:
    """One new signing key in place of all there are; what comes of it. Raises CannotDo."""
    _signing_keys(place)
    keys = SigningKeys.first(now)
    write(place, SIGNING, keys.secret())
    return (
        f"Only {keys.current} is left, and signs. Within five minutes every session ends and is refreshed;"
        " nobody signs in again."
    )


def _signing_keys(place: Stage) -> SigningKeys:
    secret = read(place, SIGNING)
    if secret is None:
        raise CannotDo(f"There are no signing keys yet: make secrets STAGE={place.name}.")
    return SigningKeys.parse(secret)


def _given(kind: str, ask: Ask) -> str:
    """What the environment (STRIPE_SECRET_KEY…) or a person gives, empty for nothing. Raises CannotDo."""
    begins, what = GIVEN[kind]
    variable = kind.upper().replace("/", "_").replace("-", "_")
    value = (os.environ.get(variable) or ask(f"{what}, empty for later: ")).strip()
    if value and not value.startswith(begins):
        raise CannotDo(f"{kind} begins with {' or '.join(begins)}; what was given does not.")
    return value


def _ask(question: str) -> str:
    return getpass.getpass(question) if sys.stdin.isatty() else ""


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    place = stage(arguments[0] if arguments else "")
    match arguments[1:]:
        case []:
            made = make_missing(place, _ask)
            print(f"Made: {', '.join(made) or 'nothing, for nothing was missing'}.")
            missing = [kind for kind in KINDS if read(place, kind) is None]
            if missing:
                print(f"Still missing: {', '.join(missing)}.")
        case ["replace", kind]:
            replace(place, kind, _ask)
            print(f"{kind} is replaced; {effect(place, kind)}.")
        case ["rotate"]:
            print(rotate(place, datetime.now(UTC)))
        case ["rotate", "now"]:
            print(retire(place, datetime.now(UTC)))
        case _:
            raise CannotDo(str(__doc__))


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
