"""Stripe calls of the commands, with the stage's own secret key."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

import stripe
from payments.stripe_events import WEBHOOK_EVENTS
from stripe import APIConnectionError, RequestsClient, StripeClient, StripeError, WebhookEndpoint

from operate import secrets
from operate.command import CommandError
from operate.stages import Stage

TAG = "tiketz_secret"  # in an endpoint's metadata
TIMEOUT_SECONDS = 30
T = TypeVar("T")


def call(stage: Stage, request: Callable[[StripeClient], T]) -> T:
    """The result of a request. Raises CommandError with Stripe's own sentence where it is refused."""
    base = stage.parameters.get("StripeApiBase", "https://api.stripe.com")
    client = StripeClient(
        str(secrets.read(stage, "stripe/secret-key")),
        base_addresses={"api": base},
        http_client=RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=0,
    )
    try:
        return request(client)
    except APIConnectionError as error:
        raise CommandError(f"Stripe can't be reached at {base}.") from error
    except StripeError as error:
        raise CommandError(f"Stripe request failed: {error.user_message or error}") from error


def register_webhook(stage: Stage, url: str) -> tuple[str, str]:
    """Have Stripe send the events that payments consumes to this URL: the endpoint's id and signing secret.

    Events come in the API version of the SDK that reads them, whatever the account's own version is
    (https://docs.stripe.com/webhooks/versioning).

    Stripe returns the secret only once, so an existing endpoint is replaced. Store the secret before
    `tag_endpoint`, which may fail too. Raises CommandError.
    """
    for each in endpoints(stage, url):
        delete_endpoint(stage, each.id)
    # Their types are the lists of all event names and versions.
    events: Any = WEBHOOK_EVENTS
    version: Any = stripe.api_version
    created = call(
        stage,
        lambda client: client.v1.webhook_endpoints.create(
            {"url": url, "enabled_events": events, "api_version": version}
        ),
    )
    return created.id, str(created.secret)


def tag_endpoint(stage: Stage, endpoint: str, secret: str) -> None:
    """Record in the endpoint's metadata which secret it signs with. Raises CommandError."""
    metadata = {TAG: _digest(secret)}
    call(stage, lambda client: client.v1.webhook_endpoints.update(endpoint, {"metadata": metadata}))


def is_registered(stage: Stage, url: str, secret: str) -> bool:
    """Whether the secret key's account and mode sends all events to this URL, signed with this secret.

    In the SDK's API version. Raises CommandError.
    """
    return any(
        each.status == "enabled"
        and each.api_version == stripe.api_version
        and set(each.enabled_events) == set(WEBHOOK_EVENTS)
        and _signs_with(each, secret)
        for each in endpoints(stage, url)
    )


def endpoints_signing_with(stage: Stage, secret: str) -> list[WebhookEndpoint]:
    """The endpoints of any URL that were tagged with this secret. Raises CommandError."""
    return [each for each in _all_endpoints(stage) if _signs_with(each, secret)]


def endpoints(stage: Stage, url: str) -> list[WebhookEndpoint]:
    """The endpoints with this URL. Raises CommandError."""
    return [each for each in _all_endpoints(stage) if each.url == url]


def _all_endpoints(stage: Stage) -> list[WebhookEndpoint]:
    """An account has at most 16."""
    return list(call(stage, lambda client: client.v1.webhook_endpoints.list({"limit": 100})).data)


def _signs_with(endpoint: WebhookEndpoint, secret: str) -> bool:
    return bool(endpoint.metadata.to_dict().get(TAG) == _digest(secret))


def delete_endpoint(stage: Stage, endpoint: str) -> None:
    """Delete a webhook endpoint. Raises CommandError."""
    call(stage, lambda client: client.v1.webhook_endpoints.delete(endpoint))


def _digest(secret: str) -> str:
    """Identifies a signing secret, which Stripe returns only once."""
    return sha256(secret.encode()).hexdigest()[:16]
