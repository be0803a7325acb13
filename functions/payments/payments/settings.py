"""What each function of the payments service reads from its environment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeSettings:
    """What calls Stripe. `…_parameter` are names of SecureString parameters in SSM."""

    table_name: str
    stripe_api_base: str
    stripe_secret_key_parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings(StripeSettings):
    origin_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings(StripeSettings):
    origin_secret: str
    stripe_webhook_secret_parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerSettings(StripeSettings):
    inbox_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweeperSettings(StripeSettings):
    pass


@dataclass(frozen=True, slots=True)
class RelaySettings:
    event_bus_name: str
