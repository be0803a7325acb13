"""API keys: a server has the secret key, a browser the publishable one."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from local.stripe.errors import raw_card_data, unauthorized
from local.stripe.operations import Operation
from local.stripe.params import Raw


@dataclass(frozen=True, slots=True)
class ApiKeys:
    secret: str
    publishable: str

    def is_publishable(self, authorization: str, operation: Operation, raw: Mapping[str, Raw]) -> bool:
        """Whether the key is the publishable one.

        Raises ApiError for an unknown key, for a publishable key without a client secret or with an operation
        that needs the secret key, and for a secret key with card details.
        """
        key = _sent_key(authorization) or raw.get("key")
        if key == self.secret:
            if "payment_method_data" in raw:
                raise raw_card_data()
            return False
        if key == self.publishable:
            if operation.browser is None or "client_secret" not in raw:
                raise unauthorized(
                    "This API call cannot be made with a publishable API key. Please use a secret API key. "
                    "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
                    "secret_key_required",
                )
            return True
        if not key:
            raise unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization "
                "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
                "https://stripe.com/docs/api#authentication for details, or we can help at "
                "https://support.stripe.com/."
            )
        shown = str(key)
        raise unauthorized(f"Invalid API Key provided: {shown[:8]}{'*' * 8}{shown[-4:]}")


def _sent_key(authorization: str) -> str:
    """The key in `Bearer sk_…`, or the user name of `Basic …` (curl -u sk_…:)."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return value
    return ""
