"""HTTP responses that set or clear a session's cookies."""

from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from pydantic import BaseModel
from tiketz_common.http import json_response
from tiketz_common.powertools import Response

from auth import cookies, model
from auth.forms import UserView
from auth.service import Session

UNCACHED = {"Cache-Control": "no-store"}


def signed_in(status: int, session: Session) -> Response[str]:
    """The user of a session, with both of its cookies."""
    both = [_session(session.token), _refresh(session.refresh_token, int(model.REFRESH.total_seconds()))]
    return json_response(status, UserView.model_validate(session.user), headers=UNCACHED, cookies=both)


def signed_out(status: int, content: BaseModel | None = None) -> Response[str]:
    """A response that clears both cookies."""
    return json_response(status, content, headers=UNCACHED, cookies=[_session("", 0), _refresh("", 0)])


def renewed(status: int, token: str, content: BaseModel | None = None) -> Response[str]:
    """A response with a new session token; the refresh token stays."""
    return json_response(status, content, headers=UNCACHED, cookies=[_session(token)])


def _session(value: str, seconds: int = int(model.SESSION.total_seconds())) -> Cookie:
    return Cookie(
        cookies.SESSION, value, path="/", max_age=seconds, http_only=True, same_site=SameSite.LAX_MODE
    )


def _refresh(value: str, seconds: int) -> Cookie:
    return Cookie(
        cookies.REFRESH,
        value,
        path=cookies.REFRESH_PATH,
        max_age=seconds,
        http_only=True,
        same_site=SameSite.STRICT_MODE,
    )
