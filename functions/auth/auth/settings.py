"""What each function of the auth service reads from its environment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`…_parameter` are names of SecureString parameters in SSM."""

    table_name: str
    signing_keys_parameter: str
    refresh_key_parameter: str
    origin_secret: str


@dataclass(frozen=True, slots=True)
class AuthorizerSettings:
    signing_keys_parameter: str


@dataclass(frozen=True, slots=True)
class ConsumerSettings:
    table_name: str
    inbox_url: str


@dataclass(frozen=True, slots=True)
class RelaySettings:
    event_bus_name: str
