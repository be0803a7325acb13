"""Delete a stage and all its data.

Stripe's webhook, the web client's files, the stack and the secrets. A repeat continues where it stopped.
Of a prod stage, whose tables are protected, only what its deleted stack or a failed first deployment left.
"""

import argparse
from contextlib import suppress

import boto3

from operate import secrets, secrets_key, stages, stripe
from operate.command import CommandError, UsageError
from operate.stages import NEVER_CREATED, NotDeployed, Stage


def delete(stage: Stage) -> list[str]:
    """Delete everything; what is left to do by hand."""
    manual = []
    with suppress(NotDeployed):
        outputs = stage.outputs()  # none where the first deployment failed
        if "Url" in outputs and secrets.read(stage, "stripe/secret-key") is not None:
            url = f"{outputs['Url']}/api/payments/webhook"
            try:
                for each in stripe.endpoints(stage, url):
                    stripe.delete_endpoint(stage, each.id)
            except CommandError as error:
                manual.append(f"{error}\nDelete the webhook of {url} in Stripe's dashboard.")
        if "WebBucketName" in outputs:  # CloudFormation deletes only empty buckets
            s3 = boto3.resource("s3", region_name=stage.region)
            s3.Bucket(outputs["WebBucketName"]).object_versions.delete()
        cloudformation = stage.client("cloudformation")
        cloudformation.delete_stack(StackName=stage.stack)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=stage.stack)
    for kind in (*secrets.KINDS, secrets.VERIFICATION_KEYS):
        secrets.delete(stage, kind)
    secrets_key.delete(stage)
    return manual


def remaining(stage: Stage) -> list[str]:
    """The tables and buckets that the stack created and did not delete."""
    tables = stage.client("dynamodb").get_paginator("list_tables").paginate().search("TableNames")
    buckets = stage.client("s3").list_buckets()["Buckets"]
    prefix = f"{stage.stack}-"  # CloudFormation's names begin with their root stack's
    return [
        *(f"table {each}" for each in tables if each.startswith(prefix)),
        *(f"bucket {each['Name']}" for each in buckets if each["Name"].startswith(prefix)),
    ]


def is_deployed(stage: Stage) -> bool:
    """Whether there is a stack whose first deployment succeeded."""
    try:
        return stage.status() not in NEVER_CREATED
    except NotDeployed:
        return False


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser, local=False)
    parser.add_argument("--sure", metavar="STACK", help="the name of the stage's stack, as confirmation")


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    stage = stages.load(options.stage)
    if stage.is_prod and is_deployed(stage):
        raise CommandError(f"{stage.name} keeps its data: docs/runbook.md says how to take it down.")
    if options.sure != stage.stack:
        raise UsageError(
            f"This deletes all data of {stage.name}: confirm with SURE={stage.stack} (--sure {stage.stack})."
        )
    print(f"Deleting {stage.stack}; CloudFront takes about 15 minutes.")
    manual = delete(stage)
    if stage.is_prod:
        manual += [f"The {each} remains: delete it in AWS's console." for each in remaining(stage)]
    print("\n".join([*manual, f"{stage.stack} is deleted."]))
