"""Deploys a template as a stack of its own in moto, and collects what came of it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from local.aws.config import CannotStart
from local.aws.http_api import http_api
from local.aws.resources import EventSource, Function, Schedule, Service
from local.aws.template import LOOKUP, Translated, translate
from local.aws.template_checks import check_queue_policies

UNITS = {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "day": 86400, "days": 86400}

Clients = Callable[[str], Any]
"""Gives a boto3 client by a service's name."""


def deploy(path: Path, parameters: Mapping[str, str], clients: Clients, prefix: str) -> Service:
    """Create the template's stack, `{prefix}-{folder}`, and its state machines. Raises CannotStart."""
    source = translate(path, parameters, prefix=prefix)
    check_queue_policies(source)
    outputs, physical = _create_stack(source, parameters, clients, f"{prefix}-{source.service}")
    functions = {
        name: _function(source, name, physical[name], clients) for name in source.of("AWS::Lambda::Function")
    }
    for name, definition in source.state_machines.items():
        _create_state_machine(name, definition.read_text(), outputs, clients)
    tables = source.of("AWS::DynamoDB::Table")
    return Service(
        name=source.service,
        template=path,
        functions={each.name: each for each in functions.values()},
        api=http_api(source, parameters, functions),
        sources=tuple(_event_sources(source, outputs, functions)),
        schedules=tuple(_schedules(source, outputs, functions)),
        tables={name: physical[name] for name in tables},
        table_definitions={physical[name]: each["Properties"] for name, each in tables.items()},
        outputs={name: value for name, value in outputs.items() if not name.startswith(LOOKUP)},
        roles={_role_arn(physical[name], clients): name for name in source.of("AWS::IAM::Role")},
        state_machines={name: outputs[f"{LOOKUP}{name}Role"] for name in source.state_machines},
    )


def _create_stack(
    source: Translated, parameters: Mapping[str, str], clients: Clients, name: str
) -> tuple[dict[str, str], dict[str, str]]:
    """The stack's outputs, and the physical ids of its resources by logical id."""
    cloudformation = clients("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(source.stack),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in parameters.items()
            if key in source.stack["Parameters"]
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    [stack] = cloudformation.describe_stacks(StackName=name)["Stacks"]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise CannotStart(f"{source.path}: the stack's status is {stack['StackStatus']}.")
    resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    return (
        {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
        {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
    )


def _function(source: Translated, name: str, physical: str, clients: Clients) -> Function:
    configured = clients("lambda").get_function_configuration(FunctionName=physical)
    properties = source.resources[name]["Properties"]
    variables = configured.get("Environment", {}).get("Variables", {})
    return Function(
        name=f"{source.service}/{name}",
        arn=configured["FunctionArn"],
        physical=physical,
        handler=configured["Handler"],
        path=(source.code[name], *(source.layers[each["Ref"]] for each in properties.get("Layers", []))),
        environment=_logging(properties.get("LoggingConfig", {}))
        | {key: str(value) for key, value in variables.items()},
        role=configured["Role"],
        timeout=int(configured["Timeout"]),
        memory=int(configured["MemorySize"]),
        template=source.path,
    )


def _logging(config: Mapping[str, Any]) -> dict[str, str]:
    """LoggingConfig as the environment variables that Lambda's runtime reads."""
    if config.get("LogFormat") != "JSON":
        return {}
    return {
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": config.get("ApplicationLogLevel", "INFO"),
    }


def _event_sources(
    source: Translated, outputs: Mapping[str, str], functions: Mapping[str, Function]
) -> Iterator[EventSource]:
    for name, resource in source.of("AWS::Lambda::EventSourceMapping").items():
        yield EventSource(
            function=_function_name(outputs[f"{LOOKUP}{name}Function"], functions),
            arn=outputs[f"{LOOKUP}{name}Source"],
            on_failure=outputs.get(f"{LOOKUP}{name}OnFailure"),
            properties=resource["Properties"],
        )


def _schedules(
    source: Translated, outputs: Mapping[str, str], functions: Mapping[str, Function]
) -> Iterator[Schedule]:
    for name, resource in source.of("AWS::Events::Rule").items():
        expression = resource["Properties"].get("ScheduleExpression")
        if expression:
            yield Schedule(
                name=name,
                function=_function_name(outputs[f"{LOOKUP}{name}Function"], functions),
                seconds=_seconds(expression, source.path),
            )


def _function_name(target: str, functions: Mapping[str, Function]) -> str:
    """The name of a function that is given by its ARN or its physical name."""
    return next(each.name for each in functions.values() if target in (each.arn, each.physical))


def _role_arn(name: str, clients: Clients) -> str:
    return str(clients("iam").get_role(RoleName=name)["Role"]["Arn"])


def _create_state_machine(name: str, definition: str, outputs: Mapping[str, str], clients: Clients) -> None:
    """Create it through the API: moto doesn't execute one that CloudFormation made. Same name, same ARN."""
    prefix = f"{LOOKUP}{name}Substitution"
    for key, value in outputs.items():
        if key.startswith(prefix):
            definition = definition.replace(f"${{{key.removeprefix(prefix)}}}", value)
    clients("stepfunctions").create_state_machine(
        name=outputs[f"{LOOKUP}{name}Machine"].rsplit(":", 1)[-1],
        definition=definition,
        roleArn=outputs[f"{LOOKUP}{name}Role"],
    )


def _seconds(expression: str, path: Path) -> int:
    rate = re.fullmatch(r"rate\((\d+) (\w+)\)", expression)
    if rate is None:
        raise CannotStart(f"{path}: only rate(…) schedules are supported locally, not {expression}.")
    return int(rate[1]) * UNITS[rate[2]]
