"""A sample event for every function, filled in from a running environment, and the answer that it must get.

events/ has a file for each function. Six need what only a running environment has, or what is valid for a
while only: an address that nobody has, a session, a user, a listing, an order, a signature.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from local.aws.config import CannotStart
from local.stripe.webhooks import signature

EVENTS = Path(__file__).parents[1] / "events"
ALL_HANDLED: dict[str, Any] = {"batchItemFailures": []}
EXPECTED: dict[str, Any] = {
    "auth/Api": {"statusCode": 201},
    "auth/Authorizer": {"isAuthorized": True, "context": {"email": "buyer@tiketz.test"}},
    "auth/Consumer": ALL_HANDLED,
    "auth/Directory": {"email": "buyer@tiketz.test"},
    "auth/Relay": ALL_HANDLED,
    "expiration/Consumer": ALL_HANDLED,
    "notifications/Consumer": ALL_HANDLED,
    "orders/Api": {"statusCode": 201, "body": {"status": "pending"}},
    "orders/Consumer": ALL_HANDLED,
    "orders/Relay": ALL_HANDLED,
    "orders/Sweeper": None,
    "payments/Api": {"statusCode": 201, "body": {"status": "pending"}},
    "payments/Consumer": ALL_HANDLED,
    "payments/Relay": ALL_HANDLED,
    "payments/Sweeper": None,
    "payments/Webhook": {"statusCode": 200},
    "tickets/Api": {"statusCode": 200},
    "tickets/Consumer": ALL_HANDLED,
    "tickets/Relay": ALL_HANDLED,
    "tickets/Sweeper": None,
}
"""What the answer to a filled sample contains, by function. An HTTP response's `body` is parsed."""
NO_ERROR = object()
"""Expected of any other event: no exception, no record that was not handled, no status of 5xx."""
DENIAL = re.compile(r"[\w/]+ is not authorized to perform: [^\"]+? does not allow it\)")
"""The message of a denied call (local/aws/policy_enforcer.py)."""

RETRY_AFTER = re.compile(r'"statusCode": 404\b.*"Retry-After"', re.IGNORECASE | re.DOTALL)
RETRY_SECONDS = 10.0  # as clients do

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with an answer, or nothing; and the answer."""

    error: str
    answer: str

    def line(self, function: str) -> str:
        """For a terminal."""
        text = self.error or (self.answer if len(self.answer) < 90 else self.answer[:87] + "...")
        return f"{'FAILED' if self.error else 'ok':7} {function:20} {text}"


@dataclass(frozen=True, slots=True)
class DemoBuyer:
    """The demo account that buys, signed in, over HTTP."""

    environment: Mapping[str, Any]
    user: Mapping[str, str]  # id and email
    cookie: str

    def listing(self) -> dict[str, Any]:
        """The listing with most units available. Raises CannotStart where there is none."""
        listings = _send(self.environment, "GET", "/api/tickets?limit=100").json()
        if not listings:
            raise CannotStart("Nothing is for sale: list a ticket, or start with FRESH=1 make dev.")
        return dict(max(listings, key=lambda each: each["available"]))

    def order(self) -> str:
        """The id of a new order."""
        body = _order_of(self.listing())
        return str(_send(self.environment, "POST", "/api/orders", body, self.cookie).json()["id"])


def _sign_in(environment: Mapping[str, Any]) -> DemoBuyer:
    """Raises CannotStart where nothing runs, or without the demo accounts."""
    if "buyer" not in environment["accounts"]:
        raise CannotStart("The samples need the demo accounts: start the environment without DEMO=0.")
    response = _send(environment, "POST", "/api/users/signin", environment["accounts"]["buyer"])
    cookie = f"__Host-session={response.cookies['__Host-session']}"
    return DemoBuyer(environment, response.json(), cookie)


def _send(
    environment: Mapping[str, Any], method: str, path: str, body: Any = None, cookie: str = ""
) -> requests.Response:
    try:
        response = requests.request(
            method, environment["url"] + path, json=body, headers={"Cookie": cookie}, timeout=30
        )
        response.raise_for_status()
    except requests.ConnectionError as error:
        raise CannotStart("No local environment is running: start one with 'make dev'.") from error
    except requests.HTTPError as error:
        raise CannotStart(f"The sample can't be made: {error}.") from error
    return response


def event_file(function: str) -> Path:
    """The sample as it stands: of "orders/Api", events/orders-api.json."""
    return EVENTS / f"{function.replace('/', '-').lower()}.json"


def filled(function: str, environment: Mapping[str, Any]) -> Event:
    """The function's sample, with what it needs of the running environment. Raises CannotStart.

    `environment`: as it describes itself in ready.json.
    """
    event: Event = json.loads(event_file(function).read_text())
    return FILL[function](event, _sign_in(environment)) if function in FILL else event


def judge(text: str, log: str, expected: Any = NO_ERROR) -> Verdict:
    """Whether a function's answer contains what is expected, and none of its calls was denied.

    `text`: the payload, `log`: what the function wrote. An error's payload is {errorType, errorMessage}.
    """
    denied = DENIAL.search(log) or DENIAL.search(text)
    if denied:
        return Verdict(denied[0], text)
    try:
        answer = _parsed(text)
    except ValueError:
        return Verdict(f"did not answer with JSON, but with {text[:400]!r}", text)
    if expected is NO_ERROR:
        error = f"answered {text[:400]}" if _is_error(answer) else ""
    else:
        error = "" if _contains(answer, expected) else f"answered {text[:400]}, not {json.dumps(expected)}"
    return Verdict(error, text)


def retried(invoke: Callable[[], str]) -> str:
    """The answer, requested again while it is a 404 with Retry-After: the row isn't known there yet."""
    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        text = invoke()
        if not RETRY_AFTER.search(text) or time.monotonic() > deadline:
            return text
        time.sleep(0.2)


