"""A stage on AWS, and the Stripe account that it belongs to."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from stripe.params import WebhookEndpointCreateParams, WebhookEndpointUpdateParams

from operate import secrets
from operate.stages import Stage

URL = "https://d111111abcdef8.cloudfront.net"
WEBHOOK = f"{URL}/api/payments/webhook"

Endpoint = dict[str, Any]
Parameters = list[tuple[str, str]]


def answers(values: Mapping[str, str]) -> Callable[[str], str]:
    """A prompt: the value whose name the question contains, or nothing."""
    return lambda question: next((value for name, value in values.items() if name in question), "")


stripe_keys = answers({"secret key": "sk_test_1", "publishable": "pk_test_1"})


class StripeAccount:
    """The webhook endpoints of a Stripe account, in test and in live mode, served over HTTP."""

    def __init__(self) -> None:
        self.endpoints: dict[str, Endpoint] = {}  # of test mode
        self.live: dict[str, Endpoint] = {}
        self.created = {True: 0, False: 0}  # endpoints, in live mode and in test mode
        self.error = ""  # Stripe's message; every request is refused
        self.proxy_status = 0  # a proxy responds instead of Stripe, with HTML
        account = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._respond({"object": "list", "data": list(self._mode().values())})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                endpoint_id = self.path.rpartition("webhook_endpoints")[2].removeprefix("/")
                change = account.update if endpoint_id else account.create
                self._respond(change(parse_qsl(body), self._mode(), endpoint_id))

            def do_DELETE(self) -> None:
                self._respond(self._mode().pop(self.path.rsplit("/", 1)[-1]))

            def _mode(self) -> dict[str, Endpoint]:
                modes = {"Bearer sk_test_1": account.endpoints, "Bearer sk_live_1": account.live}
                return modes[self.headers["Authorization"]]

            def _respond(self, result: dict[str, Any]) -> None:
                self.send_response(account.proxy_status or (403 if account.error else 200))
                self.end_headers()
                body = json.dumps({"error": {"message": account.error}} if account.error else result)
                self.wfile.write(b"<html>" if account.proxy_status else body.encode())

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    def create(
        self, parameters: Parameters, mode: dict[str, Endpoint] | None = None, _: str = ""
    ) -> Endpoint:
        """Create an endpoint; only this response contains its secret."""
        mode = self.endpoints if mode is None else mode
        _check_names(parameters, WebhookEndpointCreateParams)
        created: Endpoint = {
            "object": "webhook_endpoint",
            "id": f"we_{self.created[mode is self.live] + 1}",
            "url": dict(parameters)["url"],
            "api_version": dict(parameters).get("api_version"),  # the account's own where it is null
            "enabled_events": [value for name, value in parameters if name.startswith("enabled_events[")],
            "status": "enabled",
            "metadata": {},
        }
        mode[created["id"]] = created
        count = self.created[mode is self.live] = self.created[mode is self.live] + 1
        return {**created, "secret": f"whsec_{'live' if mode is self.live else 'test'}_{count}"}

    def update(self, parameters: Parameters, mode: dict[str, Endpoint], endpoint_id: str) -> Endpoint:
        """Set an endpoint's metadata."""
        _check_names(parameters, WebhookEndpointUpdateParams)
        for name, value in parameters:
            mode[endpoint_id]["metadata"][name.removeprefix("metadata[").rstrip("]")] = value
        return mode[endpoint_id]


def _check_names(parameters: Parameters, params_type: Any) -> None:
    assert {name.partition("[")[0] for name, _ in parameters} <= params_type.__annotations__.keys()


class DefaultNames(Stage):
    """A stage whose secrets have the names that functions under test read."""

    def secret_name(self, kind: str) -> str:
        return f"/tiketz/{kind}"


def create_table(stage: Stage, name: str) -> None:
    """A table with a partition key only."""
    stage.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )


@pytest.fixture
def account() -> Iterator[StripeAccount]:
    """A Stripe account without webhook endpoints."""
    account = StripeAccount()
    threading.Thread(target=account.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield account
    account.server.shutdown()
    account.server.server_close()


@pytest.fixture
def stage(aws: None, account: StripeAccount) -> Stage:
    """A stage with all its secrets except the webhook's."""
    base = f"http://127.0.0.1:{account.server.server_port}"
    parameters = {"Stage": "dev", "StripeApiBase": base, "HoldSeconds": "600"}
    stage = Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters=parameters)
    secrets.create_missing(stage, stripe_keys)
    return stage


@pytest.fixture
def bucket(stage: Stage) -> str:
    """The bucket of the stage's stack, which consists of it and the outputs."""
    template = {
        "Resources": {
            "Web": {
                "Type": "AWS::S3::Bucket",
                "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
            }
        },
        "Outputs": {"WebBucketName": {"Value": {"Ref": "Web"}}, "Url": {"Value": URL}},
    }
    stage.client("cloudformation").create_stack(StackName=stage.stack, TemplateBody=json.dumps(template))
    return stage.outputs()["WebBucketName"]
