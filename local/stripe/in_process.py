"""The state machine as a transport of stripe-python: product code calls StripeClient without a socket."""

from collections.abc import Callable, Mapping
from typing import Any

import stripe
from requests.structures import CaseInsensitiveDict

from local.stripe.faults import Disconnected
from local.stripe.machine import Stripe
from local.stripe.webhooks import Delivery

BASE = "https://api.stripe.com"


def client(
    machine: Stripe, *, api_key: str | None = None, max_network_retries: int = 0
) -> stripe.StripeClient:
    """A StripeClient whose requests go to `machine`. Retries don't sleep."""
    return stripe.StripeClient(
        api_key or machine.keys.secret,
        http_client=InProcess(machine),
        max_network_retries=max_network_retries,
    )


def deliver(machine: Stripe, send: Callable[[Delivery], int]) -> int:
    """Send every due webhook with `send`, which returns an HTTP status. Returns how many succeeded."""
    accepted = 0
    for delivery in machine.deliveries():
        if 200 <= send(delivery) < 300:
            machine.mark_delivered(delivery)
            accepted += 1
        else:
            machine.mark_failed(delivery)
    return accepted


class InProcess(stripe.HTTPClient):
    """A transport as stripe-python defines it: a request in, (body, status, headers) out."""

    name = "in_process"

    def __init__(self, machine: Stripe) -> None:
        super().__init__()
        self.machine = machine

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: Any = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        headers = headers or {}
        path, _, query = url.removeprefix(BASE).partition("?")
        try:
            response = self.machine.request(
                method,
                path,
                post_data if method == "post" else query,
                authorization=headers.get("Authorization", ""),
                idempotency_key=headers.get("Idempotency-Key"),
                version=headers.get("Stripe-Version"),
            )
        except Disconnected as lost:
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                "Unexpected error communicating with Stripe.\n\n(Network error: the connection was closed)",
                should_retry=True,
            ) from lost
        return response.text, response.status, CaseInsensitiveDict(response.headers)

    def close(self) -> None:
        """Nothing is open."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.0
