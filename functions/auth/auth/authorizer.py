"""Lambda authorizer of the other services' gateways: identifies the caller, and refuses none.

The services refuse: they know which of their routes need a user. The gateway caches a response for a minute
by the request's Cookie header.
"""

from typing import Any

from tiketz_common import clock, settings

from auth import cookies, tokens
from auth.key_ring import KeyRing
from auth.keys import PublicKeys
from auth.settings import AuthorizerSettings

ring = KeyRing(settings.read(AuthorizerSettings).verification_keys_parameter, PublicKeys.parse)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{userId, email, verified}` of a valid session as API Gateway's simple response; `{}` without one.

    Values may be strings, numbers, booleans, arrays and maps
    (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html).
    """
    token = cookies.read(event, cookies.SESSION)
    user = tokens.verify(token, ring, clock.now()) if token else None
    context = {"userId": user.id, "email": user.email, "verified": user.verified} if user else {}
    return {"isAuthorized": True, "context": context}
