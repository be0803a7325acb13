"""A stage on AWS, and the Stripe account that it belongs to."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from stripe.params import WebhookEndpointCreateParams, WebhookEndpointUpdateParams

from operate import secrets
from operate.stages import Stage

URL = "https://d111111abcdef8.cloudfront.net"
WEBHOOK = f"{URL}/api/payments/webhook"
GIVEN = {"secret key": "sk_test_1", "publishable": "pk_test_1"}


class Account:
    """A Stripe account's webhook endpoints, those of test mode and those of live mode, behind HTTP."""

    def __init__(self) -> None:
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.live: dict[str, dict[str, Any]] = {}
        self.refuses = ""
        self.status = 0  # of a proxy before it that answers in its place
        account = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({"data": list(self._mode().values())})

            def do_POST(self) -> None:
                sent = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._answer(account.make(sent, self._mode(), self.path.rpartition("webhook_endpoints")[2]))

            def do_DELETE(self) -> None:
                self._answer(self._mode().pop(self.path.rsplit("/", 1)[-1]))

            def _mode(self) -> dict[str, dict[str, Any]]:
                modes = {"Bearer sk_test_1": account.endpoints, "Bearer sk_live_1": account.live}
                return modes[self.headers["Authorization"]]

            def _answer(self, told: dict[str, Any]) -> None:
                self.send_response(account.status or (403 if account.refuses else 200))
                self.end_headers()
                sent = json.dumps({"error": {"message": account.refuses}} if account.refuses else told)
                self.wfile.write(b"<html>" if account.status else sent.encode())

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Door)

    def make(
        self, sent: list[tuple[str, str]], mode: dict[str, dict[str, Any]] | None = None, id: str = ""
    ) -> dict[str, Any]:
        """A new endpoint, of which the secret is told this once; or, by its id, another one's metadata."""
        mode = self.endpoints if mode is None else mode
        params = WebhookEndpointUpdateParams if id else WebhookEndpointCreateParams
        assert {name.partition("[")[0] for name, _ in sent} <= params.__annotations__.keys()
        if id:
            kept = mode[id.removeprefix("/")]
            kept["metadata"] |= {name.removeprefix("metadata[").rstrip("]"): value for name, value in sent}
            return kept
        made = {
            "id": f"we_{len(mode) + 1}",
            "url": dict(sent)["url"],
            "enabled_events": [value for name, value in sent if name == "enabled_events[]"],
            "status": "enabled",
            "metadata": {},
        }
        mode[made["id"]] = made
        return {**made, "secret": "whsec_live" if mode is self.live else "whsec_made"}


@pytest.fixture
def account() -> Iterator[Account]:
    """A Stripe account without webhooks."""
    account = Account()
    threading.Thread(target=account.server.serve_forever, daemon=True).start()
    yield account
    account.server.shutdown()
    account.server.server_close()


@pytest.fixture
def place(aws: None, account: Account) -> Stage:
    """A stage that has its secrets, but for the webhook's."""
    parameters = {
        "Stage": "dev",
        "StripeApiBase": f"http://127.0.0.1:{account.server.server_port}",
    }
    place = Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters=parameters)
    secrets.make_missing(place, lambda asked: next((key for word, key in GIVEN.items() if word in asked), ""))
    return place


@pytest.fixture
def bucket(place: Stage) -> str:
    """The stage's stack, as far as its bucket and its address; answers the bucket's name."""
    template = {
        "Resources": {
            "Web": {
                "Type": "AWS::S3::Bucket",
                "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
            }
        },
        "Outputs": {"WebBucketName": {"Value": {"Ref": "Web"}}, "Url": {"Value": URL}},
    }
    place.client("cloudformation").create_stack(StackName=place.stack, TemplateBody=json.dumps(template))
    return place.outputs()["WebBucketName"]
