"""Build for AWS, deploy a stage and its web client, print the address.

Prints first what changes, and stops where data would be deleted. Registers Stripe's webhook at the end.
"""

import argparse
import subprocess
from contextlib import suppress

from botocore.exceptions import ClientError
from payments.stripe_events import WEBHOOK_EVENTS

from operate import diff, mail, origin_secret, preconditions, secrets, secrets_key, stages, stripe, web
from operate.command import CommandError
from operate.release import release
from operate.stages import NEVER_CREATED, ROOT, SERVICES, NotDeployed, Stage, not_deployed

WEBHOOK_SECRET = "stripe/webhook-secret"
UNKNOWN = "unknown"  # the template's default


def command(
    stage: Stage,
    alarm_email: str | None = None,
    mail_from: str | None = None,
    *,
    origin: origin_secret.Parameters,
    confirmed: bool = False,
) -> list[str]:
    """The call of `sam deploy`, which asks before it executes a change set of prod unless `confirmed`.

    Without --template: sam finds the built template by itself, and reads samconfig.toml from its folder.
    """
    parameters = {**stage.parameters, "Architecture": "arm64", **origin}
    parameters["Release"] = release(parameters)
    if key := secrets_key.find(stage) if stage.has_own_key else None:
        parameters["SecretsKeyArn"] = key
    parameters["Commit"] = diff.current_commit() or UNKNOWN
    if alarm_email:
        parameters["AlarmEmail"] = alarm_email
    if mail_from:
        parameters["MailFrom"] = mail_from
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    sam = [".venv-sam/bin/sam", "deploy", "--config-env", stage.name]
    return [*sam, *(["--no-confirm-changeset"] if confirmed else []), "--parameter-overrides", *overrides]


def deployed_commit(stage: Stage) -> str | None:
    """The commit that is deployed; None where that is not known, or nothing is deployed."""
    with suppress(NotDeployed):
        commit = stage.outputs().get("Commit", UNKNOWN)
        return None if commit == UNKNOWN else commit
    return None


def build() -> None:
    """Build the functions and the web client. Raises CommandError."""
    made = subprocess.run(
        ["make", "--no-print-directory", "build", "web/dist/index.html", "ARCHITECTURE=arm64"], cwd=ROOT
    )
    if made.returncode:
        raise CommandError("The build failed; nothing was deployed.")


def deploy(
    stage: Stage, alarm_email: str | None = None, mail_from: str | None = None, *, confirmed: bool = False
) -> str:
    """Deploy what was built; the stage's address. Raises CommandError."""
    secrets.write_verification_keys(stage, str(secrets.read(stage, secrets.SIGNING_KEYS)))
    origins = origin_secret.deployments(stage)
    if len(origins) > 1:
        print("The origin secret changes: in two deployments, so that no request is refused meanwhile.")
    for origin in origins:
        _deploy_stack(stage, command(stage, alarm_email, mail_from, origin=origin, confirmed=confirmed))
    if stage.is_prod:
        protect_tables(stage)
    secrets.reencrypt(stage)
    outputs = stage.outputs()
    stripe_key = str(secrets.read(stage, "stripe/publishable-key"))
    hold_seconds = int(stage.parameters["HoldSeconds"])
    site = web.files(ROOT / "web/dist", ROOT / "docs", stripe_key, hold_seconds)
    web.upload(site, outputs["WebBucketName"], stage.client("s3"))
    return outputs["Url"]


def _deploy_stack(stage: Stage, sam: list[str]) -> None:
    """Raises CommandError."""
    before = _open_change_sets(stage)
    deployed = subprocess.run(sam, cwd=ROOT)
    if _open_change_sets(stage) - before:  # sam exits with 0 where its question is answered with no
        raise CommandError("The change set was not confirmed: neither the stack nor the web client changed.")
    if deployed.returncode:
        raise CommandError(failure(stage))


