"""HTTP handlers: routing, validation, problem+json and logging, alike in every service."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import parse_qsl, urlencode

from aws_lambda_powertools.shared.cookies import Cookie
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, ValidationError, WithJsonSchema
from pydantic.alias_generators import to_camel

from tiketz_common import guard
from tiketz_common.errors import (
    BadRequest,
    Code,
    DomainError,
    MethodNotAllowed,
    RouteNotFound,
    Unauthorized,
    Unavailable,
)
from tiketz_common.events import correlation_id
from tiketz_common.log import logger
from tiketz_common.origin import Origin
from tiketz_common.powertools import APIGatewayHttpResolver, Depends, NotFoundError, Request, Response

PROBLEM = "application/problem+json"
JSON = "application/json"
UNCACHED = "no-store"  # the Cache-Control of every response that has no other
TRANSIENT = {
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
}

Model = TypeVar("Model", bound=BaseModel)
RouteFunction = Callable[..., Response[str]]


class Body(BaseModel):
    """A JSON body: camelCase, exact types, unknown fields refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", strict=True, frozen=True, defer_build=True
    )


class _EmptyBody(Body):
    """A body without fields."""


class Query(BaseModel):
    """Query parameters: camelCase, converted to the field's type, unknown names ignored."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True, defer_build=True)


class View(BaseModel):
    """A response: camelCase, read from a domain object's attributes."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, defer_build=True, frozen=True
    )


def one_of(values: Iterable[str]) -> Any:
    """Annotates a View's field with its possible values, for the OpenAPI document."""
    return WithJsonSchema({"type": "string", "enum": [str(each) for each in values]})


CurrencyCode = Literal["eur", "usd", "gbp"]
Currency = Annotated[str, one_of(get_args(CurrencyCode))]


class Invalid(BadRequest):
    """400: fields that do not fit, each with a sentence."""

    code: Code = "validation_failed"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("Some fields need another look.")
        self.errors = errors


@dataclass(frozen=True, slots=True)
class User:
    """The caller, as the gateway's authorizer identified them. `verified`: their address is theirs."""

    id: str
    email: str
    verified: bool = False


def current_user(request: Request) -> User:
    """A dependency: the signed-in caller. Raises Unauthorized."""
    authorizer = request.resolved_event.raw_event["requestContext"].get("authorizer") or {}
    context = authorizer.get("lambda") or {}
    if not context.get("userId"):
        raise Unauthorized("Sign in first.")
    return User(context["userId"], context.get("email", ""), context.get("verified") is True)


SignedIn = Annotated[User, Depends(current_user)]


def header(name: str) -> Any:
    """A dependency: the request header's value, None where it is absent."""

    def read(request: Request) -> str | None:
        return guard.headers(request.resolved_event.raw_event).get(name.lower())

    read.header = name  # type: ignore[attr-defined]  # the OpenAPI document is made from it
    return Depends(read)


def body(model: type[Model]) -> Any:
    """A dependency: the JSON body as `model`. Raises Invalid."""

    def read(request: Request) -> Model:
        return _parsed_body(request, model)

    read.body = model  # type: ignore[attr-defined]
    return Depends(read)


def empty_body(request: Request) -> None:
    """A dependency of routes that take no body: none, or one without a field. Raises Invalid."""
    _parsed_body(request, _EmptyBody)


NoBody = Annotated[None, Depends(empty_body)]


def query(model: type[Model]) -> Any:
    """A dependency: the query string as `model`. Raises Invalid. The last of a repeated name counts."""

    def read(request: Request) -> Model:
        text = request.resolved_event.raw_event.get("rawQueryString", "")
        params = dict(parse_qsl(text, errors="strict"))
        return _validated(lambda: model.model_validate(params))

    read.query = model  # type: ignore[attr-defined]
    return Depends(read)


def cache_control(request: Request) -> dict[str, str]:
    """The header of a response that is the same for everybody: kept for two seconds, by CloudFront too.

    Not for somebody with a session, who may just have changed what it shows. CloudFront drops the cookies and
    says in x-session whether there was one (hosting.yaml).
    """
    event = request.resolved_event.raw_event
    request_headers = guard.headers(event)
    signed_in = (
        request_headers.get("x-session") == "yes" or event.get("cookies") or "cookie" in request_headers
    )
    return {"Cache-Control": UNCACHED if signed_in else "public, max-age=2"}


CacheControl = Annotated[dict[str, str], Depends(cache_control)]


def json_response(
    status: int,
    content: BaseModel | None = None,
    *,
    headers: dict[str, str] | None = None,
    cookies: list[Cookie] | None = None,
) -> Response[str]:
    """A response with one object as JSON, or without a body."""
    text = "" if content is None else content.model_dump_json(by_alias=True)
    return Response(status, JSON if content is not None else None, text, headers=headers, cookies=cookies)


