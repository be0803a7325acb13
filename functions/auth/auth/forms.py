"""What the HTTP API reads and returns: bodies, responses, and the fields that they share."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field
from tiketz_common.http import Body, View

from auth import addresses, common_passwords, model


def _uncommon(password: str) -> str:
    """The password. Raises ValueError where it is one of the most common."""
    if common_passwords.contains(password):
        raise ValueError("This is one of the most common passwords; choose another.")
    return password


_EMAIL = Field(json_schema_extra={"format": "email"})
_LONGEST = {"maxLength": model.PASSWORD_LENGTH.stop - 1}

TypedEmail = Annotated[str, AfterValidator(addresses.as_typed), _EMAIL]
"""An address that may have an account, also an older one."""
NewEmail = Annotated[str, AfterValidator(addresses.canonical), _EMAIL]
Password = Annotated[
    str,
    AfterValidator(model.normalize_password),
    Field(json_schema_extra={"minLength": 1, **_LONGEST}),
]
NewPassword = Annotated[
    str,
    AfterValidator(model.normalize_new_password),
    AfterValidator(_uncommon),
    Field(json_schema_extra={"minLength": model.PASSWORD_LENGTH.start, **_LONGEST}),
]
Token = Annotated[str, Field(max_length=128)]


class Credentials(Body):
    """No error shows what was sent: it may hold a password or a token."""

    model_config = ConfigDict(hide_input_in_errors=True)


class SignUp(Credentials):
    """A new account; the password may hold any character."""

    email: NewEmail
    password: NewPassword


class SignIn(Credentials):
    """The credentials of an account."""

    email: TypedEmail
    password: Password


class DeleteAccount(Credentials):
    """The password, for a session may be stolen."""

    password: Password


class ForgotPassword(Credentials):
    """The address of an account, if there is one."""

    email: TypedEmail


class VerifyEmail(Credentials):
    """The token of a link that verifies an address."""

    token: Token


class ResetPassword(Credentials):
    """The token of a link that resets a password, and the new password."""

    token: Token
    password: NewPassword


class ChangePassword(Credentials):
    """The password as it is, for a session may be stolen, and the new one."""

    password: Password
    new_password: NewPassword


class ChangeEmail(Credentials):
    """The password, for a session may be stolen, and the new address."""

    password: Password
    email: NewEmail


class ConfirmEmail(Credentials):
    """The token of a link that confirms a new address."""

    token: Token


class UserView(View):
    """A user, as they see themselves."""

    id: str
    email: str


class CurrentUserView(View):
    """The user that the session belongs to; null without one."""

    current_user: UserView | None


class ProfileView(UserView):
    """A user, as stored at this moment."""

    verified: bool
    created_at: AwareDatetime


class SessionView(View):
    """A session; `device` is its browser and system as far as they are known."""

    id: str
    created_at: AwareDatetime
    last_used_at: AwareDatetime
    device: str | None
    current: bool


class VerifiedView(View):
    """An address is verified."""

    verified: bool


class SignedOutView(View):
    """Empty."""


class JwkView(View):
    """A public key on P-256, for ES256."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class JwksView(View):
    """The keys that sign sessions, now or soon."""

    keys: list[JwkView]


class HealthView(View):
    """`ok` where the API responds."""

    status: str
