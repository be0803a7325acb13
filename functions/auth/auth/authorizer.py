"""Lambda authorizer of the other services' gateways: identifies the caller, and refuses none.

The services refuse: they know which of their routes need a user. The gateway caches a response for a minute
by the request's Cookie header.
"""

from typing import Any

from tiketz_common import clock, settings

from auth import cookies, tokens
from auth.keys import KeyRing, PublicKeys
from auth.settings import AuthorizerSettings

ring = KeyRing(settings.read(AuthorizerSettings).verification_keys_parameter, PublicKeys.parse)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{userId, email}` of a valid session as API Gateway's simple response; `{}` without one."""
    token = cookies.read(event, cookies.SESSION)
    user = tokens.verify(token, ring, clock.now()) if token else None
    return {"isAuthorized": True, "context": {"userId": user.id, "email": user.email} if user else {}}
