"""All of Tiketz in this process: the local gateway in front of the simulated application's functions."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any

from werkzeug.wrappers import Request

from local.aws.gateway import Gateway
from local.aws.http_api import http_api
from local.aws.http_server import HttpServer
from local.aws.runtime import InvocationResult
from local.aws.template import translate
from tests.fakes.application import SimulatedApplication
from tests.fakes.lambda_functions import InvocationFailed
from tests.fakes.patching import SimulatedRuntime, simulated_runtime
from tests.support.templates import ROOT

SERVICES = {"users": "auth", "tickets": "tickets", "orders": "orders", "payments": "payments"}
POLL_SECONDS = 0.05  # of virtual time, between two looks for a result
PARAMETERS = {
    "AuthorizerArn": "auth.authorizer",
    "EventBusName": "tiketz",
    "StripeApiBase": "https://api.stripe.com",
}
PARAMETERS |= dict.fromkeys(
    (
        "SigningKeysParameter",
        "VerificationKeysParameter",
        "RefreshKeyParameter",
        "LinkKeysParameter",
        "StripeSecretKeyParameter",
        "StripeWebhookSecretParameter",
    ),
    "unused",
)


@contextmanager
def in_process() -> Iterator[tuple[str, list[str]]]:
    """The address while this lasts, and the list of failed invocations."""
    with simulated_runtime() as runtime:
        wsgi = InProcess(runtime)
        server = HttpServer(0)
        server.start(wsgi)
        yield server.url, wsgi.failures
        server.close()


class InProcess:
    """A WSGI application; a request takes no real time but that of its handler."""

    def __init__(self, runtime: SimulatedRuntime) -> None:
        self._thread = ThreadPoolExecutor(1)  # a virtual clock belongs to one thread
        self._app = self._thread.submit(SimulatedApplication, 0, runtime).result()
        self.failures: list[str] = []
        self._gateways = {service: self._gateway(service) for service in SERVICES.values()}
        self._causes = (f"request {number}" for number in count(1))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        response: Iterable[bytes] = self._thread.submit(self._respond, environ, start_response).result()
        return response

    def _respond(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        collection = request.path.split("/")[2:3]
        gateway = self._gateways[SERVICES.get(collection[0] if collection else "", "auth")]
        response: Iterable[bytes] = gateway(request)(environ, start_response)
        return response

    def _gateway(self, service: str) -> Gateway:
        source = translate(ROOT / f"functions/{service}/template.yaml", PARAMETERS)
        functions: Any = {
            name: SimpleNamespace(name=each["Properties"]["Handler"].removesuffix(".handler"))
            for name, each in source.of("AWS::Lambda::Function").items()
        }
        api = http_api(source, PARAMETERS, functions)
        assert api is not None
        return Gateway(api, self._invoke)

    def _invoke(self, function: str, event: Mapping[str, Any]) -> InvocationResult:
        results: list[InvocationResult] = []
        cause = next(self._causes)

        def run() -> None:
            try:
                response = self._app.functions[function].invoke(dict(event), cause)
                results.append(InvocationResult(json.dumps(response).encode()))
            except InvocationFailed as error:
                self.failures.append(str(error))
                results.append(InvocationResult(b"", failed=True))

        clock = self._app.clock
        clock.start_task(run)
        while not results:
            clock.run(clock.now + POLL_SECONDS)
        return results[0]
