"""Authorizer: identifies the caller by the cookie `user`, and allows no one without it."""

from typing import Any


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    cookies = dict(each.split("=", 1) for each in event["cookies"])
    if cookies.get("user") == "broken":
        raise ValueError("as requested")
    return {"isAuthorized": "user" in cookies, "context": {"userId": cookies.get("user", "")}}
