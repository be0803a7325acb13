"""The API's documents, made from the code: docs/openapi.json, docs/events/*.json and docs/limits.json.

`python -m tools.openapi` writes them, `--check` fails where the committed ones differ.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from aws_lambda_powertools.event_handler import Depends
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from tiketz_common.errors import Code
from tiketz_common.http import Api, Route, current_user

from tools.limits import limits

ROOT = Path(__file__).parents[1]
DOORS = ("auth.api", "tickets.api", "orders.api", "payments.api", "payments.webhook")
EVENTS = ("auth", "tickets", "orders", "payments", "expiration")
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "EVENT_BUS_NAME": "bus",
    "HOLD_SECONDS": "900",
    "INBOX_URL": "inbox",
    "ORIGIN_SECRET": "",
    "POWERTOOLS_SERVICE_NAME": "docs",
    "REFRESH_KEY_PARAMETER": "refresh-key",
    "SIGNING_KEYS_PARAMETER": "signing-keys",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:docs",
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_SECRET_KEY_PARAMETER": "stripe-key",
    "STRIPE_WEBHOOK_SECRET_PARAMETER": "stripe-webhook",
    "TABLE_NAME": "table",
}
ALWAYS = (400, 403, 404, 405, 413, 415, 422, 429, 503)
REFUSALS = {
    400: "Something in the request does not fit; `errors` says what.",
    401: "Nobody is signed in, or the credentials do not fit.",
    403: "Not yours to do, or a request from another site.",
    404: "There is no such thing, or not one of the caller's; with Retry-After it may yet appear.",
    405: "Not at this address.",
    409: "It can't be done as things stand.",
    412: "It changed since it was read.",
    413: "The body is larger than 16 kB.",
    415: "The body is not JSON.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many tries; Retry-After says when to come back.",
    503: "Busier than usual; try again after Retry-After seconds.",
}
ITSELF: dict[str, Any] = {
    "operationId": "openapi",
    "tags": ["static"],
    "summary": "This document, a static file",
    "security": [],
    "responses": {
        "200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "enum": list(get_args(Code)),
            "description": "What tells this refusal from others of the same status.",
        },
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message"],
                "properties": {"message": {"type": "string"}, "field": {"type": "string"}},
            },
        },
    },
}

GATEWAYS_OWN: dict[str, Any] = {
    "type": "object",
    "description": "What API Gateway answers by itself where a request brings no cookie at all.",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}


@dataclass(frozen=True)
class Needs:
    """What a route's parameters ask of a request."""

    body: type[BaseModel] | None
    query: type[BaseModel] | None
    headers: tuple[str, ...]
    signed_in: bool


def doors() -> dict[str, Api]:
    """Every HTTP door by its module's name, imported under an environment that names nothing real."""
    os.environ |= {**ENVIRONMENT, **os.environ}
    return {name: import_module(name).api for name in DOORS}


def document() -> dict[str, Any]:
    """The whole API as one OpenAPI 3.1 document."""
    routes = [(name.split(".")[0], route) for name, api in doors().items() for route in api.routes]
    schemas = _schemas([model for _, route in routes for model in _models(route)])
    paths: dict[str, Any] = {}
    for service, route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(service, route, schemas)
    paths["/api/openapi.json"] = {"get": {**ITSELF, "responses": {**ITSELF["responses"], **_refused(ALWAYS)}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tiketz",
            "version": "1",
            "description": "Sell and buy event tickets. Prices in minor units, times in UTC (RFC 3339).",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
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
        event.__name__: {"source": event.source, **event.model_json_schema(mode="serialization")}
        for event in all_of(Event)
        if not event.__subclasses__()
    }


def needs(route: Route) -> Needs:
    """What a route asks for, as its function's annotations say."""
    hints = get_type_hints(route.function, include_extras=True)
    reads = [
        each.dependency
        for hint in hints.values()
        if get_origin(hint) is Annotated
        for each in get_args(hint)[1:]
        if isinstance(each, Depends)
    ]
    return Needs(
        body=next((read.body for read in reads if hasattr(read, "body")), None),
        query=next((read.query for read in reads if hasattr(read, "query")), None),
        headers=tuple(read.header for read in reads if hasattr(read, "header")),
        signed_in=current_user in reads,
    )


@dataclass(frozen=True)
class Schemas:
    """Component schemas, and which of them stands for a model."""

    definitions: dict[str, Any]
    references: dict[Any, dict[str, str]]


def _models(route: Route) -> Iterator[tuple[type[BaseModel], str]]:
    asked = needs(route)
    if asked.body:
        yield asked.body, "validation"
    for content in route.responses.values():
        if content is not None:
            yield _item(content), "serialization"


def _schemas(models: list[Any]) -> Schemas:
    unique = list(dict.fromkeys(models))
    references, found = models_json_schema(unique, ref_template="#/components/schemas/{model}")
    definitions = found.get("$defs", {})
    if long := [name for name in definitions if "__" in name]:
        raise SystemExit(f"Two models share a name; give one another: {', '.join(long)}")
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
    asked = needs(route)
    operation: dict[str, Any] = {
        "operationId": route.function.__name__,
        "tags": [service],
        "summary": route.summary,
        "parameters": [
            *_path_parameters(route.path),
            *_query_parameters(asked.query),
            *_headers(asked.headers),
        ],
        "responses": _responses(route, asked, schemas),
    }
    if asked.body:
        operation["requestBody"] = {
            "required": any(field.is_required() for field in asked.body.model_fields.values()),
            "content": {"application/json": {"schema": schemas.references[asked.body]}},
        }
    operation["security"] = [{"session": []}] if asked.signed_in else []
    return operation


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [  # a blank one counts as not given
        {"name": name, "in": "query", "required": name in required, "allowEmptyValue": True, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _headers(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}} for name in names]


def _responses(route: Route, asked: Needs, schemas: Schemas) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, content in route.responses.items():
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if content is not None:
            reference = schemas.references[_item(content)]
            schema = reference if content is _item(content) else {"type": "array", "items": reference}
            responses[str(status)]["content"] = {"application/json": {"schema": schema}}
    return responses | _refused({*ALWAYS, *route.errors, *((401,) if asked.signed_in else ())})


def _refused(statuses: Iterable[int]) -> dict[str, Any]:
    return {str(each): {"$ref": f"#/components/responses/Refused{each}"} for each in sorted(statuses)}


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refusals: dict[str, Any] = {
        f"Refused{status}": {"description": text, "content": content} for status, text in REFUSALS.items()
    }
    refusals["Refused401"]["content"] = {**content, "application/json": {"schema": GATEWAYS_OWN}}
    return refusals


def _item(content: Any) -> Any:
    """The model of an answer that is one object, or a list of them."""
    return get_args(content)[0] if get_origin(content) is list else content


def files() -> dict[Path, str]:
    """Each generated file with its text."""
    generated = {ROOT / "docs/openapi.json": document(), ROOT / "docs/limits.json": limits()}
    generated |= {ROOT / f"docs/events/{name}.json": schema for name, schema in event_schemas().items()}
    return {path: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for path, each in generated.items()}


def main() -> None:
    if "--check" in sys.argv:
        stale = [path for path, text in files().items() if not path.exists() or path.read_text() != text]
        if stale:
            raise SystemExit(
                "Not as the code says; run `make openapi`: " + ", ".join(str(each) for each in stale)
            )
        return
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
