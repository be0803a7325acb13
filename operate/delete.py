"""`make delete STAGE=dev SURE=tiketz-dev`: a stage is gone, with everything that was in it.

A prod stage is not deleted by a command: its tables are protected, and stay when its stack goes. What is left
of it then, and of a first deployment that failed, is.
"""

import sys
from contextlib import suppress

from operate import secrets, stripe
from operate.stages import LOCAL, NEVER_STOOD, CannotDo, NotDeployed, Stage, run, stage


def delete(place: Stage) -> list[str]:
    """Stripe's webhook, the files, the stack, the secrets; what is left to do by hand.

    A repeat goes on where it stopped.
    """
    left = []
    with suppress(NotDeployed):
        outputs = place.outputs()  # none where the first deployment failed
        if "Url" in outputs and secrets.read(place, "stripe/secret-key") is not None:
            address = f"{outputs['Url']}/api/payments/webhook"
            try:
                for each in stripe.endpoints(place, address):
                    stripe.forget(place, each["id"])
            except CannotDo as refusal:
                left.append(f"{refusal}\nDelete the webhook that tells {address} in Stripe's dashboard.")
        if "WebBucketName" in outputs:
            empty(place, outputs["WebBucketName"])
        cloudformation = place.client("cloudformation")
        cloudformation.delete_stack(StackName=place.stack)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=place.stack)
    for kind in secrets.KINDS:
        secrets.forget(place, kind)
    return left


def stands(place: Stage) -> bool:
    """Whether there is a stack that was ever deployed whole."""
    try:
        return place.status() not in NEVER_STOOD
    except NotDeployed:
        return False


def empty(place: Stage, bucket: str) -> None:
    """Delete every version of every file: CloudFormation deletes no bucket that holds one."""
    s3 = place.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})


def main(arguments: list[str]) -> None:
    """Raises CannotDo."""
    place = stage(arguments[0] if arguments else "")
    if place.name == LOCAL:
        raise CannotDo("The local world forgets everything with FRESH=1 make dev.")
    prod = place.parameters["Stage"] == "prod"
    if prod and stands(place):
        raise CannotDo(f"{place.name} keeps its data: docs/runbook.md tells how it is taken down.")
    if arguments[1:] != [place.stack]:
        raise CannotDo(
            f"All of it would be gone. If it may: make delete STAGE={place.name} SURE={place.stack}"
        )
    print(f"Deleting {place.stack}; CloudFront takes about a quarter of an hour.")
    left = delete(place)
    if prod:
        left.append("Tables and the bucket, where it had made them, stay: delete them in AWS's console.")
    print("\n".join([*left, f"{place.stack} is deleted."]))


if __name__ == "__main__":
    sys.exit(run(lambda: main(sys.argv[1:])))
