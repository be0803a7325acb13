"""Stages: those of samconfig.toml, deployed on AWS, and `local`, the running local environment."""

import argparse
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from operate.command import CommandError

ROOT = Path(__file__).parents[1]
LOCAL = "local"
NEVER_CREATED = ("REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE")
SERVICES = tuple(sorted(each.parent.name for each in ROOT.glob("functions/*/template.yaml")))


class NotDeployed(CommandError):
    """The stack does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage on AWS."""

    name: str
    stack: str
    region: str
    parameters: Mapping[str, str]  # of its stack

    @property
    def is_prod(self) -> bool:
        """Whether it keeps its data and shifts traffic gradually."""
        return self.parameters.get("Stage") == "prod"

    @property
    def has_own_key(self) -> bool:
        """Whether its secrets are encrypted with a KMS key of their own."""
        return self.parameters.get("Stage") in ("check", "prod")

    @property
    def is_throw_away(self) -> bool:
        """Whether it exists to be tried and deleted."""
        return self.parameters.get("Stage") == "check"

    def client(self, service: str) -> Any:
        """A boto3 client with the caller's own credentials."""
        return boto3.client(service, region_name=self.region)

    def secret_name(self, kind: str) -> str:
        """The SSM parameter of a secret such as `stripe/secret-key`."""
        return f"/tiketz/{self.name}/{kind}"

    def status(self) -> str:
        """The stack's status, such as UPDATE_COMPLETE. Raises NotDeployed."""
        return str(self._describe(self.stack)["StackStatus"])

    def outputs(self, service: str | None = None) -> dict[str, str]:
        """The outputs of the stack, or of a service's nested one. Raises NotDeployed."""
        described = self._describe(self.nested(service) if service else self.stack)
        return {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}

    def deployed_parameters(self) -> dict[str, str]:
        """The stack's parameters, which stay where a deployment doesn't give them; none before the first."""
        try:
            described = self._describe(self.stack)
        except NotDeployed:
            return {}
        return {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}

    def nested(self, service: str) -> str:
        """A service's own stack. Raises NotDeployed."""
        try:
            described = self.client("cloudformation").describe_stack_resource(
                StackName=self.stack, LogicalResourceId=service.capitalize()
            )
        except ClientError as error:
            raise not_deployed(error, self.stack) from error
        return str(described["StackResourceDetail"]["PhysicalResourceId"])

    def resource(self, service: str, name: str) -> str:
        """The physical id of a resource of a service, by its logical id. Raises NotDeployed."""
        described = self.client("cloudformation").describe_stack_resource(
            StackName=self.nested(service), LogicalResourceId=name
        )
        return str(described["StackResourceDetail"]["PhysicalResourceId"])

    def resources(self, service: str, kind: str) -> list[str]:
        """The physical ids of a service's resources of a type. Raises NotDeployed."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        listed = pages.paginate(StackName=self.nested(service)).search("StackResourceSummaries[]")
        return [each["PhysicalResourceId"] for each in listed if each["ResourceType"] == kind]

    def event_bus(self) -> str:
        """The name of the event bus. Raises NotDeployed."""
        return self.outputs()["EventBusName"]

    def _describe(self, stack: str) -> dict[str, Any]:
        try:
            [described] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            raise not_deployed(error, stack) from error
        return dict(described)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalStage(Stage):
    """The local environment that `make dev` runs, as it describes itself in its data folder's ready.json."""

    data: Path
    ready: Mapping[str, Any]

    def client(self, service: str) -> Any:
        """A boto3 client that is denied nothing."""
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=(service == "dynamodb" and self.ready["dynamodb"]) or self.ready["aws"],
            aws_access_key_id=self.ready["access_key"],
            aws_secret_access_key="local",
        )

    def secret_name(self, kind: str) -> str:
        """As the templates' parameters have it by default."""
        return f"/tiketz/{kind}"

    def nested(self, service: str) -> str:
        """Services are deployed as stacks of their own."""
        return f"tiketz-{service}"

    def event_bus(self) -> str:
        """The bus that all services share."""
        return str(self.ready["bus"])


def add_stage(parser: argparse.ArgumentParser, *, local: bool = True) -> None:
    """Add the required option --stage; `local` where the command works on a local environment too."""
    names = [*deploy_settings(), *([LOCAL] if local else [])]
    parser.add_argument("--stage", required=True, choices=names, help="the stage to work on")


def add_service(parser: argparse.ArgumentParser) -> None:
    """Add the required option --service."""
    parser.add_argument("--service", required=True, choices=SERVICES)


def load(name: str) -> Stage:
    """The stage of this name. Raises CommandError where no local environment is running."""
    if name == LOCAL:
        return _running_environment()
    settings = deploy_settings()[name]
    return Stage(
        name=name,
        stack=settings["stack_name"],
        region=settings["region"],
        parameters=dict(each.split("=", 1) for each in settings["parameter_overrides"]),
    )


def deploy_settings() -> dict[str, Any]:
    """The parameters of `sam deploy` in samconfig.toml, by stage."""
    environments = tomllib.loads((ROOT / "samconfig.toml").read_text())
    return {
        name: commands["deploy"]["parameters"]
        for name, commands in environments.items()
        if isinstance(commands, dict) and "deploy" in commands
    }


def not_deployed(error: ClientError, stack: str) -> NotDeployed:
    """The meaning of CloudFormation's ValidationError for an unknown stack. Raises any other error again."""
    if "does not exist" not in str(error):
        raise error
    return NotDeployed(f"{stack} is not deployed.")


def _running_environment() -> LocalStage:
    data = Path(os.environ.get("DATA") or ROOT / ".tiketz/data")
    try:
        ready = json.loads((data / "ready.json").read_text())
    except OSError as error:
        raise CommandError("No local environment is running: start one with make dev.") from error
    return LocalStage(
        name=LOCAL,
        stack="tiketz",
        region=ready["region"],
        parameters={"StripeApiBase": f"{ready['url']}/_local/stripe"},
        data=data,
        ready=ready,
    )
