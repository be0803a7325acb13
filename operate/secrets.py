"""Create a stage's missing secrets, or replace one.

Secrets are kept in SSM Parameter Store, encrypted; those of check and prod with a KMS key of their own, which
is created first. Stripe's are read from the environment (STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY,
STRIPE_WEBHOOK_SECRET) or from a prompt. None is printed.
"""

import argparse
import getpass
import json
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from auth.keys import Keys
from auth.link_tokens import LinkKey, LinkKeys

from operate import secrets_key, stages
from operate.command import CommandError, UsageError
from operate.signing_keys import SigningKeys
from operate.stages import Stage

SIGNING_KEYS = "auth/signing-keys"
LINK_KEYS = "auth/link-keys"
VERIFICATION_KEYS = "auth/verification-keys"  # not secret: their public keys
PROVIDED = {  # by Stripe: the prefixes of each, and where it is shown
    "stripe/secret-key": (("sk_", "rk_"), "Stripe's secret key (Developers, API keys)"),
    "stripe/publishable-key": (("pk_",), "Stripe's publishable key (beside it)"),
    "stripe/webhook-secret": (("whsec_",), "the webhook's signing secret (Developers, Webhooks)"),
}
GENERATED: dict[str, Callable[[], str]] = {
    SIGNING_KEYS: lambda: SigningKeys.first(datetime.now(UTC)).secret(),
    "auth/refresh-key": lambda: secrets.token_hex(32),
    LINK_KEYS: lambda: _first_link_keys().secret(),
    "origin-secret": lambda: secrets.token_urlsafe(32),
}
KINDS = (*GENERATED, *PROVIDED)
READ_BY_DEPLOYMENT = ("origin-secret", "stripe/publishable-key")  # not by a function
Prompt = Callable[[str], str]


def read(stage: Stage, kind: str) -> str | None:
    """The secret, or None where there is none yet."""
    ssm = stage.client("ssm")
    try:
        response = ssm.get_parameter(Name=stage.secret_name(kind), WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        return None
    return str(response["Parameter"]["Value"])


def write(stage: Stage, kind: str, value: str) -> None:
    """Create or overwrite the secret; before signing keys, so that all can verify them, their public keys."""
    if kind == SIGNING_KEYS:
        write_verification_keys(stage, value)
    _put(stage, kind, value)


def _put(stage: Stage, kind: str, value: str) -> None:
    key = secrets_key.in_use(stage)
    stage.client("ssm").put_parameter(
        Name=stage.secret_name(kind),
        Value=value,
        Type="SecureString",
        Overwrite=True,
        **({"KeyId": key} if key else {}),
    )


def reencrypt(stage: Stage) -> list[str]:
    """Encrypt with the stage's key what another key encrypted before; the kinds."""
    key, moved = secrets_key.in_use(stage), []
    for kind in KINDS:
        if key and _key_of(stage, kind) not in (None, key):
            _put(stage, kind, str(read(stage, kind)))
            moved.append(kind)
    return moved


def _key_of(stage: Stage, kind: str) -> str | None:
    """The key that encrypts a secret; None without the secret."""
    names = [{"Key": "Name", "Values": [stage.secret_name(kind)]}]
    described = stage.client("ssm").describe_parameters(ParameterFilters=names)["Parameters"]
    return str(described[0]["KeyId"]) if described else None


def write_verification_keys(stage: Stage, signing_keys: str) -> None:
    """Store the public keys of signing keys for the authorizer, unless they are stored already."""
    jwks = json.dumps({"keys": Keys.parse(signing_keys).jwks})
    if read(stage, VERIFICATION_KEYS) != jwks:
        stage.client("ssm").put_parameter(
            Name=stage.secret_name(VERIFICATION_KEYS), Value=jwks, Type="String", Overwrite=True
        )


def delete(stage: Stage, kind: str) -> None:
    """Delete the secret, if there is one."""
    ssm = stage.client("ssm")
    with suppress(ssm.exceptions.ParameterNotFound):
        ssm.delete_parameter(Name=stage.secret_name(kind))


def create_missing(stage: Stage, prompt: Prompt) -> list[str]:
    """Create every missing secret except those that the prompt leaves empty; the kinds created."""
    created = []
    for kind in KINDS:
        if read(stage, kind) is None and (value := _new_value(kind, prompt)):
            write(stage, kind, value)
            created.append(kind)
    return created


def replace(stage: Stage, kind: str, prompt: Prompt) -> None:
    """Overwrite a secret with a new value. Raises CommandError."""
    if kind == SIGNING_KEYS:
        raise UsageError("Signing keys are rotated, so that sessions stay valid: make rotate-keys.")
    stored = read(stage, kind) if kind == LINK_KEYS else None
    value = _rotated_link_keys(stored) if stored else _new_value(kind, prompt)
    if not value:
        raise CommandError("No value was given; nothing was changed.")
    write(stage, kind, value)


def effect(stage: Stage, kind: str) -> str:
    """When a replaced secret takes effect."""
    if kind in READ_BY_DEPLOYMENT:
        return f"it takes effect with the next make deploy STAGE={stage.name}"
    if kind == "stripe/secret-key":
        return (
            "functions read it within five minutes. If it belongs to another account or mode (test, live),"
            f" replace stripe/publishable-key too, then make deploy STAGE={stage.name} registers the webhook"
        )
    if kind == LINK_KEYS:
        return (
            "functions read it within five minutes. Links that were mailed before stay valid for a day; where"
            " the key leaked, run this again: only the key before the current one is accepted"
        )
    return "functions read it within five minutes"


def _first_link_keys() -> LinkKeys:
    kid = secrets.token_hex(8)
    return LinkKeys(kid, {kid: LinkKey(secrets.token_hex(32))})


def _rotated_link_keys(stored: str) -> str:
    keys = LinkKeys.parse(stored).rotate(secrets.token_hex(8), secrets.token_hex(32), datetime.now(UTC))
    return keys.secret()


def _new_value(kind: str, prompt: Prompt) -> str:
    """A generated value, or what the environment or the prompt provides; may be empty. Raises UsageError."""
    if kind in GENERATED:
        return GENERATED[kind]()
    prefixes, description = PROVIDED[kind]
    variable = kind.upper().replace("/", "_").replace("-", "_")
    value = (os.environ.get(variable) or prompt(f"{description}, empty for later: ")).strip()
    if value and not value.startswith(prefixes):
        raise UsageError(f"{kind} must begin with {' or '.join(prefixes)}.")
    return value


def _prompt(question: str) -> str:
    return getpass.getpass(question) if sys.stdin.isatty() else ""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)
    parser.add_argument("--kind", choices=KINDS, help="replace this one, instead of creating missing ones")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    stage = stages.load(options.stage)
    if stage.has_own_key and secrets_key.find(stage) is None:
        print(f"Created the key of the secrets: {secrets_key.create(stage)}.")
    if options.kind:
        replace(stage, options.kind, _prompt)
        print(f"Replaced {options.kind}; {effect(stage, options.kind)}.")
        return
    print(f"Created: {', '.join(create_missing(stage, _prompt)) or 'nothing, none was missing'}.")
    if missing := [kind for kind in KINDS if read(stage, kind) is None]:
        print(f"Still missing: {', '.join(missing)}.")
