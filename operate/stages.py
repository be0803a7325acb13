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

from local import settings
from local.aws import ROOT_KEY
from local.settings import REGION, CannotStart

ROOT = Path(__file__).parents[1]
LOCAL = "local"


class CannotDo(Exception):
    """Why a command cannot do its work, as one sentence that says what to do."""


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
            aws_access_key_id=ROOT_KEY,
            aws_secret_access_key="local",
        )

    def secret_name(self, kind: str) -> str:
        """The SSM parameter of a secret such as `stripe/secret-key`."""
        return f"/tiketz/{kind}" if self.name == LOCAL else f"/tiketz/{self.name}/{kind}"

    def outputs(self, service: str | None = None) -> dict[str, str]:
        """What the stack tells of itself, or a service's nested one."""
        stack = self._nested(service) if service else self.stack
        [found] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def _nested(self, service: str) -> str:
        if self.name == LOCAL:
            return f"tiketz-{service}"
        found = self.client("cloudformation").describe_stack_resource(
            StackName=self.stack, LogicalResourceId=service.capitalize()
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])


def stage(name: str) -> Stage:
    """The stage of this name. Raises CannotDo."""
    if name == LOCAL:
        return _local()
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text())
    known = [each for each, commands in stages.items() if isinstance(commands, dict) and "deploy" in commands]
    if name not in known:
        raise CannotDo(f"There is no stage {name!r}; say STAGE= one of {', '.join([*known, LOCAL])}.")
    given = stages[name]["deploy"]["parameters"]
    return Stage(
        name=name,
        stack=given["stack_name"],
        region=given["region"],
        parameters=dict(each.split("=", 1) for each in given["parameter_overrides"]),
    )


def _local() -> Stage:
    try:
        data = settings.from_environment(os.environ).data
        about = json.loads((data / settings.READY).read_text())
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


def moment(text: str) -> datetime:
    """A time as people type it; UTC unless it says otherwise. Raises ValueError."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def run(command: Callable[[], None]) -> int:
    """Run a command; what it cannot do is said in one sentence, with exit code 1."""
    try:
        command()
    except CannotDo as error:
        print(error, file=sys.stderr)
        return 1
    return 0
