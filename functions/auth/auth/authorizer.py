"""Authorizer door: tells every other service who is asking, and turns nobody away.

Refusing is the services' business: they know which of their routes need somebody. The gateway keeps an answer
for a minute, under the Cookie header it was given for.
"""

import os
from typing import Any

from tiketz_common import clock

from auth import cookies, tokens
from auth.keys import KeyRing

ring = KeyRing(os.environ["SIGNING_KEYS_PARAMETER"])


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{userId, email}` of a good session, as API Gateway's simple response; `{}` of any other."""
    token = cookies.read(event, cookies.SESSION)
    user = tokens.verify(token, ring, clock.now()) if token else None
    return {"isAuthorized": True, "context": {"userId": user.id, "email": user.email} if user else {}}
