"""Runs `sam deploy` for every stage up to its change set, with moto in place of AWS, and checks the package.

What was built is packaged; where nothing was, the source.
"""

import json
import os
import re
import subprocess
import sys
from typing import Any

from local.aws.config import ROOT_ACCESS_KEY
from local.aws.moto_server import MotoServer
from operate import deploy, secrets, stages
from operate.command import CommandError, Parser
from operate.stages import ROOT, Stage

STRIPE_KEYS = {"secret key": "sk_test_1", "publishable": "pk_test_1"}  # the webhook comes later
FILE_NAME = re.compile(r"\b[0-9a-f]{32}(?:\.template)?\b")  # sam names a file by its hash


def check(stage: Stage) -> str:
    """What would be deployed. Raises CommandError with sam's own words where it fails."""
    secrets.create_missing(
        stage, lambda question: next((key for words, key in STRIPE_KEYS.items() if words in question), "")
    )
    ran = subprocess.run(
        [*deploy.command(stage, origin={}), "--no-execute-changeset"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise CommandError(f"sam failed to package {stage.name}:\n{ran.stdout}{ran.stderr}")
    files = _uploaded(stage)
    templates = {key: text for key, text in files.items() if key.endswith(".template")}
    referred = {key for text in templates.values() for key in FILE_NAME.findall(text)}
    unmatched = sorted(referred ^ files.keys())
    if len(unmatched) != 1:  # the root template, to which no other refers
        raise CommandError(f"{stage.name}: uploaded files and references differ by {', '.join(unmatched)}.")
    return (
        f"{stage.stack}: {len(files)} files packaged, {len(templates)} of them templates; change set created"
    )


def _uploaded(stage: Stage) -> dict[str, str]:
    """The content of sam's bucket, by key."""
    s3 = stage.client("s3")
    [bucket] = s3.list_buckets()["Buckets"]
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket["Name"])["Contents"]]
    bodies = {key: s3.get_object(Bucket=bucket["Name"], Key=key)["Body"].read() for key in keys}
    return {key: body.decode(errors="replace") for key, body in bodies.items()}


def _create_bucket(cloudformation: Any) -> None:
    """The stack that sam creates for its files; moto would create it without the outputs that sam reads."""
    template = {
        "Resources": {"Files": {"Type": "AWS::S3::Bucket"}},
        "Outputs": {"SourceBucket": {"Value": {"Ref": "Files"}}},
    }
    cloudformation.create_stack(
        StackName="aws-sam-cli-managed-default",
        TemplateBody=json.dumps(template),
        Tags=[{"Key": "ManagedStackSource", "Value": "AwsSamCli"}],
    )


def main() -> int:
    """Exit code 1, with what is wrong, where a stage can't be packaged."""
    Parser(prog="python -m tools.packaging_check", description=__doc__).parse_args()
    moto = MotoServer()
    os.environ |= {
        "AWS_ENDPOINT_URL": moto.url.replace("127.0.0.1", "localhost"),  # where moto takes buckets by path
        "AWS_ACCESS_KEY_ID": ROOT_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    _create_bucket(moto.client("cloudformation"))
    try:
        for name in stages.deploy_settings():
            print(check(stages.load(name)))
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        moto.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
