"""All of Tiketz in this process: the local gateway before the simulation's functions."""

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
MOMENT = 0.05  # seconds that pass until one looks again whether there is an answer
PARAMETERS = {
    "AuthorizerArn": "auth.authorizer",
    "EventBusName": "tiketz",
    "StripeApiBase": "https://api.stripe.com",
}
PARAMETERS |= dict.fromkeys(
    (
        "SigningKeysParameter",
        "RefreshKeyParameter",
        "StripeSecretKeyParameter",
        "StripeWebhookSecretParameter",
    ),
    "unused",
)


@contextmanager
def in_process() -> Iterator[tuple[str, list[str]]]:
    """Its address while this lasts, and a list of what failed in it."""
    with simulated_runtime() as runtime:
        app = InProcess(runtime)
        server = HttpServer(0)
        server.start(app)
        yield server.url, app.faults
        server.close()


class InProcess:
    """A WSGI application; a request takes no time but the simulated world's own."""

    def __init__(self, runtime: SimulatedRuntime) -> None:
        self._thread = ThreadPoolExecutor(1)  # virtual time is one thread's own
        self.world = self._thread.submit(SimulatedApplication, 0, runtime).result()
        self.faults: list[str] = []
        self._gateways = {service: self._gateway(service) for service in SERVICES.values()}
        self._causes = (f"request {number}" for number in count(1))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer: Iterable[bytes] = self._thread.submit(self._answer, environ, start_response).result()
        return answer

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        below = request.path.split("/")[2:3]
        gateway = self._gateways[SERVICES.get(below[0] if below else "", "auth")]
        answer: Iterable[bytes] = gateway(request)(environ, start_response)
        return answer

    def _gateway(self, service: str) -> Gateway:
        source = translate(ROOT / f"functions/{service}/template.yaml", PARAMETERS)
        functions = {
            name: SimpleNamespace(name=each["Properties"]["Handler"].removesuffix(".handler"))
            for name, each in source.of("AWS::Lambda::Function").items()
        }
        api = http_api(source, PARAMETERS, functions)
        assert api is not None
        return Gateway(api, self._invoke)

    def _invoke(self, function: str, event: Mapping[str, Any]) -> InvocationResult:
        answers: list[InvocationResult] = []
        cause = next(self._causes)

        def run() -> None:
            try:
                answers.append(
                    InvocationResult(
                        json.dumps(self.world.functions[function].invoke(dict(event), cause)).encode()
                    )
                )
            except InvocationFailed as died:
                self.faults.append(str(died))
                answers.append(InvocationResult(b"", failed=True))

        self.world.clock.begin(run)
        while not answers:
            self.world.clock.run(self.world.clock.now + MOMENT)
        return answers[0]