def _new_address(event: Event, buyer: DemoBuyer) -> Event:
    body = json.loads(event["body"])
    return event | {"body": json.dumps(body | {"email": f"sample-{uuid4().hex[:12]}@tiketz.test"})}


def _with_session(event: Event, buyer: DemoBuyer) -> Event:
    cookies = ["theme=dark", buyer.cookie]
    return event | {"cookies": cookies, "identitySource": ["; ".join(cookies)]}


def _order(event: Event, buyer: DemoBuyer) -> Event:
    return _by_buyer(_post(event, "/api/orders", _order_of(buyer.listing())), buyer)


def _payment(event: Event, buyer: DemoBuyer) -> Event:
    return _by_buyer(event | {"body": json.dumps({"orderId": buyer.order()})}, buyer)


def _signed(event: Event, buyer: DemoBuyer) -> Event:
    secret = buyer.environment["keys"]["webhook_secret"]
    header = {"stripe-signature": signature(event["body"], secret, int(time.time()))}
    return event | {"headers": event["headers"] | header}


FILL: dict[str, Callable[[Event, DemoBuyer], Event]] = {
    "auth/Api": _new_address,
    "auth/Authorizer": _with_session,
    "auth/Directory": lambda event, buyer: event | {"userId": buyer.user["id"]},
    "orders/Api": _order,
    "payments/Api": _payment,
    "payments/Webhook": _signed,
}


def _order_of(listing: Mapping[str, Any]) -> dict[str, Any]:
    return {"ticketId": listing["id"], "price": listing["price"]}


def _by_buyer(event: Event, buyer: DemoBuyer) -> Event:
    user = {"userId": buyer.user["id"], "email": buyer.user["email"]}
    return event | {"requestContext": event["requestContext"] | {"authorizer": {"lambda": user}}}


def _post(event: Event, path: str, body: Any) -> Event:
    """The same request with another route and a body."""
    route = {"routeKey": f"POST {path}"}
    context = event["requestContext"]
    http = context["http"] | {"method": "POST", "path": path}
    return {
        **{name: value for name, value in event.items() if name != "queryStringParameters"},
        **route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": event["headers"] | {"content-type": "application/json"},
        "requestContext": context | route | {"http": http},
        "body": json.dumps(body),
    }


def _parsed(text: str) -> Any:
    """The payload, its HTTP body parsed too where it is JSON. Raises ValueError."""
    answer = json.loads(text)
    if isinstance(answer, dict) and isinstance(answer.get("body"), str) and answer["body"]:
        with suppress(ValueError):
            answer["body"] = json.loads(answer["body"])
    return answer


def _is_error(answer: Any) -> bool:
    if not isinstance(answer, dict):
        return False
    return (
        bool("errorType" in answer or answer.get("batchItemFailures")) or answer.get("statusCode", 200) >= 500
    )


def _contains(answer: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return isinstance(answer, dict) and all(
            name in answer and _contains(answer[name], value) for name, value in expected.items()
        )
    return bool(answer == expected)
