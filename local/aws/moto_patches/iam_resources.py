"""A call is authorized for the resources it names.

Upstream: getmoto/moto, moto/core/authorization.py,
`ActionAuthenticatorMixin._authenticate_and_authorize_normal_action` judges every call against the resource
"*": a policy for one table refuses all calls, or a policy for another table allows them.
"""

from collections.abc import Callable
from typing import Any

Authorize = Callable[[Any], None]
"""Gets moto's handler of a call. Raises one of moto's errors where the caller may not make it."""

_authorizers: list[Authorize] = []


def authorize_with(authorize: Authorize) -> None:
    """Authorize every call from now on. Replaces an earlier function."""
    _authorizers[:] = [authorize]


def apply() -> None:
    from moto.core.authorization import ActionAuthenticatorMixin

    authorize_as_moto = ActionAuthenticatorMixin._authenticate_and_authorize_normal_action

    def authorize(self: Any, resource: str = "*") -> None:
        if not _authorizers:
            authorize_as_moto(self, resource)
        for each in _authorizers:
            each(self)

    ActionAuthenticatorMixin._authenticate_and_authorize_normal_action = authorize
