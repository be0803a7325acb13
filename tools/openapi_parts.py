"""The parts of the OpenAPI document that don't depend on a route: its errors, and its own route."""

from typing import Any, get_args

from tiketz_common.errors import Code

CONTACT = {"name": "The maintainers of Tiketz"}  # each deployment has an address of its own
TAGS = {
    "auth": "Accounts and sessions",
    "tickets": "What is for sale, and what its sellers do",
    "orders": "Units that are held for a buyer, and bought",
    "payments": "The money of an order",
    "static": "Files that are deployed with the web client",
}
"""What each operation's tag, the service that serves it, is about."""
ANY_ROUTE = (400, 403, 404, 405, 413, 415, 422, 429, 503)  # errors that every route may return
ERROR_DESCRIPTIONS = {
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
DOCUMENT_ROUTE: dict[str, Any] = {
    "operationId": "openapi",
    "tags": ["static"],
    "summary": "This document",
    "description": "A static file, generated from the code of all services.",
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

GATEWAY_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "What API Gateway answers by itself where a request brings no cookie at all.",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}
