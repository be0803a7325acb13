"""Stages, where Tiketz runs: those of samconfig.toml on AWS, and `local`, the world of `make dev`."""

import json
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import settings
from local.aws.config import REGION, CannotStart
from local.aws.moto_server import ROOT_ACCESS_KEY

ROOT = Path(__file__).parents[1]
LOCAL = "local"
NEVER_STOOD = ("REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE")
SERVICES = tuple(sorted(each.parent.name for each in ROOT.glob("functions/*/template.yaml")))


class CannotDo(Exception):
    """Why a command cannot do its work, as one sentence that says what to do."""


class NotDeployed(CannotDo):
    """There is no such stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One place where Tiketz runs, and how to reach it."""

    name: str
    stack: str
    region: str
    parameters: Mapping[str, str]  # what its stack is given
    endpoints: Mapping[str, str] = field(default_factory=dict)  # a service's own, or under "" everybody's

    def client(self, service: str) -> Any:
        """A boto3 client, with the rights of whoever runs the command."""
        if not self.endpoints:
            return boto3.client(service, region_name=self.region)
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoints.get(service) or self.endpoints[""],
            aws_access_key_id=ROOT_ACCESS_KEY,
            aws_secret_access_key="local",
        )

    def secret_name(self, kind: str) -> str:
        """The SSM parameter of a secret such as `stripe/secret-key`."""
        return f"/tiketz/{kind}" if self.name == LOCAL else f"/tiketz/{self.name}/{kind}"

    def status(self) -> str:
        """What CloudFormation says of the stack. Raises NotDeployed."""
        try:
            [found] = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        except ClientError as error:
            raise absent(error, self.stack) from error
        return str(found["StackStatus"])

    def outputs(self, service: str | None = None) -> dict[str, str]:
        """What the stack tells of itself, or a service's nested one. Raises CannotDo."""
        stack = self.nested(service) if service else self.stack
        try:
            [found] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            raise absent(error, stack) from error
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def nested(self, service: str) -> str:
        """A service's own stack. Raises CannotDo."""
        if service not in SERVICES:
            raise CannotDo(f"There is no service {service!r}; say SERVICE= one of {', '.join(SERVICES)}.")
        if self.name == LOCAL:
            return f"tiketz-{service}"
        try:
            found = self.client("cloudformation").describe_stack_resource(
                StackName=self.stack, LogicalResourceId=service.capitalize()
            )
        except ClientError as error:
            raise absent(error, self.stack) from error
        return str(found["StackResourceDetail"]["PhysicalResourceId"])


def stage(name: str) -> Stage:
    """The stage of this name. Raises CannotDo."""
    if name == LOCAL:
        return _local()
    known = deployable()
    if name not in known:
        raise CannotDo(f"There is no stage {name!r}; say STAGE= one of {', '.join([*known, LOCAL])}.")
    given = known[name]
    return Stage(
        name=name,
        stack=given["stack_name"],
        region=given["region"],
        parameters=dict(each.split("=", 1) for each in given["parameter_overrides"]),
    )


def deployable() -> dict[str, Any]:
    """How samconfig.toml has each stage deployed, by its name."""
    told = tomllib.loads((ROOT / "samconfig.toml").read_text())
    return {
        name: commands["deploy"]["parameters"]
        for name, commands in told.items()
        if isinstance(commands, dict) and "deploy" in commands
    }


def _local() -> Stage:
    try:
        data = settings.from_environment(os.environ).data
        about = json.loads((data / settings.READY_FILE).read_text())
    except (CannotStart, OSError) as error:
        raise CannotDo("No local world is running: start one with 'make dev'.") from error
    endpoints = {"": about["aws"]}
    if about["dynamodb"]:
        endpoints["dynamodb"] = about["dynamodb"]
    return Stage(
        name=LOCAL,
        stack="tiketz",
        region=REGION,
        parameters={"StripeApiBase": f"{about['url']}/_local/stripe"},
        endpoints=endpoints,
    )


def absent(error: ClientError, stack: str) -> CannotDo:
    """What CloudFormation means by a ValidationError. Raises any other error again."""
    if "does not exist" not in str(error):
        raise error
    return NotDeployed(f"{stack} is not deployed.")


def moment(text: str) -> datetime:
    """A time as people type it; UTC unless it says otherwise. Raises CannotDo."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotDo(f"{text!r} is no time; say it like 2026-12-01T18:00:00Z.") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def run(command: Callable[[], None]) -> int:
    """Run a command; what it cannot do is said in one sentence, with exit code 1."""
    try:
        command()
    except CannotDo as error:
        print(error, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS did not do it. {error}", file=sys.stderr)
        return 1
    return 0
