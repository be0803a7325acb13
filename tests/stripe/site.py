"""The stand-in on a socket, and a webhook endpoint with scripted responses."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stripe
from werkzeug.serving import make_server

from local.stripe.http import StripeSite, app

SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET = "sk_test_site", "pk_test_site", "whsec_site"


@dataclass
class Endpoint:
    """A WSGI app that records webhooks. It responds with the statuses in `statuses`, then with 200."""

    statuses: list[int] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        status = self.statuses.pop(0) if self.statuses else 200
        with self.arrived:
            self.requests.append((body, environ["HTTP_STRIPE_SIGNATURE"]))
            self.arrived.notify_all()
        start_response(f"{status} x", [("Content-Length", "0")])
        return [b""]

    def events(self) -> list[stripe.Event]:
        """The received events. Raises for an invalid signature."""
        return [stripe.Webhook.construct_event(body, sign, WEBHOOK_SECRET) for body, sign in self.requests]

    def wait_for(self, count: int) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= count, timeout=10)


@contextmanager
def serving(wsgi: Any) -> Iterator[str]:
    """The address of a WSGI app on a free port."""
    server = make_server("127.0.0.1", 0, wsgi, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def stripe_site(store: Path, webhook_url: str | None = None, **more: Any) -> Iterator[tuple[StripeSite, str]]:
    """The site and its address; its state is in `store`."""
    site = app(
        store,
        webhook_url=webhook_url,
        webhook_secret=WEBHOOK_SECRET,
        secret_key=SECRET_KEY,
        publishable_key=PUBLISHABLE_KEY,
        **more,
    )
    try:
        with serving(site) as address:
            yield site, address
    finally:
        site.close()


def client(address: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        SECRET_KEY,
        base_addresses={"api": f"{address}/_local/stripe"},
        http_client=stripe.RequestsClient(timeout=8),
        max_network_retries=0,
    )
