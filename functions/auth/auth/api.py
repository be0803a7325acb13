"""HTTP handler of the auth service."""

from typing import Annotated, Any

from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AfterValidator, ConfigDict, Field
from tiketz_common import clock, guard, secrets, settings
from tiketz_common.errors import Unauthorized
from tiketz_common.http import Api, Body, NoBody, View, body, json_response
from tiketz_common.origin import Origin
from tiketz_common.powertools import Depends, Request, Response

from auth import cookies, model, service, tokens
from auth.keys import KeyRing, Keys
from auth.rate_limits import RateLimit, SignInLimits
from auth.repository import AuthTable
from auth.settings import ApiSettings

JWKS_SECONDS = 300

config = settings.read(ApiSettings)
origin = settings.read(Origin)
api = Api(origin)
table = AuthTable(config.table_name)
table.connect()
ring = KeyRing(config.signing_keys_parameter, Keys.parse)
sign_in_limits = SignInLimits(
    of_network=config.sign_in_failures_per_network,
    of_account=config.sign_in_failures_per_account,
    of_account_and_network=config.sign_in_failures_per_account_and_network,
)


def session_token(request: Request) -> str | None:
    """A dependency: the session cookie's token."""
    return cookies.read(request.resolved_event.raw_event, cookies.SESSION)


def refresh_token(request: Request) -> str | None:
    """A dependency: the refresh cookie's token."""
    return cookies.read(request.resolved_event.raw_event, cookies.REFRESH)


def address(request: Request) -> str:
    """The client's IP address: from CloudFront's header if that is trusted, else as API Gateway saw it."""
    event = request.resolved_event.raw_event
    viewer = origin.trusted(guard.headers(event), "x-viewer-ip")
    return viewer or str(event["requestContext"]["http"]["sourceIp"])


SessionToken = Annotated[str | None, Depends(session_token)]
RefreshToken = Annotated[str | None, Depends(refresh_token)]
Address = Annotated[str, Depends(address)]

Email = Annotated[
    str,
    AfterValidator(model.normalize_email),
    Field(json_schema_extra={"format": "email"}),
]
_LONGEST = {"maxLength": model.PASSWORD_LENGTH.stop - 1}
Password = Annotated[
    str,
    AfterValidator(model.normalize_password),
    Field(json_schema_extra={"minLength": 1, **_LONGEST}),
]
NewPassword = Annotated[
    str,
    AfterValidator(model.normalize_new_password),
    Field(json_schema_extra={"minLength": model.PASSWORD_LENGTH.start, **_LONGEST}),
]


class Credentials(Body):
    """No error shows what was sent: it may hold a password."""

    model_config = ConfigDict(hide_input_in_errors=True)


class SignUp(Credentials):
    """A new account; the password may hold any character."""

    email: Email
    password: NewPassword


class SignIn(Credentials):
    """The credentials of an account."""

    email: Email
    password: Password


class DeleteAccount(Credentials):
    """The password, for a session may be stolen."""

    password: Password


class UserView(View):
    """A user, as they see themselves."""

    id: str
    email: str


class CurrentUserView(View):
    """The user that the session belongs to; null without one."""

    current_user: UserView | None


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


@api.route("POST", "/api/users/signup", summary="Create an account", responses={201: UserView}, errors=(409,))
def sign_up(form: Annotated[SignUp, body(SignUp)], address: Address) -> Response[str]:
    """Creates an account and signs in: the response sets the session cookies. A taken address is 409.

    429 where the client's network created too many accounts within an hour.
    """
    now = clock.now()
    rate_limit = RateLimit.of_sign_ups(address, config.sign_ups_per_network, now)
    session = service.sign_up(form.email, form.password, rate_limit, table=table, keys=ring.keys(), now=now)
    return _signed_in(201, session)


@api.route("POST", "/api/users/signin", summary="Sign in", responses={200: UserView}, errors=(401,))
def sign_in(form: Annotated[SignIn, body(SignIn)], address: Address) -> Response[str]:
    """Sets the session cookies. An unknown address and a wrong password get the same 401.

    429 after too many of those from the client's network.
    """
    session = service.sign_in(
        form.email,
        form.password,
        address,
        limits=sign_in_limits,
        table=table,
        keys=ring.keys(),
        now=clock.now(),
    )
    return _signed_in(200, session)


@api.route(
    "POST", "/api/users/refresh", summary="Prolong the session", responses={200: UserView}, errors=(401,)
)
def refresh(token: RefreshToken, _: NoBody) -> Response[str]:
    """Replaces both session cookies.

    Using a refresh token again after ten seconds signs its session out.
    """
    server_key = secrets.read(config.refresh_key_parameter)
    session = service.refresh(
        token or "", table=table, keys=ring.keys(), server_key=server_key, now=clock.now()
    )
    return _signed_in(200, session)


@api.route("POST", "/api/users/signout", summary="Sign out", responses={200: SignedOutView})
def sign_out(token: RefreshToken, _: NoBody) -> Response[str]:
    """Clears the cookies and revokes the refresh token. Succeeds without a session, too."""
    service.sign_out(token, table=table)
    return json_response(200, SignedOutView(), cookies=[_session("", 0), _refresh("", 0)])


@api.route("GET", "/api/users/currentuser", summary="Who is signed in", responses={200: CurrentUserView})
def current_user(token: SessionToken) -> Response[str]:
    """The user that the session cookie belongs to; null without a valid one."""
    user = tokens.verify(token, ring, clock.now()) if token else None
    view = CurrentUserView(current_user=UserView.model_validate(user) if user else None)
    return json_response(200, view)


@api.route(
    "DELETE",
    "/api/users/me",
    summary="Delete the account, unless an order is pending",
    responses={204: None},
    errors=(401, 409),
)
def delete_account(
    token: SessionToken,
    refresh: RefreshToken,
    form: Annotated[DeleteAccount, body(DeleteAccount)],
    address: Address,
) -> Response[str]:
    """Deletes the account for good and withdraws its listings.

    Needs the password; 409 while an order is pending.
    """
    user = tokens.verify(token, ring, clock.now()) if token else None
    if user is None:
        raise Unauthorized("Sign in first.")
    service.delete_account(
        user, form.password, address, refresh, limits=sign_in_limits, table=table, now=clock.now()
    )
    return json_response(204, cookies=[_session("", 0), _refresh("", 0)])


@api.route(
    "GET", "/api/users/jwks.json", summary="The public keys of sessions (RFC 7517)", responses={200: JwksView}
)
def jwks() -> Response[str]:
    """Keys to verify session tokens with, by `kid`. Cached; a new key is listed before it signs."""
    view = JwksView.model_validate({"keys": ring.keys().jwks})
    return json_response(200, view, headers={"Cache-Control": f"public, max-age={JWKS_SECONDS}"})


@api.route("GET", "/api/health", summary="Whether the API responds", responses={200: HealthView})
def health() -> Response[str]:
    """Answers while the API runs. Checks no other service."""
    return json_response(200, HealthView(status="ok"))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A request in API Gateway's payload format 2.0."""
    return api.handle(event, context)


def _signed_in(status: int, session: service.Session) -> Response[str]:
    pair = [
        _session(session.token, int(model.SESSION.total_seconds())),
        _refresh(session.refresh_token, int(model.REFRESH.total_seconds())),
    ]
    return json_response(status, UserView.model_validate(session.user), cookies=pair)


def _session(value: str, seconds: int) -> Cookie:
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
