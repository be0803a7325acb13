"""`make deploy STAGE=…`: what was built goes to AWS, then the web client; its address is printed."""

import os
import subprocess
import sys

from operate import secrets, web
from operate.stages import LOCAL, ROOT, CannotDo, Stage, run, stage

NEEDED = (
    "auth/signing-keys",
    "auth/refresh-key",
    "origin-secret",
    "stripe/secret-key",
    "stripe/publishable-key",
)


def deploy(place: Stage) -> str:
    """The address. Raises CannotDo."""
    missing = [kind for kind in NEEDED if secrets.read(place, kind) is None]
    if missing:
        raise CannotDo(
            f"These secrets are missing: {', '.join(missing)}. Run make secrets STAGE={place.name}."
        )
    origin_secret = secrets.read(place, "origin-secret")
    given = {**place.parameters, "Architecture": "arm64", "OriginSecret": str(origin_secret)}
    if os.environ.get("ALARM_EMAIL"):
        given["AlarmEmail"] = os.environ["ALARM_EMAIL"]
    command = [
        ".venv-sam/bin/sam",
        "deploy",
        "--config-env",
        place.name,
        "--template",
        ".aws-sam/build/template.yaml",
    ]
    overrides = [f"{name}={value}" for name, value in given.items()]
    if subprocess.run([*command, "--parameter-overrides", *overrides], cwd=ROOT).returncode:
        raise CannotDo("The deployment failed; CloudFormation went back to what was there before.")
    outputs = place.outputs()
    stripe_key = str(secrets.read(place, "stripe/publishable-key"))
    site = web.files(ROOT / "web/dist", ROOT / "docs/openapi.json", stripe_key)
    web.upload(site, outputs["WebBucketName"], place.client("s3"))
    return outputs["Url"]


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    place = stage(arguments[0] if arguments else "")
    if place.name == LOCAL:
        raise CannotDo("The local world deploys itself: make dev.")
    url = deploy(place)
    if secrets.read(place, "stripe/webhook-secret") is None:
        print(f"Have Stripe tell {url}/api/payments/webhook of payment_intent.* and charge.refunded events,")
        print(f"then give its signing secret: make secrets STAGE={place.name}")
    print(f"Tiketz is at {url}")


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