def protect_tables(stage: Stage) -> None:
    """Protect the services' tables against deletion.

    The templates don't: the rollback of a failed first deployment would fail to delete its tables.
    """
    dynamodb = stage.client("dynamodb")
    for table in (stage.outputs(each).get("TableName") for each in SERVICES):
        if table and not dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)


def _open_change_sets(stage: Stage) -> set[str]:
    """The stack's change sets that could still be executed."""
    pages = stage.client("cloudformation").get_paginator("list_change_sets").paginate(StackName=stage.stack)
    try:
        return set(pages.search("Summaries[?ExecutionStatus=='AVAILABLE'].ChangeSetId"))
    except ClientError as error:
        with suppress(NotDeployed):
            raise not_deployed(error, stage.stack) from error
        return set()


def failure(stage: Stage) -> str:
    """The state after a failed deployment, and what to do about it."""
    try:
        status = stage.status()
    except NotDeployed:
        return "Nothing was deployed: see sam's message above."
    if status in NEVER_CREATED:
        return (
            f"The first deployment failed. Before the next: make delete STAGE={stage.name} SURE={stage.stack}"
            f" and make secrets STAGE={stage.name}."
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        return (
            f"The deployment and its rollback failed: continue the rollback of {stage.stack}"
            " in CloudFormation's console."
        )
    return "The deployment failed and was rolled back."


def register_webhook(stage: Stage, site: str) -> str:
    """Register the stage's webhook with Stripe; what was done, or what is left to do by hand.

    It is registered again where the secret key changed to another account or mode (test, live), and where
    the stage's address or the SDK's API version changed.
    """
    url, stored = f"{site}/api/payments/webhook", secrets.read(stage, WEBHOOK_SECRET)
    try:
        if stored is not None and stripe.is_registered(stage, url, stored):
            return f"Stripe's webhook is registered: {url}"
        endpoint, secret = stripe.register_webhook(stage, url)
    except CommandError as error:
        if stored is not None:
            return f"{error}\nCheck in Stripe's dashboard (Developers, Webhooks) that {url} is registered."
        return (
            f"{error}\nRegister the webhook in Stripe's dashboard (Developers, Webhooks).\n"
            f"Its URL is {url}, its events are {', '.join(WEBHOOK_EVENTS)}.\n"
            f"Then store its signing secret: make secrets STAGE={stage.name}"
        )
    secrets.write(stage, WEBHOOK_SECRET, secret)
    with suppress(CommandError):  # without the tag it is registered again next time
        stripe.tag_endpoint(stage, endpoint, secret)
        if stored is not None:  # the endpoint of another address, if this was the stage's before
            for each in stripe.endpoints_signing_with(stage, stored):
                stripe.delete_endpoint(stage, each.id)
    return f"Registered Stripe's webhook {endpoint} for {', '.join(WEBHOOK_EVENTS)}: {url}"


def dns(stage: Stage, site: str) -> str | None:
    """What the domain's DNS has to say, where the site has a domain of its own."""
    target = stage.outputs().get("DistributionDomain", "")
    if target in site:
        return None
    domain = site.removeprefix("https://")
    return f"{domain} needs a DNS record: CNAME {target}, or an alias of it where no CNAME may be."


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser, local=False)
    diff.add_comparison(parser)
    parser.add_argument(
        "--yes", action="store_true", help="execute the change set without asking, as where it was approved"
    )
    parser.add_argument("--alarm-email", metavar="ADDRESS", help="where alarms are sent; kept until changed")
    parser.add_argument("--mail-from", metavar="ADDRESS", help="where mails come from; kept until changed")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    stage = stages.load(options.stage)
    preconditions.check(stage, options.alarm_email)
    base = options.base or deployed_commit(stage)
    diff.check(stage.name, base, allow_data_loss=options.allow_data_loss)
    build()
    site = deploy(stage, options.alarm_email, options.mail_from, confirmed=options.yes)
    diff.record(stage.name)
    if record := dns(stage, site):
        print(record)
    print(register_webhook(stage, site))
    if warning := mail.unsent(stage):
        print(warning)
    print(f"Tiketz is at {site}")
