"""Stripe as a state machine: requests in, responses and webhooks out. Time, ids and faults are injected."""

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from local.stripe import (
    attempts,
    disputes,
    errors,
    faults,
    idempotency,
    intents,
    lists,
    objects,
    params,
    refunds,
    webhooks,
)
from local.stripe.errors import ApiError, Row
from local.stripe.faults import Fault
from local.stripe.keys import ApiKeys
from local.stripe.ledger import API_VERSION, Ledger
from local.stripe.operations import Operation, route
from local.stripe.webhooks import Delivery

NO_REQUEST: Row = {"id": None, "idempotency_key": None}  # of changes without an API request


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response; `text` is its body as it is sent."""

    status: int
    body: Row
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return json.dumps(self.body)


def random_id(prefix: str) -> str:
    return prefix + secrets.token_hex(12)


class Stripe:
    """One test-mode account.

    `clock`: returns seconds since the epoch. `ids`: makes an id from a prefix ("pi_"). `fault`: gets the
    name of each request's operation ("payment_intents.confirm"), and returns the fault to inject.
    `challenge_url`: where buyers find the pages of the 3-D Secure step. `enabled_events`: the types that the
    webhook endpoint listens to, None for all.

    `ledger.rows["payment_intent"]` (charge, refund, event, …) may be read, not changed. Not safe for threads.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        ids: Callable[[str], str] = random_id,
        webhook_secret: str = "whsec_local",
        *,
        secret_key: str = "sk_test_local",
        publishable_key: str = "pk_test_local",
        challenge_url: str = "https://hooks.stripe.com/3ds",
        enabled_events: Collection[str] | None = None,
        fault: Callable[[str], Fault | None] | None = None,
    ) -> None:
        self.ledger = Ledger(clock, ids, challenge_url, enabled_events)
        self.webhook_secret = webhook_secret
        self.keys = ApiKeys(secret_key, publishable_key)
        self.fault = fault

    def request(
        self,
        method: str,
        path: str,
        form: str = "",
        *,
        authorization: str = "",
        idempotency_key: str | None = None,
        version: str | None = None,
    ) -> ApiResponse:
        """Execute one API request; `form` is its body or, for a GET, its query.

        Raises `faults.Crash` or `faults.Disconnected` where `fault` returns such a fault.
        """
        self.run_due_jobs()
        method = method.lower()
        key = idempotency_key if method == "post" else None
        headers = {"Request-Id": self.ledger.ids("req_"), "Stripe-Version": API_VERSION}
        if key is not None:
            headers["Idempotency-Key"] = key
        fault: Fault | None = None
        try:
            if version not in (None, API_VERSION):
                raise errors.invalid(f"Invalid Stripe API version: {version}. Here it is {API_VERSION}.")
            operation, object_id = route(method, path)
            raw = params.decode(form)
            browser = self.keys.is_publishable(authorization, operation, raw)
            fault = self.fault(operation.name) if self.fault else None
            faults.before_request(fault)
            stored = None if key is None else idempotency.stored_response(self.ledger, key, path, raw)
        except ApiError as error:
            return _error_response(error, headers)
        if stored is not None:
            headers |= {"Idempotent-Replayed": "true", "Original-Request": stored["request"]}
            response = ApiResponse(stored["status"], stored["body"], headers)
        else:
            response, started = self._execute(operation, object_id, raw, browser, fault, headers)
            if key is not None and started:
                idempotency.store_response(
                    self.ledger, key, path, raw, response.status, response.body, headers["Request-Id"]
                )
        faults.after_response(fault)
        return response

    def _execute(
        self,
        operation: Operation,
        object_id: str,
        raw: Mapping[str, params.Raw],
        browser: bool,
        fault: Fault | None,
        headers: dict[str, str],
    ) -> tuple[ApiResponse, bool]:
        """The response, and whether the endpoint started to execute."""
        ledger = self.ledger
        ledger.request = {"id": headers["Request-Id"], "idempotency_key": headers.get("Idempotency-Key")}
        ledger.slow_issuer = fault == "processing"
        try:
            spec = operation.browser if browser and operation.browser is not None else operation.spec
            args = params.check(raw, spec, operation.required)
            faults.instead_of_work(fault)
            row = operation.run(ledger, object_id, args)
            for path in args.get("expand", ()):
                row = lists.expand(ledger, row, path)
            faults.after_work(fault)
            return ApiResponse(200, objects.public(row) if browser else row, headers), True
        except ApiError as error:
            if browser and "payment_intent" in error.error:
                error.error["payment_intent"] = objects.public(error.error["payment_intent"])
            return _error_response(error, headers), error.started
        finally:
            ledger.request = NO_REQUEST
            ledger.slow_issuer = False

    def run_due_jobs(self) -> None:
        """Apply what is due: expired authorisations, late issuers, refunds, disputes, idempotency keys.

        Every request does this first.
        """
        idempotency.drop_expired(self.ledger)
        while (alarm := self.ledger.next_alarm()) is not None:
            row = self.ledger.find(alarm["id"])
            assert row is not None
            ALARMS[alarm["what"]](self.ledger, row)

    def complete_challenge(self, challenge_id: str, passed: bool) -> Row | None:
        """The buyer completes or fails 3-D Secure. Returns the intent, None for a closed challenge."""
        self.run_due_jobs()
        return attempts.complete_challenge(self.ledger, challenge_id, passed)

    def refund_from_dashboard(self, intent_id: str, amount: int | None = None) -> Row:
        """Refund as in Stripe's dashboard, by default the whole rest. Raises ApiError."""
        self.run_due_jobs()
        args = {"payment_intent": intent_id} | ({} if amount is None else {"amount": amount})
        return refunds.create(self.ledger, args)

    def dispute(self, intent_id: str, amount: int | None = None, *, inquiry: bool = False) -> Row:
        """The buyer disputes a captured payment with their bank, by default the whole. Raises ApiError."""
        self.run_due_jobs()
        intent = self.ledger.get("payment_intent", intent_id, "payment_intent")
        charge = self.ledger.get("charge", intent["latest_charge"] or "none", "charge")
        return disputes.create(self.ledger, charge, reason="fraudulent", inquiry=inquiry, amount=amount)

    def end_dispute(self, intent_id: str, status: str) -> Row | None:
        """The bank decides the intent's open dispute. Returns None where there is none."""
        self.run_due_jobs()
        rows = self.ledger.rows["dispute"].values()
        disputes_of_intent = [each for each in rows if each["payment_intent"] == intent_id]
        opened = [each for each in disputes_of_intent if each["status"] in disputes.OPEN]
        return disputes.end(self.ledger, opened[0], status) if opened else None

    def deliveries(self) -> list[Delivery]:
        """The webhooks that are due, oldest first. Each is returned until it is marked."""
        self.run_due_jobs()
        return webhooks.due(self.ledger, self.webhook_secret)

    def mark_delivered(self, delivery: Delivery) -> None:
        """The endpoint responded with 2xx."""
        webhooks.mark_delivered(self.ledger, delivery.id)

    def mark_failed(self, delivery: Delivery) -> None:
        """The endpoint responded with another status, or not at all: retry, with a growing delay."""
        webhooks.mark_failed(self.ledger, delivery.id)

    def dump(self) -> dict[str, list[Row]]:
        """The whole state as JSON values."""
        return self.ledger.to_json()

    def load(self, state: Mapping[str, Iterable[Row]]) -> None:
        """Replace the state by one that `dump` returned."""
        self.ledger.load(state)


ALARMS: Mapping[str, Callable[[Ledger, Row], Row]] = {
    "expire": intents.expire,
    "finish": attempts.finish,
    "fail": refunds.fail,
    "succeed": refunds.succeed,
    "dispute": disputes.open_from_card,
}


def _error_response(error: ApiError, headers: dict[str, str]) -> ApiResponse:
    if error.should_retry is not None:
        headers["Stripe-Should-Retry"] = str(error.should_retry).lower()
    return ApiResponse(error.status, {"error": error.error}, headers)
