"""Calls to AWS that this process answers by itself, in the place of moto: REST operations that moto lacks.

Such a call is judged as all others are: by the policies of its caller's role.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from local.aws.config import ROOT_ACCESS_KEY
from local.aws.http_server import WsgiApp

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
"""In the header of a signed request: access key, day, region and service."""

Answer = Callable[["Call"], Response]
Denial = Callable[[str, str, str, dict[str, Any]], str | None]
"""Gets access key, service, operation and parameters; why the call is denied, None where it is allowed."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One REST operation of a service: POST to a path, whose named groups are parameters."""

    service: str  # as requests are signed for it
    name: str
    path: re.Pattern[str]
    answer: Answer
    is_json: bool = True  # the body, whose members are parameters too


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the parameters of the operation, and the body as it came."""

    parameters: dict[str, Any]
    body: bytes


@dataclass(slots=True)
class AnsweredCalls:
    """The operations that are answered; `denial` judges calls once roles are registered."""

    denial: Denial = lambda *_: None
    _operations: list[Operation] = field(default_factory=list)

    def add(self, operation: Operation) -> None:
        """Answer an operation from now on."""
        self._operations.append(operation)

    def before(self, app: WsgiApp) -> WsgiApp:
        """The application that answers these calls, and leaves all others to `app`."""

        def dispatch(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
            if signed and environ["REQUEST_METHOD"] == "POST":
                path = unquote(environ["RAW_URI"].partition("?")[0])
                for operation in self._operations:
                    match = operation.path.fullmatch(path)
                    if match and operation.service == signed[2]:
                        response = self._answer(operation, signed[1], match.groupdict(), Request(environ))
                        body: Iterable[bytes] = response(environ, start_response)
                        return body
            return app(environ, start_response)

        return dispatch

    def _answer(
        self, operation: Operation, access_key: str, parameters: dict[str, Any], request: Request
    ) -> Response:
        body = request.get_data()
        if operation.is_json:
            parameters |= json.loads(body)
        if access_key != ROOT_ACCESS_KEY:
            denial = self.denial(access_key, operation.service, operation.name, parameters)
            if denial:
                return error(403, "AccessDeniedException", denial)
        return operation.answer(Call(parameters, body))


def error(status: int, code: str, message: str) -> Response:
    """An error as AWS's REST services send it."""
    body = json.dumps({"message": message})
    return Response(body, status, {"x-amzn-ErrorType": code}, content_type="application/json")
