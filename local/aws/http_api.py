"""An HTTP API's routes and authorizer, from the OpenAPI document that SAM makes of the template."""

import json
import re
from collections.abc import Mapping
from typing import Any

from local.aws.config import CannotStart
from local.aws.resources import Authorizer, Function, HttpApi, Route
from local.aws.template import Translated


def http_api(
    source: Translated, parameters: Mapping[str, str], functions: Mapping[str, Function]
) -> HttpApi | None:
    """The template's only HTTP API, if it has one. `functions`: by logical id.

    Raises CannotStart for an authorizer of another kind than the local gateway has.
    """
    documents = [each["Properties"]["Body"] for each in source.of("AWS::ApiGatewayV2::Api").values()]
    if not documents:
        return None
    [document] = documents
    routes = tuple(
        _route(method, path, operation, source, functions)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    )
    schemes = document.get("components", {}).get("securitySchemes", {})
    authorizers = [each["x-amazon-apigateway-authorizer"] for each in schemes.values()]
    authorizer = _authorizer(authorizers[0], source, parameters, functions) if authorizers else None
    return HttpApi(service=source.service, routes=routes, authorizer=authorizer)


def _route(
    method: str,
    path: str,
    operation: Mapping[str, Any],
    source: Translated,
    functions: Mapping[str, Function],
) -> Route:
    uri = json.dumps(operation["x-amazon-apigateway-integration"]["uri"])
    match = re.search(r"\$\{(\w+)(?:\.Arn)?\}", uri)
    assert match, f"{source.path}: {path} has no function"
    integrated = source.resources[match[1]]
    is_alias = integrated["Type"] == "AWS::Lambda::Alias"
    function = integrated["Properties"]["FunctionName"]["Ref"] if is_alias else match[1]
    return Route(
        method=method if path == "$default" else method.upper(),
        path=path,
        function=functions[function].name,
        authorized=any(scheme != "NONE" for each in operation.get("security", []) for scheme in each),
    )


def _authorizer(
    scheme: Mapping[str, Any],
    source: Translated,
    parameters: Mapping[str, str],
    functions: Mapping[str, Function],
) -> Authorizer:
    if not scheme.get("enableSimpleResponses") or scheme["authorizerPayloadFormatVersion"] != "2.0":
        raise CannotStart(
            f"{source.path}: the local gateway supports authorizers of format 2.0 with simple responses only."
        )
    uri = json.dumps(scheme["authorizerUri"])
    parameter = re.search(r'"Ref": "(\w+)"', uri)
    function = re.search(r'"Fn::GetAtt": \["(\w+)", "Arn"\]', uri)
    arn = parameters[parameter[1]] if parameter else functions[function[1]].arn if function else ""
    return Authorizer(
        arn=arn,
        headers=tuple(
            each.removeprefix("$request.header.").lower() for each in scheme.get("identitySource", [])
        ),
        cache_seconds=int(scheme.get("authorizerResultTtlInSeconds", 0)),
    )
