"""What each function of the auth service reads from its environment.

`…_parameter` is the name of a SecureString parameter in SSM.
"""

from typing import NamedTuple


class ApiSettings(NamedTuple):
    """Of `auth.api`."""

    table_name: str
    signing_keys_parameter: str
    refresh_key_parameter: str
    link_keys_parameter: str
    sign_ups_per_network: int  # an hour
    sign_in_failures_per_network: int  # a quarter of an hour, as the following
    sign_in_failures_per_account: int
    sign_in_failures_per_account_and_network: int
    mails_per_network: int  # an hour


class AuthorizerSettings(NamedTuple):
    """Of `auth.authorizer`; the parameter is a String, a JWKS of public keys."""

    verification_keys_parameter: str


class ConsumerSettings(NamedTuple):
    """Of `auth.consumer`."""

    table_name: str
    inbox_url: str
    inbox_dead_url: str


class DirectorySettings(NamedTuple):
    """Of `auth.user_directory`."""

    table_name: str
    link_keys_parameter: str


class RelaySettings(NamedTuple):
    """Of `auth.relay`."""

    event_bus_name: str
    relay_failed_url: str
