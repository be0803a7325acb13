"""The services as deployed: each template its own stack in moto, and what came of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.aws.config import CannotStart
from local.aws.template import Translated, translate
from local.aws.template_checks import check_queue_policies

UNITS = {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "day": 86400, "days": 86400}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function, ready to run."""

    name: str  # "orders/Api"
    arn: str
    physical: str
    handler: str
    path: tuple[Path, ...]  # its code, then its layers
    environment: Mapping[str, str]
    role: str
    timeout: int  # seconds
    memory: int  # MB
    template: Path


@dataclass(frozen=True, slots=True)
class Route:
    """One route of an HTTP API; `$default` is both its method and its path."""

    method: str
    path: str
    function: str
    authorized: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """Who is asked who is asking."""

    arn: str
    headers: tuple[str, ...]  # all must be there, or the gateway answers 401 by itself
    seconds: int  # for which an answer is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApi:
    """A service's HTTP API: its routes, and its authorizer if any route has one."""

    service: str
    routes: tuple[Route, ...]
    authorizer: Authorizer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """An event source mapping: a queue or a stream, and the function fed from it."""

    function: str
    source: str
    on_failure: str | None
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rule that invokes a function every so many seconds."""

    name: str
    function: str
    seconds: int


@dataclass(slots=True, kw_only=True)
class Service:
    """One deployed service."""

    name: str
    template: Path
    functions: dict[str, Function]  # by name
    api: HttpApi | None
    sources: list[EventSource]
    schedules: list[Schedule]
    tables: dict[str, str]  # logical id -> name
    outputs: dict[str, str]
    roles: dict[str, str]  # ARN -> logical id
    machines: dict[str, str]  # state machine's logical id -> its role's ARN
    definitions: dict[str, dict[str, Any]] = field(default_factory=dict)  # table's name -> its definition


def deploy(path: Path, parameters: Mapping[str, str], clients: Any) -> Service:
    """Create the service's stack. `clients` gives a boto3 client by name. Raises CannotStart."""
    source = translate(path, parameters)
    check_queue_policies(source)
    stack = f"tiketz-{source.service}"
    declared = source.stack["Parameters"]
    clients("cloudformation").create_stack(
        StackName=stack,
        TemplateBody=json.dumps(source.stack),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in parameters.items()
            if name in declared
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    described = clients("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    if described["StackStatus"] != "CREATE_COMPLETE":
        raise CannotStart(f"{path}: the stack ended {described['StackStatus']}.")
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    listed = clients("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    physical = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}
    functions = {
        name: _function(source, name, physical[name], clients) for name in source.of("AWS::Lambda::Function")
    }
    by_arn = {each.arn: each.name for each in functions.values()}
    for name, where in source.machines.items():
        _create_machine(name, where.read_text(), outputs, clients)
    tables = {name: physical[name] for name in source.of("AWS::DynamoDB::Table")}
    return Service(
        name=source.service,
        template=path,
        functions={each.name: each for each in functions.values()},
        api=http_api(source, parameters, functions),
        sources=[
            EventSource(
                function=by_arn[_qualified(outputs[f"World{name}Function"], by_arn)],
                source=outputs[f"World{name}Source"],
                on_failure=outputs.get(f"World{name}OnFailure"),
                properties=resource["Properties"],
            )
            for name, resource in source.of("AWS::Lambda::EventSourceMapping").items()
        ],
        schedules=[
            Schedule(
                name=name,
                function=by_arn[outputs[f"World{name}Function"]],
                seconds=_every(resource["Properties"]["ScheduleExpression"], path),
            )
            for name, resource in source.of("AWS::Events::Rule").items()
            if "ScheduleExpression" in resource["Properties"]
        ],
        tables=tables,
        outputs={name: value for name, value in outputs.items() if not name.startswith("World")},
        roles={_role_arn(physical[name], clients): name for name in source.of("AWS::IAM::Role")},
        machines={name: outputs[f"World{name}Role"] for name in source.machines},
        definitions={
            tables[name]: each["Properties"] for name, each in source.of("AWS::DynamoDB::Table").items()
        },
    )


def _function(source: Translated, name: str, physical: str, clients: Any) -> Function:
    configured = clients("lambda").get_function_configuration(FunctionName=physical)
    layers = [each["Ref"] for each in source.resources[name]["Properties"].get("Layers", [])]
    return Function(
        name=f"{source.service}/{name}",
        arn=configured["FunctionArn"],
        physical=physical,
        handler=configured["Handler"],
        path=(source.code[name], *(source.layers[each] for each in layers)),
        environment=_logging(source.resources[name]["Properties"].get("LoggingConfig", {}))
        | {key: str(value) for key, value in configured.get("Environment", {}).get("Variables", {}).items()},
        role=configured["Role"],
        timeout=int(configured["Timeout"]),
        memory=int(configured["MemorySize"]),
        template=source.path,
    )


def _logging(config: Mapping[str, Any]) -> dict[str, str]:
    """How Lambda tells the runtime what LoggingConfig says."""
    if config.get("LogFormat") != "JSON":
        return {}
    return {
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": config.get("ApplicationLogLevel", "INFO"),
    }


def _qualified(target: str, arns: Mapping[str, str]) -> str:
    """A mapping names its function by ARN or by physical name."""
    return next(arn for arn in arns if arn == target or arn.endswith(f":function:{target}"))


def _role_arn(name: str, clients: Any) -> str:
    return str(clients("iam").get_role(RoleName=name)["Role"]["Arn"])


def _create_machine(name: str, definition: str, outputs: Mapping[str, str], clients: Any) -> None:
    """Again through the API: CloudFormation's lands where moto never executes it. Same name, same ARN."""
    prefix = f"World{name}Given"
    for key, value in outputs.items():
        if key.startswith(prefix):
            definition = definition.replace(f"${{{key.removeprefix(prefix)}}}", value)
    clients("stepfunctions").create_state_machine(
        name=outputs[f"World{name}Machine"].rsplit(":", 1)[-1],
        definition=definition,
        roleArn=outputs[f"World{name}Role"],
    )


def _every(expression: str, path: Path) -> int:
    rate = re.fullmatch(r"rate\((\d+) (\w+)\)", expression)
    if rate is None:
        raise CannotStart(f"{path}: the local world ticks rate(…) schedules only, not {expression}.")
    return int(rate[1]) * UNITS[rate[2]]


def http_api(
    source: Translated, parameters: Mapping[str, str], functions: Mapping[str, Function]
) -> HttpApi | None:
    """Routes and authorizer, from the OpenAPI document that SAM makes of the template."""
    bodies = [each["Properties"]["Body"] for each in source.of("AWS::ApiGatewayV2::Api").values()]
    if not bodies:
        return None
    [body] = bodies
    routes = []
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            uri = json.dumps(operation["x-amazon-apigateway-integration"]["uri"])
            named = re.search(r"\$\{(\w+)(?:\.Arn)?\}", uri)
            assert named, f"{source.path}: {path} has no function"
            integrated = source.resources[named[1]]
            alias = integrated["Type"] == "AWS::Lambda::Alias"
            function = integrated["Properties"]["FunctionName"]["Ref"] if alias else named[1]
            routes.append(
                Route(
                    method=method if path == "$default" else method.upper(),
                    path=path,
                    function=functions[function].name,
                    authorized=any(
                        scheme != "NONE" for each in operation.get("security", []) for scheme in each
                    ),
                )
            )
    schemes = body.get("components", {}).get("securitySchemes", {})
    used = [each["x-amazon-apigateway-authorizer"] for each in schemes.values()]
    authorizer = _authorizer(used[0], source, parameters, functions) if used else None
    return HttpApi(service=source.service, routes=tuple(routes), authorizer=authorizer)


def _authorizer(
    scheme: dict[str, Any],
    source: Translated,
    parameters: Mapping[str, str],
    functions: Mapping[str, Function],
) -> Authorizer:
    if not scheme.get("enableSimpleResponses") or scheme["authorizerPayloadFormatVersion"] != "2.0":
        raise CannotStart(
            f"{source.path}: the local world plays authorizers of format 2.0 with simple responses."
        )
    uri = json.dumps(scheme["authorizerUri"])
    parameter = re.search(r'"Ref": "(\w+)"', uri)
    own = re.search(r'"Fn::GetAtt": \["(\w+)", "Arn"\]', uri)
    arn = parameters[parameter[1]] if parameter else functions[own[1]].arn if own else ""
    return Authorizer(
        arn=arn,
        headers=tuple(
            each.removeprefix("$request.header.").lower() for each in scheme.get("identitySource", [])
        ),
        seconds=int(scheme.get("authorizerResultTtlInSeconds", 0)),
    )
