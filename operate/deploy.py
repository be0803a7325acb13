"""`make deploy STAGE=…`: what was built goes to AWS, then the web client; its address is printed."""

import os
import subprocess
import sys
from contextlib import suppress

from botocore.exceptions import ClientError
from payments.stripe_events import WEBHOOK_EVENTS

from operate import secrets, stripe, web
from operate.release import release
from operate.stages import LOCAL, NEVER_STOOD, ROOT, CannotDo, NotDeployed, Stage, absent, run, stage

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
    before = waiting(place)
    ended = subprocess.run(command(place), cwd=ROOT)
    if waiting(place) - before:  # sam calls a no to its question a success
        raise CannotDo("Nothing was deployed, the web client neither: nobody agreed to the change set.")
    if ended.returncode:
        raise CannotDo(failure(place))
    outputs = place.outputs()
    stripe_key = str(secrets.read(place, "stripe/publishable-key"))
    site = web.files(ROOT / "web/dist", ROOT / "docs/openapi.json", stripe_key)
    web.upload(site, outputs["WebBucketName"], place.client("s3"))
    return outputs["Url"]


def waiting(place: Stage) -> set[str]:
    """The change sets of the stack that somebody could still agree to."""
    asked = place.client("cloudformation").get_paginator("list_change_sets")
    try:
        found = [each for page in asked.paginate(StackName=place.stack) for each in page["Summaries"]]
    except ClientError as error:
        with suppress(NotDeployed):
            raise absent(error, place.stack) from error
        return set()
    return {each["ChangeSetId"] for each in found if each.get("ExecutionStatus") == "AVAILABLE"}


def failure(place: Stage) -> str:
    """What sam left behind when it failed, and what to do about it."""
    try:
        status = place.status()
    except NotDeployed:
        return "Nothing was deployed; sam says above why."
    if status in NEVER_STOOD:
        return (
            f"The first deployment failed. Before the next: make delete STAGE={place.name} SURE={place.stack}"
            f" and make secrets STAGE={place.name}."
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        return (
            f"The deployment failed, and going back too: continue {place.stack} in CloudFormation's console."
        )
    return "The deployment failed; what was there before is there."


def introduce(place: Stage, url: str) -> str:
    """Have Stripe tell the stage what happens to payments; what was done about it, or what is left to do.

    Another secret key is another account, or live instead of test, which knows nothing of the webhook yet.
    """
    address, known = f"{url}/api/payments/webhook", secrets.read(place, WEBHOOK)
    try:
        if known is not None and stripe.tells(place, address, known):
            return f"Stripe tells {address}"
        endpoint, secret = stripe.hear(place, address)
    except CannotDo as refusal:
        if known is not None:
            return f"{refusal}\nSee in Stripe's dashboard (Developers, Webhooks) whether it tells {address}."
        return (
            f"{refusal}\nMake the webhook yourself in Stripe's dashboard (Developers, Webhooks).\n"
            f"Its address is {address}, its events are {', '.join(WEBHOOK_EVENTS)}.\n"
            f"Then give its signing secret: make secrets STAGE={place.name}"
        )
    secrets.write(place, WEBHOOK, secret)
    with suppress(CannotDo):
        stripe.mark(place, endpoint, secret)
    return f"Stripe tells {address} ({endpoint}) of {', '.join(WEBHOOK_EVENTS)}"


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
