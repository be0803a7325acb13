"""The stand-in over HTTP: the API, the scripts and pages for browsers, and webhooks."""

import socket
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from local.stripe import pages
from local.stripe.account import Account
from local.stripe.errors import ApiError, Row, unknown_url
from local.stripe.faults import Disconnected, Fault
from local.stripe.machine import ApiResponse, Stripe
from local.stripe.params import boolean, check, decode, positive
from local.stripe.store import Store
from local.stripe.webhook_sender import WebhookSender

BROWSER = Path(__file__).parent / "browser"
BASE = "/_local/stripe"
MAX_BODY_BYTES = 64 * 1024
STATIC = {
    ".js": ("stripe.js", "text/javascript"),
    ".css": ("stripe.css", "text/css"),
    **{
        f"/{name}.js": (f"{name}.js", "text/javascript")
        for name in ("bank", "card", "challenge", "form", "payments")
    },
}


def app(
    store: Path,
    *,
    webhook_url: str | None,
    webhook_secret: str,
    secret_key: str,
    publishable_key: str,
    origin: str = "http://127.0.0.1:8080",
    enabled_events: Collection[str] | None = None,
    clock: Callable[[], float] = time.time,
    fault: Callable[[str], Fault | None] | None = None,
) -> "StripeSite":
    """The WSGI application for every path that begins with /_local/stripe, mounted there or not.

    - `/_local/stripe/v1/…`: the API; the SDK's base address is `{origin}/_local/stripe`
    - `/_local/stripe.js`, `/_local/stripe.css`, `/_local/stripe/3ds/…`: scripts and pages for browsers
    - `POST /_local/stripe/dashboard/payment_intents/{id}/refund` (amount): a refund in Stripe's dashboard
    - `POST …/dispute` (amount, inquiry): the buyer disputes it; `POST …/dispute/won` and `…/lost` end that

    `store`: the file with all state; every acknowledged change survives kill -9. Webhooks are sent to
    `webhook_url` until they are accepted, across restarts. `close()` stops them.
    """
    machine = Stripe(
        clock,
        webhook_secret=webhook_secret,
        secret_key=secret_key,
        publishable_key=publishable_key,
        challenge_url=f"{origin}{BASE}/3ds",
        enabled_events=enabled_events,
        fault=fault,
    )
    return StripeSite(Account(machine, Store(store)), webhook_url)


class StripeSite:
    """See `app`."""

    def __init__(self, account: Account, webhook_url: str | None) -> None:
        self.account = account
        self._webhook_sender = WebhookSender(account, webhook_url) if webhook_url else None
        if self._webhook_sender:
            self._webhook_sender.start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = MAX_BODY_BYTES
        try:
            response = self._respond(request)
        except RequestEntityTooLarge:
            response = Response("Too large", 413)
        except Disconnected:
            _close_connection(environ)
            raise ConnectionAbortedError from None
        response.headers["Cache-Control"] = "no-store"
        body: Iterable[bytes] = response(environ, start_response)
        return body

    def close(self) -> None:
        if self._webhook_sender:
            self._webhook_sender.stop()
        self.account.close()

    def _respond(self, request: Request) -> Response:
        path = (request.script_root + request.path).removeprefix(BASE)
        if path in STATIC and request.method in ("GET", "HEAD"):
            name, kind = STATIC[path]
            return Response((BROWSER / name).read_bytes(), content_type=f"{kind}; charset=utf-8")
        match path.split("/")[1:]:
            case ["3ds", challenge] if request.method in ("GET", "POST"):
                return self._challenge(request, challenge)
            case ["dashboard", "payment_intents", intent, *action] if request.method == "POST":
                return self._in_dashboard(intent, "/".join(action), request.get_data(as_text=True))
            case _:
                return self._api(request, path)

    def _api(self, request: Request, path: str) -> Response:
        form = request.query_string if request.method == "GET" else request.get_data()
        with self.account.open() as machine:
            response = machine.request(
                request.method,
                path,
                form.decode("utf-8", "replace"),
                authorization=request.headers.get("Authorization", ""),
                idempotency_key=request.headers.get("Idempotency-Key"),
                version=request.headers.get("Stripe-Version"),
            )
        return _json(response)

    def _in_dashboard(self, intent: str, action: str, form: str) -> Response:
        try:
            args = check(decode(form), {"amount": positive, "inquiry": boolean})
            with self.account.open() as machine:
                return _json(ApiResponse(200, _act(machine, intent, action, args), {}))
        except ApiError as error:
            return _json(ApiResponse(error.status, {"error": error.error}, {}))

    def _challenge(self, request: Request, object_id: str) -> Response:
        with self.account.open() as machine:
            machine.run_due_jobs()
            challenge = machine.ledger.rows["challenge"].get(object_id)
            if challenge is None:
                return _page(pages.challenge_closed(BASE), 404)
            if request.method == "GET":
                return _page(
                    pages.challenge(BASE, machine.ledger.rows["payment_intent"][challenge["payment_intent"]])
                )
            outcome = decode(request.get_data(as_text=True)).get("outcome")
            intent = machine.complete_challenge(object_id, passed=outcome == "complete")
        if intent is not None and challenge["return_url"] is not None:
            return Response(
                status=303, headers={"Location": pages.return_address(challenge["return_url"], intent)}
            )
        return _page(pages.challenge_closed(BASE))


def _act(machine: Stripe, intent: str, action: str, args: Row) -> Row:
    """What an operator or the buyer's bank does to a payment. Raises ApiError."""
    match action:
        case "refund":
            return machine.refund_from_dashboard(intent, args.get("amount"))
        case "dispute":
            return machine.dispute(intent, args.get("amount"), inquiry=args.get("inquiry", False))
        case "dispute/won" | "dispute/lost":
            if dispute := machine.end_dispute(intent, action.removeprefix("dispute/")):
                return dispute
    raise unknown_url("post", f"/dashboard/payment_intents/{intent}/{action}")


def _close_connection(environ: dict[str, Any]) -> None:
    """Close the connection without a response: werkzeug's server would keep it open."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _json(response: ApiResponse) -> Response:
    return Response(response.text, response.status, response.headers, content_type="application/json")


def _page(html: str, status: int = 200) -> Response:
    headers = {
        "Content-Security-Policy": pages.CSP,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(html, status, headers, content_type="text/html; charset=utf-8")
