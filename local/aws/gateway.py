"""An API Gateway HTTP API: routes, asks the authorizer, and calls functions with payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from local.aws.config import ACCOUNT
from local.aws.runtime import InvocationResult
from local.aws.stack import HttpApi, Route

MOST_BYTES = 10 * 1024 * 1024
TEXT = re.compile(r"^(text/|application/(json|[\w.+-]*\+json|javascript|xml|x-www-form-urlencoded))")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}

Invoke = Callable[[str, Mapping[str, Any]], InvocationResult]  # by function name or ARN
Event = dict[str, Any]


class Gateway:
    """One service's HTTP API."""

    def __init__(self, api: HttpApi, invoke: Invoke) -> None:
        self._api, self._invoke = api, invoke
        self._routes = sorted(
            ((_pattern(route.path), route) for route in api.routes if route.path != "$default"),
            key=lambda each: each[1].path.count("{"),
        )
        self._default = next((each for each in api.routes if each.path == "$default"), None)
        self._kept: dict[tuple[str, ...], tuple[float, dict[str, Any] | None]] = {}
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        """The answer that a client of the real gateway would get."""
        body = request.get_data()
        if len(body) > MOST_BYTES:
            return _say(413, "Request Entity Too Large")
        route, parameters = self._route(request.method, unquote(request.path))
        if route is None:
            return _say(404, "Not Found")
        event = _event(request, route, parameters, body)
        if route.authorized:
            refusal = self._identify(event, route)
            if refusal is not None:
                return refusal
        answer = self._invoke(route.function, event)
        if answer.failed:
            return _say(500, "Internal Server Error")
        return _response(json.loads(answer.payload))

    def _route(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for pattern, route in self._routes:
            found = pattern.fullmatch(path)
            if found and route.method in (method, "ANY"):
                return route, found.groupdict()
        return self._default, {}

    def _identify(self, event: Event, route: Route) -> Response | None:
        """Put the authorizer's context into the event, or answer why not."""
        authorizer = self._api.authorizer
        assert authorizer
        headers = event["headers"] | {"cookie": "; ".join(event.get("cookies", []))}
        identity = tuple(headers.get(each, "") for each in authorizer.headers)
        if not all(identity):
            return _say(401, "Unauthorized")
        with self._lock:
            at, context = self._kept.get(identity, (float("-inf"), None))
        if time.monotonic() - at > authorizer.seconds:
            question = {key: value for key, value in event.items() if key not in ("body", "isBase64Encoded")}
            question |= {
                "type": "REQUEST",
                "routeArn": _route_arn(event, route),
                "identitySource": list(identity),
            }
            answer = self._invoke(authorizer.arn, question)
            if answer.failed:
                return _say(500, "Internal Server Error")
            said = json.loads(answer.payload)
            context = (said.get("context") or {}) if said.get("isAuthorized") else None
            with self._lock:
                self._kept[identity] = (time.monotonic(), context)
        if context is None:
            return _say(403, "Forbidden")
        event["requestContext"]["authorizer"] = {"lambda": context}
        return None


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
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        name = name.lower()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    cookies = [each.strip() for each in headers.pop("cookie", "").split(";") if each.strip()]
    source = request.remote_addr or "127.0.0.1"
    headers |= {
        "x-forwarded-for": ", ".join(filter(None, [headers.get("x-forwarded-for"), source])),
        "x-forwarded-proto": request.scheme,
        "x-forwarded-port": request.host.partition(":")[2] or "80",
    }
    query: dict[str, str] = {}
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    event: Event = {
        "version": "2.0",
        "routeKey": "$default" if route.path == "$default" else f"{route.method} {route.path}",
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
                "sourceIp": source,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid4().hex,
            "routeKey": "$default" if route.path == "$default" else f"{route.method} {route.path}",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if query:
        event["queryStringParameters"] = query
    if parameters:
        event["pathParameters"] = parameters
    if body:
        event["body"], event["isBase64Encoded"] = _body(body, headers)
    return event


def _body(body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """As text where the content type promises text and the bytes keep the promise, else as base64."""
    if TEXT.match(headers.get("content-type", "")) and "content-encoding" not in headers:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _route_arn(event: Event, route: Route) -> str:
    from local.aws.template import arn

    return arn("execute-api", f"local/$default/{route.method}{event['rawPath']}")


def _response(said: Any) -> Response:
    """A function's answer as HTTP; anything but a proxy answer is taken for a body."""
    if not isinstance(said, dict) or "statusCode" not in said:
        return Response(json.dumps(said), 200, content_type="application/json")
    try:
        status, body = int(said["statusCode"]), said.get("body") or ""
        raw = base64.b64decode(body) if said.get("isBase64Encoded") else str(body).encode()
        response = Response(raw, status)
        named = {str(name).lower(): str(value) for name, value in (said.get("headers") or {}).items()}
    except (TypeError, ValueError, AttributeError):
        return _say(500, "Internal Server Error")
    response.content_type = named.pop("content-type", "text/plain;charset=UTF-8")
    for name, value in named.items():
        if name not in HOP_BY_HOP:
            response.headers[name] = value
    for cookie in said.get("cookies") or []:
        response.headers.add("Set-Cookie", cookie)
    return response


def _say(status: int, message: str) -> Response:
    """The gateway's own words."""
    return Response(json.dumps({"message": message}), status, content_type="application/json")
