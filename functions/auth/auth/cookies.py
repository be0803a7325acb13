"""The two cookies of a session, by name and as a request brings them.

By their prefixes a browser holds us to https and, for the session, to this very host (RFC 6265bis §4.1.3).
"""

from typing import Any

SESSION = "__Host-session"
REFRESH = "__Secure-refresh"
REFRESH_PATH = "/api/users"


def read(event: dict[str, Any], name: str) -> str | None:
    """A cookie of a request in payload format 2.0, the first of that name; None where it is absent.

    API Gateway lists cookies apart from the headers; other gateways leave them there.
    """
    headers = {key.lower(): value for key, value in (event.get("headers") or {}).items()}
    pairs: list[str] = event.get("cookies") or headers.get("cookie", "").split(";")
    found = {given.strip(): value for given, _, value in (pair.partition("=") for pair in reversed(pairs))}
    return found[name].strip() if name in found else None
