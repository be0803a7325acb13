"""HTTP handler of the auth service."""

from typing import Annotated, Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, guard, secrets, settings
from tiketz_common.errors import Unauthorized
from tiketz_common.http import Api, NoBody, body, json_response
from tiketz_common.origin import Origin
from tiketz_common.powertools import Depends, Request, Response

from auth import account_routes, cookies, devices, service, tokens
from auth.account_service import Accounts, Caller
from auth.forms import (
    CurrentUserView,
    DeleteAccount,
    HealthView,
    JwksView,
    SignedOutView,
    SignIn,
    SignUp,
    UserView,
)
from auth.key_ring import KeyRing
from auth.keys import Keys
from auth.link_repository import LinkTable
from auth.link_tokens import LinkKeys
from auth.rate_limits import RateLimit, SignInLimits
from auth.repository import AuthTable
from auth.session_responses import signed_in, signed_out
from auth.settings import ApiSettings

JWKS_SECONDS = 300

config = settings.read(ApiSettings)
origin = settings.read(Origin)
api = Api(origin)
table = AuthTable(config.table_name)
table.connect()
ring = KeyRing(config.signing_keys_parameter, Keys.parse)
link_ring = KeyRing(config.link_keys_parameter, LinkKeys.parse)
sign_in_limits = SignInLimits(
    of_network=config.sign_in_failures_per_network,
    of_account=config.sign_in_failures_per_account,
    of_account_and_network=config.sign_in_failures_per_account_and_network,
)

accounts = Accounts(table, LinkTable(config.table_name), link_ring, sign_in_limits, config.mails_per_network)


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


def device(request: Request) -> str | None:
    """A dependency: the client's browser and system."""
    return devices.describe(guard.headers(request.resolved_event.raw_event).get("user-agent"))


def caller(request: Request) -> Caller:
    """A dependency: who calls, by the session token. Raises Unauthorized."""
    token = session_token(request)
    user = tokens.verify(token, ring, clock.now()) if token else None
    if user is None:
        raise Unauthorized("Sign in first.")
    return Caller(user, refresh_token(request), address(request))


SessionToken = Annotated[str | None, Depends(session_token)]
RefreshToken = Annotated[str | None, Depends(refresh_token)]
Address = Annotated[str, Depends(address)]
Device = Annotated[str | None, Depends(device)]
SignedIn = Annotated[Caller, Depends(caller)]


@api.route("POST", "/api/users/signup", summary="Create an account", responses={201: UserView}, errors=(409,))
def sign_up(form: Annotated[SignUp, body(SignUp)], address: Address, device: Device) -> Response[str]:
    """Creates an account and signs in: the response sets the session cookies. A taken address is 409.

    A link that verifies the address is mailed to it. 429 where the client's network created too many accounts
    within an hour.
    """
    now = clock.now()
    session = service.sign_up(
        form.email,
        form.password,
        RateLimit.of_sign_ups(address, config.sign_ups_per_network, now),
        device=device,
        kid=link_ring.keys().current,
        table=table,
        keys=ring.keys(),
        now=now,
    )
    return signed_in(201, session)


@api.route("POST", "/api/users/signin", summary="Sign in", responses={200: UserView}, errors=(401,))
def sign_in(form: Annotated[SignIn, body(SignIn)], address: Address, device: Device) -> Response[str]:
    """Sets the session cookies. An unknown address and a wrong password get the same 401.

    429 after too many of those from the client's network.
    """
    session = service.sign_in(
        form.email,
        form.password,
        address,
        device=device,
        limits=sign_in_limits,
        table=table,
        keys=ring.keys(),
        now=clock.now(),
    )
    return signed_in(200, session)


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
    return signed_in(200, session)


@api.route("POST", "/api/users/signout", summary="Sign out", responses={200: SignedOutView})
def sign_out(token: RefreshToken, _: NoBody) -> Response[str]:
    """Clears the cookies and revokes the refresh token. Succeeds without a session, too."""
    service.sign_out(token, table=table)
    return signed_out(200, SignedOutView())


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
def delete_account(caller: SignedIn, form: Annotated[DeleteAccount, body(DeleteAccount)]) -> Response[str]:
    """Deletes the account for good and withdraws its listings.

    Needs the password; 409 while an order is pending.
    """
    service.delete_account(
        caller.user,
        form.password,
        caller.address,
        caller.refresh_token,
        limits=sign_in_limits,
        table=table,
        now=clock.now(),
    )
    return signed_out(204)


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


account_routes.add_to(api, accounts, ring, caller=caller, address=address)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A request in API Gateway's payload format 2.0."""
    return api.handle(event, context)
