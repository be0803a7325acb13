"""API Gateway's HTTP APIs: routes requests, calls the authorizer, invokes functions with payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
import re
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from local.aws.config import ACCOUNT, arn
from local.aws.resources import Authorizer, HttpApi, Route
from local.aws.runtime import Invoke

MAX_BODY_BYTES = 10 * 1024 * 1024
TEXT = re.compile(r"^(text/|application/(json|[\w.+-]*\+json|javascript|xml|x-www-form-urlencoded))")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}

Event = dict[str, Any]
Context = dict[str, Any]


class Gateway:
    """One HTTP API."""

    def __init__(self, api: HttpApi, invoke: Invoke) -> None:
        self._invoke = invoke
        self._authorizer = _CachedAuthorizer(api.authorizer, invoke) if api.authorizer else None
        self._routes = sorted(
            ((_pattern(route.path), route) for route in api.routes if route.path != "$default"),
            key=lambda each: each[1].path.count("{"),
        )
        self._default = next((each for each in api.routes if each.path == "$default"), None)

    def __call__(self, request: Request) -> Response:
        """The response that a client of the real gateway gets."""
        body = request.get_data()
        if len(body) > MAX_BODY_BYTES:
            return _message(413, "Request Entity Too Large")
        route, parameters = self._route(request.method, unquote(request.path))
        if route is None:
            return _message(404, "Not Found")
        event = _event(request, route, parameters, body)
        if route.authorized:
            assert self._authorizer
            context = self._authorizer.authorize(event, route)
            if isinstance(context, Response):
                return context
            event["requestContext"]["authorizer"] = {"lambda": context}
        result = self._invoke(route.function, event)
        if result.failed:
            return _message(500, "Internal Server Error")
        return _response(json.loads(result.payload))

    def _route(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for pattern, route in self._routes:
            match = pattern.fullmatch(path)
            if match and route.method in (method, "ANY"):
                return route, match.groupdict()
        return self._default, {}


class Router:
    """Several HTTP APIs at one address, by the first two segments of the path: /api/orders, /api/tickets."""

    def __init__(self, apis: Iterable[HttpApi], invoke: Invoke) -> None:
        """The first API takes the paths that no other has."""
        self._gateways: dict[str, Gateway] = {}
        self._fallback: Gateway | None = None
        for api in apis:
            gateway = Gateway(api, invoke)
            self._fallback = self._fallback or gateway
            for route in api.routes:
                if route.path != "$default":
                    self._gateways.setdefault(_prefix(route.path), gateway)

    def __call__(self, request: Request) -> Response:
        gateway = self._gateways.get(_prefix(request.path), self._fallback)
        return gateway(request) if gateway else _message(404, "Not Found")


class _CachedAuthorizer:
    """Calls the authorizer, and caches its responses by identity source."""

    def __init__(self, authorizer: Authorizer, invoke: Invoke) -> None:
        self._authorizer, self._invoke = authorizer, invoke
        self._cache: dict[tuple[str, ...], tuple[float, Context | None]] = {}
        self._lock = threading.Lock()

    def authorize(self, event: Event, route: Route) -> Context | Response:
        """The context for the function, or the response of a request that is not allowed."""
        headers = event["headers"] | {"cookie": "; ".join(event.get("cookies", []))}
        identity = tuple(headers.get(each, "") for each in self._authorizer.headers)
        if not all(identity):
            return _message(401, "Unauthorized")
        with self._lock:
            at, context = self._cache.get(identity, (float("-inf"), None))
        if time.monotonic() - at > self._authorizer.cache_seconds:
            request = {key: value for key, value in event.items() if key not in ("body", "isBase64Encoded")}
            request |= {
                "type": "REQUEST",
                "routeArn": arn("execute-api", f"local/$default/{route.method}{event['rawPath']}"),
                "identitySource": list(identity),
            }
            result = self._invoke(self._authorizer.arn, request)
            if result.failed:
                return _message(500, "Internal Server Error")
            response = json.loads(result.payload)
            context = (response.get("context") or {}) if response.get("isAuthorized") else None
            with self._lock:
                self._cache[identity] = (time.monotonic(), context)
        return _message(403, "Forbidden") if context is None else context


def _prefix(path: str) -> str:
    return "/".join(path.split("/")[:3])


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(\+?)\}", path)
    text = "".join(
        re.escape(parts[i])
        + (f"(?P<{parts[i + 1]}>{'.+' if parts[i + 2] else '[^/]+'})" if i + 2 < len(parts) else "")
        for i in range(0, len(parts), 3)
    )
    return re.compile(text)


def _event(request: Request, route: Route, parameters: dict[str, str], body: bytes) -> Event:
    now, path = datetime.now(UTC), unquote(request.path)
    raw_query = request.query_string.decode("latin-1")
    headers, cookies = _headers(request)
    route_key = "$default" if route.path == "$default" else f"{route.method} {route.path}"
    event: Event = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": raw_query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": request.host,
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": path,
                "protocol": str(request.environ.get("SERVER_PROTOCOL", "HTTP/1.1")),
                "sourceIp": _source_ip(request),
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid4().hex,
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    query = _joined(parse_qsl(raw_query, keep_blank_values=True))
    optional = {"cookies": cookies, "queryStringParameters": query, "pathParameters": parameters}
    event |= {name: value for name, value in optional.items() if value}
    if body:
        event["body"], event["isBase64Encoded"] = _body(body, headers)
    return event


def _headers(request: Request) -> tuple[dict[str, str], list[str]]:
    """Headers with lower-case names, and the cookies apart."""
    headers = _joined((name.lower(), value) for name, value in request.headers.items())
    cookies = [each.strip() for each in headers.pop("cookie", "").split(";") if each.strip()]
    forwarded = filter(None, [headers.get("x-forwarded-for"), _source_ip(request)])
    headers |= {
        "x-forwarded-for": ", ".join(forwarded),
        "x-forwarded-proto": request.scheme,
        "x-forwarded-port": request.host.partition(":")[2] or "80",
    }
    return headers, cookies


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Values of the same name, separated by commas."""
    values: dict[str, str] = {}
    for name, value in pairs:
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def _source_ip(request: Request) -> str:
    return request.remote_addr or "127.0.0.1"


def _body(body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """As text where the content type is a text type and the bytes are UTF-8, else as base64 (True)."""
    if TEXT.match(headers.get("content-type", "")) and "content-encoding" not in headers:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _response(payload: Any) -> Response:
    """A function's response as HTTP: its payload is the body where it isn't in the proxy format."""
    if not isinstance(payload, dict) or "statusCode" not in payload:
        return Response(json.dumps(payload), 200, content_type="application/json")
    try:
        status, body = int(payload["statusCode"]), payload.get("body") or ""
        raw = base64.b64decode(body) if payload.get("isBase64Encoded") else str(body).encode()
        response = Response(raw, status)
        headers = {str(name).lower(): str(value) for name, value in (payload.get("headers") or {}).items()}
    except (TypeError, ValueError, AttributeError):
        return _message(500, "Internal Server Error")
    response.content_type = headers.pop("content-type", "text/plain;charset=UTF-8")
    for name, value in headers.items():
        if name not in HOP_BY_HOP:
            response.headers[name] = value
    for cookie in payload.get("cookies") or []:
        response.headers.add("Set-Cookie", cookie)
    return response


def _message(status: int, message: str) -> Response:
    """A response of the gateway itself."""
    return Response(json.dumps({"message": message}), status, content_type="application/json")
