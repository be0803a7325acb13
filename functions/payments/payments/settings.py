"""What each function of the payments service reads from its environment.

`…_parameter` is the name of a SecureString parameter in SSM.
"""

from typing import NamedTuple


class StripeSettings(NamedTuple):
    """Of every function that calls Stripe."""

    event_bus_name: str
    stripe_api_base: str
    stripe_secret_key_parameter: str


class ApiSettings(NamedTuple):
    """Of `payments.api`."""

    table_name: str


class WebhookSettings(NamedTuple):
    """Of `payments.webhook`."""

    table_name: str
    stripe_webhook_secret_parameter: str
    max_declined_cards: int  # within ten minutes


class ConsumerSettings(NamedTuple):
    """Of `payments.consumer`."""

    table_name: str
    inbox_url: str
    inbox_dead_url: str


class RelaySettings(NamedTuple):
    """Of `payments.relay`."""

    event_bus_name: str
    relay_failed_url: str


class SweeperSettings(NamedTuple):
    """Of `payments.sweeper`."""

    table_name: str
