"""Stripe as one state machine: requests in, answers and webhooks out; time, ids and faults are injected."""

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from local.stripe import (
    attempts,
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
from local.stripe.errors import Refusal, Row
from local.stripe.faults import Fault
from local.stripe.keys import ApiKeys
from local.stripe.ledger import API_VERSION, Ledger
from local.stripe.operations import Operation, route
from local.stripe.webhooks import Delivery

NOBODY: Row = {"id": None, "idempotency_key": None}  # who asked for what nobody asked for by the API


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What goes back to the caller; `text` is the body as it is sent."""

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

    `clock` gives seconds since the epoch; `ids` makes an id from a prefix ("pi_"); `fault` is asked before
    each request, by the operation's name ("payment_intents.confirm"), what shall go wrong with it;
    `challenges_at` is where buyers find the pages of the 3-D Secure step; `enabled_events` are the types the
    webhook endpoint listens to, None for all.

    `ledger.rows["payment_intent"]` (charge, refund, event, …) may be read, not changed. Not safe for threads.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        ids: Callable[[str], str] = random_id,
        webhook_secret: str = "whsec_tiketz_local",
        *,
        secret_key: str = "sk_test_tiketz_local",
        publishable_key: str = "pk_test_tiketz_local",
        challenges_at: str = "https://hooks.stripe.com/3ds",
        enabled_events: Collection[str] | None = None,
        fault: Callable[[str], Fault | None] | None = None,
    ) -> None:
        self.ledger = Ledger(clock, ids, challenges_at, enabled_events)
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
        """Answer one API request; `form` is its body or, for a GET, its query.

        Raises `faults.Crash` or `faults.Disconnected` if `fault` says so.
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
            operation, id = route(method, path)
            raw = params.decode(form)
            browser = self.keys.browser_asks(authorization, operation, raw)
            fault = self.fault(operation.name) if self.fault else None
            faults.before(fault)
            stored = None if key is None else idempotency.recall(self.ledger, key, path, raw)
        except Refusal as refusal:
            return _refused(refusal, headers)
        if stored is not None:
            headers |= {"Idempotent-Replayed": "true", "Original-Request": stored["request"]}
            answer = ApiResponse(stored["status"], stored["body"], headers)
        else:
            answer, started = self._carry_out(operation, id, raw, browser, fault, headers)
            if key is not None and started:
                idempotency.remember(
                    self.ledger, key, path, raw, answer.status, answer.body, headers["Request-Id"]
                )
        faults.after(fault)
        return answer

    def _carry_out(
        self,
        operation: Operation,
        id: str,
        raw: Mapping[str, params.Raw],
        browser: bool,
        fault: Fault | None,
        headers: dict[str, str],
    ) -> tuple[ApiResponse, bool]:
        """The answer, and whether the endpoint got as far as beginning its work."""
        ledger = self.ledger
        ledger.request = {"id": headers["Request-Id"], "idempotency_key": headers.get("Idempotency-Key")}
        ledger.slow_issuer = fault == "processing"
        try:
            spec = operation.browser if browser and operation.browser is not None else operation.spec
            args = params.check(raw, spec, operation.required)
            faults.during(fault)
            row = operation.run(ledger, id, args)
            for path in args.get("expand", ()):
                row = lists.expand(ledger, row, path)
            faults.done(fault)
            return ApiResponse(200, objects.public(row) if browser else row, headers), True
        except Refusal as refusal:
            if browser and "payment_intent" in refusal.error:
                refusal.error["payment_intent"] = objects.public(refusal.error["payment_intent"])
            return _refused(refusal, headers), refusal.started
        finally:
            ledger.request = NOBODY
            ledger.slow_issuer = False

    def run_due_jobs(self) -> None:
        """Do what is due: authorisations lapse, issuers answer late, refunds come back, old keys lapse.

        Every request does this first; call it to let time pass without one.
        """
        idempotency.forget_old(self.ledger)
        while (alarm := self.ledger.next_alarm()) is not None:
            row = self.ledger.find(alarm["id"])
            assert row is not None
            ALARMS[alarm["what"]](self.ledger, row)

    def complete_challenge(self, challenge_id: str, passed: bool) -> Row | None:
        """The buyer completes or fails 3-D Secure; the intent after it, None if nobody waits for it now."""
        self.run_due_jobs()
        return attempts.answer(self.ledger, challenge_id, passed)

    def refund_from_dashboard(self, intent_id: str, amount: int | None = None) -> Row:
        """Somebody at Tiketz presses Refund on Stripe's site. Raises Refusal as the API would."""
        self.run_due_jobs()
        asked = {"payment_intent": intent_id} | ({} if amount is None else {"amount": amount})
        return refunds.create(self.ledger, asked)

    def deliveries(self) -> list[Delivery]:
        """The webhooks due now, oldest first: freely reordered, repeated or dropped until one is settled."""
        self.run_due_jobs()
        return webhooks.due(self.ledger, self.webhook_secret)

    def mark_delivered(self, delivery: Delivery) -> None:
        """The endpoint answered 2xx (or a test drops the delivery for good)."""
        webhooks.mark_delivered(self.ledger, delivery.id)

    def mark_failed(self, delivery: Delivery) -> None:
        """The endpoint answered anything else, or nothing: it comes again, later each time."""
        webhooks.mark_failed(self.ledger, delivery.id)

    def dump(self) -> dict[str, list[Row]]:
        """The whole state as JSON values."""
        return self.ledger.to_json()

    def load(self, state: Mapping[str, Iterable[Row]]) -> None:
        """Become what `dump` told; what was known before is forgotten."""
        self.ledger.load(state)


ALARMS: Mapping[str, Callable[[Ledger, Row], Row]] = {
    "expire": intents.expire,
    "finish": attempts.finish,
    "fail": refunds.fail,
}


def _refused(refusal: Refusal, headers: dict[str, str]) -> ApiResponse:
    if refusal.should_retry is not None:
        headers["Stripe-Should-Retry"] = str(refusal.should_retry).lower()
    return ApiResponse(refusal.status, {"error": refusal.error}, headers)
