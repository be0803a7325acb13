"""Generates docs/openapi.json, docs/events/*.json and docs/limits.json from the code.

python -m tools.openapi [--check]
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from aws_lambda_powertools.event_handler import Depends
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from tiketz_common import aws
from tiketz_common.http import Api, Route, current_user

from operate.command import Parser
from tools.limits import limits
from tools.openapi_parts import (
    ANY_ROUTE,
    CONTACT,
    DOCUMENT_ROUTE,
    ERROR_DESCRIPTIONS,
    GATEWAY_ERROR,
    PROBLEM,
    TAGS,
)

ROOT = Path(__file__).parents[1]
API_MODULES = ("auth.api", "tickets.api", "orders.api", "payments.api", "payments.webhook")
EVENT_IDS = "https://tiketz.example/events/"  # names the schemas; nothing is served there
EVENTS = ("auth", "tickets", "orders", "payments", "expiration", "notifications", "delivery")
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "DIRECTORY_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:docs",
    "EVENT_BUS_NAME": "bus",
    "FILE_DELIVERY": "on",
    "HOLD_SECONDS": "900",
    "INBOX_DEAD_URL": "inbox-dead",
    "MAX_DECLINED_CARDS": "5",
    "MAX_UNPAID_UNITS": "20",
    "REPEAT_HOLD_SECONDS": "120",
    "INBOX_URL": "inbox",
    "LINK_KEYS_PARAMETER": "link-keys",
    "MAIL_FROM": "docs@example.com",
    "MAILS_PER_NETWORK": "30",
    "MIN_PRICE_EUR": "50",
    "MIN_PRICE_GBP": "50",
    "MIN_PRICE_USD": "50",
    "MAX_MARKUP_PERCENT": "",
    "ORIGIN_SECRET": "",
    "ORIGIN_SECRET_REQUIRED": "false",
    "POWERTOOLS_SERVICE_NAME": "docs",
    "PUBLIC_URL": "https://tiketz.example",
    "PREVIOUS_ORIGIN_SECRET": "",
    "REFRESH_KEY_PARAMETER": "refresh-key",
    "SIGN_IN_FAILURES_PER_ACCOUNT": "100",
    "SIGN_IN_FAILURES_PER_ACCOUNT_AND_NETWORK": "10",
    "SIGN_IN_FAILURES_PER_NETWORK": "300",
    "SIGN_UPS_PER_NETWORK": "1000000",
    "SIGNING_KEYS_PARAMETER": "signing-keys",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:docs",
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_SECRET_KEY_PARAMETER": "stripe-key",
    "STRIPE_WEBHOOK_SECRET_PARAMETER": "stripe-webhook",
    "TABLE_NAME": "table",
    "VERIFICATION_KEYS_PARAMETER": "verification-keys",
}


@dataclass(frozen=True)
class Inputs:
    """What a route reads of a request."""

    body: type[BaseModel] | None
    query: type[BaseModel] | None
    headers: tuple[str, ...]
    signed_in: bool


def apis() -> dict[str, Api]:
    """Every HTTP API by its module's name, imported with an environment of placeholders."""
    os.environ |= {**ENVIRONMENT, **os.environ}
    aws.open_connection = lambda call: None  # no AWS is called
    return {name: import_module(name).api for name in API_MODULES}


def document() -> dict[str, Any]:
    """The whole API as one OpenAPI 3.1 document."""
    routes = [(name.split(".")[0], route) for name, api in apis().items() for route in api.routes]
    schemas = _schemas([model for _, route in routes for model in _models(route)])
    paths: dict[str, Any] = {}
    for service, route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(service, route, schemas)
    paths["/api/openapi.json"] = {
        "get": {**DOCUMENT_ROUTE, "responses": {**DOCUMENT_ROUTE["responses"], **_refused(ANY_ROUTE)}}
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tiketz",
            "version": "1",
            "description": "Sell and buy event tickets. Prices in minor units, times in UTC (RFC 3339).",
            "contact": CONTACT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "responses": _refusals(),
            "schemas": dict(sorted({**schemas.definitions, "Problem": PROBLEM}.items())),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "__Host-session"}},
        },
    }


def event_schemas() -> dict[str, dict[str, Any]]:
    """The JSON schema of each event's `data`, by the event's name."""
    from tiketz_common.events import Event

    def all_of(parent: type[Event]) -> Iterator[type[Event]]:
        for child in parent.__subclasses__():
            yield child
            yield from all_of(child)

    for service in EVENTS:
        if (ROOT / f"functions/{service}/{service}/events.py").exists():
            import_module(f"{service}.events")
    return {
        event.__name__: {
            "$schema": GenerateJsonSchema.schema_dialect,
            "$id": f"{EVENT_IDS}{event.__name__}.json",
            "source": event.source,
            **event.model_json_schema(mode="serialization"),
        }
        for event in all_of(Event)
        if not event.__subclasses__()
    }


