"""`make deploy` up to its change set, for every stage: sam packs and sends all of it, to moto in AWS's place.

What was built is packed, if anything was; else the code as it lies there.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

from local.aws.moto_server import ROOT_ACCESS_KEY, MotoServer
from operate import deploy, secrets
from operate.stages import ROOT, CannotDo, Stage, deployable, run, stage

# As somebody who has not made the webhook yet.
GIVEN = {"secret key": "sk_test_1", "publishable": "pk_test_1"}
NAMED = re.compile(r"\b[0-9a-f]{32}(?:\.template)?\b")  # sam calls a file by what is in it


def rehearse(place: Stage) -> str:
    """What would be deployed. Raises CannotDo with sam's own words where it would not come so far."""
    secrets.make_missing(
        place, lambda asked: next((key for words, key in GIVEN.items() if words in asked), "")
    )
    ran = subprocess.run(
        [*deploy.command(place), "--no-execute-changeset"],
        cwd=ROOT,
        env=os.environ
        | {"AWS_ENDPOINT_URL": place.endpoints[""], "AWS_DEFAULT_REGION": place.region}
        | {"AWS_ACCESS_KEY_ID": ROOT_ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": "local"},
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise CannotDo(f"sam would not deploy {place.name}:\n{ran.stdout}{ran.stderr}")
    packed = _packed(place)
    templates = {key: text for key, text in packed.items() if key.endswith(".template")}
    named = {key for text in templates.values() for key in NAMED.findall(text)}
    astray = sorted(named ^ packed.keys())
    if len(astray) != 1:  # nobody names the root
        raise CannotDo(f"{place.name}: what was sent and what templates name differ by {', '.join(astray)}.")
    return (
        f"{place.stack}: {len(packed)} files packed, {len(templates)} of them templates; a change set is made"
    )


def _packed(place: Stage) -> dict[str, str]:
    """What sam sent, by its key."""
    s3 = place.client("s3")
    [bucket] = s3.list_buckets()["Buckets"]
    found = s3.list_objects_v2(Bucket=bucket["Name"])["Contents"]
    bodies = {
        each["Key"]: s3.get_object(Bucket=bucket["Name"], Key=each["Key"])["Body"].read() for each in found
    }
    return {key: body.decode(errors="replace") for key, body in bodies.items()}


def _have_bucket(cloudformation: Any) -> None:
    """The stack that sam makes for its files, which moto makes without the outputs that sam looks for."""
    template = {
        "Resources": {"Files": {"Type": "AWS::S3::Bucket"}},
        "Outputs": {"SourceBucket": {"Value": {"Ref": "Files"}}},
    }
    cloudformation.create_stack(
        StackName="aws-sam-cli-managed-default",
        TemplateBody=json.dumps(template),
        Tags=[{"Key": "ManagedStackSource", "Value": "AwsSamCli"}],
    )


def main() -> None:
    """Raises CannotDo."""
    cloud = MotoServer()
    here = cloud.url.replace("127.0.0.1", "localhost")  # where moto knows a bucket by its path
    _have_bucket(cloud.client("cloudformation"))
    for name in deployable():
        print(rehearse(replace(stage(name), endpoints={"": here})))
    cloud.close()


if __name__ == "__main__":
    sys.exit(run(main))
