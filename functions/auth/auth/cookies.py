"""The two cookies of a session: their names, and their values in a request.

Their prefixes make a browser insist on https and, for the session, on this very host (RFC 6265bis §4.1.3).
"""

from typing import Any

SESSION = "__Host-session"
REFRESH = "__Secure-refresh"
REFRESH_PATH = "/api/users"


def read(event: dict[str, Any], name: str) -> str | None:
    """A cookie of a request in payload format 2.0, the first of that name; None where it is absent.

    API Gateway lists cookies apart from the headers; other gateways leave them in the Cookie header.
    """
    headers = {key.lower(): value for key, value in (event.get("headers") or {}).items()}
    pairs: list[str] = event.get("cookies") or headers.get("cookie", "").split(";")
    cookies = {key.strip(): value for key, _, value in (pair.partition("=") for pair in reversed(pairs))}
    return cookies[name].strip() if name in cookies else None