def inputs(route: Route) -> Inputs:
    """What a route reads, from its function's annotations."""
    hints = get_type_hints(route.function, include_extras=True)
    reads = [
        each.dependency
        for hint in hints.values()
        if get_origin(hint) is Annotated
        for each in get_args(hint)[1:]
        if isinstance(each, Depends)
    ]
    return Inputs(
        body=next((read.body for read in reads if hasattr(read, "body")), None),
        query=next((read.query for read in reads if hasattr(read, "query")), None),
        headers=tuple(read.header for read in reads if hasattr(read, "header")),
        signed_in=current_user in reads,
    )


@dataclass(frozen=True)
class Schemas:
    """Component schemas, and each model's reference to its own."""

    definitions: dict[str, Any]
    references: dict[Any, dict[str, str]]


def _models(route: Route) -> Iterator[tuple[type[BaseModel], str]]:
    read = inputs(route)
    if read.body:
        yield read.body, "validation"
    for content in route.responses.values():
        if content is not None:
            yield _item(content), "serialization"


def _schemas(models: list[Any]) -> Schemas:
    unique = list(dict.fromkeys(models))
    references, schemas = models_json_schema(unique, ref_template="#/components/schemas/{model}")
    definitions = schemas.get("$defs", {})
    if long := [name for name in definitions if "__" in name]:
        raise SystemExit(f"Two models have the same name; rename one: {', '.join(long)}")
    text = json.dumps(definitions)
    for name in definitions:
        text = text.replace(f'schemas/{name}"', f'schemas/{_public(name)}"')
    named = {_public(name): {**schema, "title": _public(name)} for name, schema in json.loads(text).items()}
    refs = {model: {"$ref": _public_ref(refs["$ref"])} for (model, _), refs in references.items()}
    return Schemas(named, refs)


def _public(name: str) -> str:
    return name.removesuffix("View")


def _public_ref(ref: str) -> str:
    head, _, name = ref.rpartition("/")
    return f"{head}/{_public(name)}"


def _operation(service: str, route: Route, schemas: Schemas) -> dict[str, Any]:
    read = inputs(route)
    operation: dict[str, Any] = {
        "operationId": route.function.__name__,
        "tags": [service],
        "summary": route.summary,
        "description": _description(route),
        "parameters": [
            *_path_parameters(route.path),
            *_query_parameters(read.query),
            *_headers(read.headers),
        ],
        "responses": _responses(route, read, schemas),
    }
    if read.body:
        operation["requestBody"] = {
            "required": any(field.is_required() for field in read.body.model_fields.values()),
            "content": {"application/json": {"schema": schemas.references[read.body]}},
        }
    operation["security"] = [{"session": []}] if read.signed_in else []
    return operation


def _description(route: Route) -> str:
    """The function's docstring, which clients read too."""
    text = getdoc(route.function)
    if not text:
        raise SystemExit(
            f"{route.function.__name__} needs a docstring: it describes {route.method} {route.path}"
        )
    return " ".join(text.split())


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [  # an empty one is ignored
        {"name": name, "in": "query", "required": name in required, "allowEmptyValue": True, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _headers(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}} for name in names]


def _responses(route: Route, read: Inputs, schemas: Schemas) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, content in route.responses.items():
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if content is not None:
            reference = schemas.references[_item(content)]
            schema = reference if content is _item(content) else {"type": "array", "items": reference}
            responses[str(status)]["content"] = {"application/json": {"schema": schema}}
    return responses | _refused({*ANY_ROUTE, *route.errors, *((401,) if read.signed_in else ())})


def _refused(statuses: Iterable[int]) -> dict[str, Any]:
    return {str(each): {"$ref": f"#/components/responses/Refused{each}"} for each in sorted(statuses)}


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals: dict[str, Any] = {
        f"Refused{status}": {"description": text, "content": content}
        for status, text in ERROR_DESCRIPTIONS.items()
    }
    refusals["Refused401"]["content"] = {**content, "application/json": {"schema": GATEWAY_ERROR}}
    return refusals


def _item(content: Any) -> Any:
    """The model of a response that is one object or a list."""
    return get_args(content)[0] if get_origin(content) is list else content


def files() -> dict[Path, str]:
    """Each generated file with its text."""
    generated = {ROOT / "docs/openapi.json": document(), ROOT / "docs/limits.json": limits()}
    generated |= {ROOT / f"docs/events/{name}.json": schema for name, schema in event_schemas().items()}
    return {path: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for path, each in generated.items()}


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 where --check finds a file that differs from the code."""
    parser = Parser(prog="python -m tools.openapi", description="Generate the API's documents from the code.")
    parser.add_argument("--check", action="store_true", help="only compare the committed files with the code")
    if parser.parse_args(arguments).check:
        stale = [str(path) for path, text in files().items() if not path.exists() or path.read_text() != text]
        if stale:
            print(f"Differs from the code, run `make openapi`: {', '.join(stale)}", file=sys.stderr)
        return 1 if stale else 0
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
