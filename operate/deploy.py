"""`make deploy STAGE=…`: what was built goes to AWS, then the web client; its address is printed."""

import os
import subprocess
import sys

from payments.inbound import ASKED_FOR

from operate import secrets, stripe, web
from operate.release import release
from operate.stages import LOCAL, ROOT, CannotDo, Stage, run, stage

NEEDED = (
    "auth/signing-keys",
    "auth/refresh-key",
    "origin-secret",
    "stripe/secret-key",
    "stripe/publishable-key",
)
WEBHOOK = "stripe/webhook-secret"


def command(place: Stage) -> list[str]:
    """How sam takes what was built to the stage. Raises CannotDo where a secret is missing.

    Not with --template: sam finds what was built by itself, and would look for samconfig.toml beside it.
    """
    missing = [kind for kind in NEEDED if secrets.read(place, kind) is None]
    if missing:
        raise CannotDo(
            f"These secrets are missing: {', '.join(missing)}. Run make secrets STAGE={place.name}."
        )
    origin_secret = str(secrets.read(place, "origin-secret"))
    given = {**place.parameters, "Architecture": "arm64", "OriginSecret": origin_secret}
    given["Release"] = release(given)
    if os.environ.get("ALARM_EMAIL"):
        given["AlarmEmail"] = os.environ["ALARM_EMAIL"]
    overrides = [f"{name}={value}" for name, value in given.items()]
    return [
        ".venv-sam/bin/sam",
        "deploy",
        "--config-env",
        place.name,
        "--parameter-overrides",
        *overrides,
    ]


def deploy(place: Stage) -> str:
    """The address. Raises CannotDo."""
    if subprocess.run(command(place), cwd=ROOT).returncode:
        raise CannotDo(
            "The deployment failed; CloudFormation went back to what was there before. "
            f"If that was nothing, make delete STAGE={place.name} SURE={place.stack} before the next."
        )
    outputs = place.outputs()
    stripe_key = str(secrets.read(place, "stripe/publishable-key"))
    site = web.files(ROOT / "web/dist", ROOT / "docs/openapi.json", stripe_key)
    web.upload(site, outputs["WebBucketName"], place.client("s3"))
    return outputs["Url"]


def introduce(place: Stage, url: str) -> str:
    """Have Stripe tell the stage what happens to payments; what was done about it, or what is left to do."""
    address = f"{url}/api/payments/webhook"
    if secrets.read(place, WEBHOOK) is not None:
        return f"Stripe tells {address}"
    try:
        endpoint, secret = stripe.hear(place, address)
    except CannotDo as refusal:
        return (
            f"{refusal}\nMake the webhook yourself in Stripe's dashboard (Developers, Webhooks).\n"
            f"Its address is {address}, its events are {', '.join(ASKED_FOR)}.\n"
            f"Then give its signing secret: make secrets STAGE={place.name}"
        )
    secrets.write(place, WEBHOOK, secret)
    return f"Stripe tells {address} ({endpoint}) of {', '.join(ASKED_FOR)}"


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    place = stage(arguments[0] if arguments else "")
    if place.name == LOCAL:
        raise CannotDo("The local world deploys itself: make dev.")
    url = deploy(place)
    print(introduce(place, url))
    print(f"Tiketz is at {url}")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