def page_response(
    items: list[BaseModel],
    path: str,
    params: dict[str, str],
    cursor: str | None,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    """A JSON array; the next page, if there is one, is in the Link header (RFC 8288)."""
    headers = dict(headers or {})
    if cursor:
        headers["Link"] = f'<{path}?{urlencode({**params, "cursor": cursor})}>; rel="next"'
    text = "[" + ",".join(item.model_dump_json(by_alias=True) for item in items) + "]"
    return Response(200, JSON, text, headers=headers)


@dataclass(frozen=True, slots=True)
class Route:
    """A route, as the service's template and the OpenAPI document list it."""

    method: str
    path: str
    summary: str
    function: RouteFunction
    responses: dict[int, Any]
    errors: tuple[int, ...]


class Api:
    """One HTTP handler: its routes, and what is common to them. A body has at most `max_bytes`."""

    def __init__(self, origin: Origin, max_bytes: int = guard.MAX_BYTES) -> None:
        self.routes: list[Route] = []
        self._origin = origin
        self._max_bytes = max_bytes
        self._app = APIGatewayHttpResolver()
        self._app.exception_handler(DomainError)(self._problem)
        self._app.exception_handler([ClientError, BotoCoreError])(self._unavailable)
        self._app.exception_handler(NotFoundError)(self._route_not_found)

    def route(
        self, method: str, path: str, *, summary: str, responses: dict[int, Any], errors: tuple[int, ...] = ()
    ) -> Callable[[RouteFunction], RouteFunction]:
        """Register `METHOD /path/{id}`; the function gets the id as its parameter `…_id`.

        `responses` are its statuses with their models, `errors` the statuses of its own refusals.
        """

        def register(function: RouteFunction) -> RouteFunction:
            self.routes.append(Route(method, path, summary, function, responses, errors))
            ids = [name for name in function.__annotations__ if name.endswith("_id")]
            self._app.route(path.replace("{id}", f"<{''.join(ids)}>"), method)(function)
            return function

        return register

    def handle(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The response to a request of API Gateway's HTTP API (payload format 2.0)."""
        started = perf_counter()
        correlation_id.set(event["requestContext"]["requestId"])
        logger.set_correlation_id(correlation_id.get())
        if (
            event["requestContext"]["http"]["method"] == "HEAD"
        ):  # RFC 9110 §9.3.2: as GET, without its content
            response = {**self._respond(_as_get(event), context), "body": ""}
        else:
            response = self._respond(event, context)
        # Not always the request's own: a route may continue what another request started.
        logger.set_correlation_id(correlation_id.get())
        own = {"x-correlation-id": correlation_id.get()}
        response["headers"] = {"Cache-Control": UNCACHED, **response["headers"], **own}
        logger.info(
            "request",
            route=event.get("routeKey"),
            status=response["statusCode"],
            ms=round((perf_counter() - started) * 1000),
        )
        return response

    def _respond(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        try:
            guard.check(event, self._origin, self._max_bytes)
        except DomainError as refusal:
            problem = self._problem(refusal)
            return {"statusCode": problem.status_code, "headers": problem.headers, "body": problem.body}
        return self._app.resolve(event, context)

    def _problem(self, error: DomainError) -> Response[str]:
        errors = error.errors if isinstance(error, Invalid) else [_field_error(str(error), error.field)]
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(error.status).phrase,
            "status": error.status,
            "code": error.code,
            "detail": str(error),
            "errors": errors,
        }
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return Response(error.status, PROBLEM, json.dumps(problem, ensure_ascii=False), headers=headers)

    def _unavailable(self, error: ClientError | BotoCoreError) -> Response[str]:
        """503 where AWS is busy or out of reach. Any other error of AWS is a bug of ours, and is raised."""
        if isinstance(error, ClientError) and error.response["Error"]["Code"] not in TRANSIENT:
            raise error
        logger.warning("AWS call failed", error=str(error))
        return self._problem(Unavailable("We are busier than usual; try again in a moment."))

    def _route_not_found(self, _: NotFoundError) -> Response[str]:
        path = self._app.current_event.path
        if allowed := {route.method for route in self.routes if guard.matches(route.path, path)}:
            problem = self._problem(MethodNotAllowed("That can't be done at this address."))
            allowed |= {"HEAD"} if "GET" in allowed else set()
            problem.headers["Allow"] = ", ".join(sorted(allowed))  # RFC 9110 §15.5.6
            return problem
        return self._problem(RouteNotFound("There is nothing at this address."))


def _as_get(event: dict[str, Any]) -> dict[str, Any]:
    context = event["requestContext"]
    return {**event, "requestContext": {**context, "http": {**context["http"], "method": "GET"}}}


def _parsed_body(request: Request, model: type[Model]) -> Model:
    # Not model_validate_json: pydantic 2.13 then accepts `starts_at` where the field is `startsAt`.
    body = json.loads(guard.text(request.resolved_event.raw_event) or "{}")
    return _validated(lambda: model.model_validate(body))


def _validated(validate: Callable[[], Model]) -> Model:
    try:
        return validate()
    except ValidationError as error:
        raise Invalid([_field_error(_message(each), _field(each)) for each in error.errors()]) from error


def _field_error(message: str, field: str | None) -> dict[str, str]:
    return {"message": message, "field": field} if field else {"message": message}


def _field(error: Any) -> str | None:
    return ".".join(str(part) for part in error["loc"]) or None


def _message(error: Any) -> str:
    match error["type"]:
        case "missing":
            return "This is needed."
        case "extra_forbidden":
            return "We don't know this field."
        case "value_error":
            return str(error["ctx"]["error"])
    return f"{error['msg']}."
