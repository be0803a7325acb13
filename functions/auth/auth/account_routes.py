"""Routes of one's own account: profile, sessions, password, address, and the links that are mailed."""

from collections.abc import Callable
from typing import Annotated

from tiketz_common import clock
from tiketz_common.http import Api, NoBody, body, json_response, page_response
from tiketz_common.powertools import Depends, Request, Response

from auth import account_service, forms, tokens
from auth.account_service import Accounts, Caller
from auth.key_ring import KeyRing
from auth.keys import Keys
from auth.model import Family
from auth.session_responses import UNCACHED, renewed


def add_to(
    api: Api,
    accounts: Accounts,
    ring: KeyRing[Keys],
    *,
    caller: Callable[[Request], Caller],
    address: Callable[[Request], str],
) -> None:
    """Register the routes. `caller` and `address` are dependencies; `caller` raises Unauthorized."""
    _add_profile(api, accounts, caller)
    _add_sessions(api, accounts, ring, caller)
    _add_links(api, accounts, caller, address)
    _add_changes(api, accounts, ring, caller)


def _add_profile(api: Api, accounts: Accounts, caller: Callable[[Request], Caller]) -> None:
    @api.route(
        "GET",
        "/api/users/me",
        summary="The caller's account",
        responses={200: forms.ProfileView},
        errors=(401,),
    )
    def show_profile(signed_in: Annotated[Caller, Depends(caller)]) -> Response[str]:
        """The caller as stored, also where the session token is older than the last change."""
        profile = account_service.profile(signed_in, accounts)
        user = profile.user
        view = forms.ProfileView(
            id=user.id, email=user.email, verified=user.verified, created_at=profile.created_at
        )
        return json_response(200, view, headers=UNCACHED)


def _add_sessions(
    api: Api, accounts: Accounts, ring: KeyRing[Keys], caller: Callable[[Request], Caller]
) -> None:
    @api.route(
        "GET",
        "/api/users/me/sessions",
        summary="The caller's sessions",
        responses={200: list[forms.SessionView]},
        errors=(401,),
    )
    def list_sessions(signed_in: Annotated[Caller, Depends(caller)]) -> Response[str]:
        """Where the caller is signed in, the latest used first; `current` is the session of this request."""
        own = account_service.sessions(signed_in, accounts, clock.now())
        response = page_response([_session_view(*each) for each in own], "", {}, None)
        response.headers.update(UNCACHED)
        return response

    @api.route(
        "DELETE",
        "/api/users/me/sessions",
        summary="Sign out everywhere else",
        responses={204: None},
        errors=(401,),
    )
    def end_other_sessions(signed_in: Annotated[Caller, Depends(caller)], _: NoBody) -> Response[str]:
        """Ends all other sessions of the caller, and voids links that were mailed before.

        A session token that another device has lives out its fifteen minutes.
        """
        now = clock.now()
        user = account_service.end_other_sessions(signed_in, accounts, now)
        return renewed(204, tokens.issue(user, ring.keys(), now))


def _add_links(
    api: Api,
    accounts: Accounts,
    caller: Callable[[Request], Caller],
    address: Callable[[Request], str],
) -> None:
    @api.route(
        "POST",
        "/api/users/verification",
        summary="Have a link mailed that verifies the address",
        responses={202: None},
        errors=(401,),
    )
    def request_verification(signed_in: Annotated[Caller, Depends(caller)], _: NoBody) -> Response[str]:
        """A link is on its way, valid for a day. Nothing happens where the address is verified."""
        account_service.request_verification(signed_in, accounts, clock.now())
        return json_response(202, headers=UNCACHED)

    @api.route("POST", "/api/users/verify", summary="Verify the address", responses={200: forms.VerifiedView})
    def verify_email(form: Annotated[forms.VerifyEmail, body(forms.VerifyEmail)]) -> Response[str]:
        """Uses the token of a mailed link; nobody has to be signed in.

        400 where the token is unknown, used, or older than a day.
        """
        account_service.verify(form.token, accounts, clock.now())
        return json_response(200, forms.VerifiedView(verified=True), headers=UNCACHED)

    @api.route(
        "POST",
        "/api/users/forgot",
        summary="Have a link mailed that resets the password",
        responses={202: None},
    )
    def forgot_password(
        form: Annotated[forms.ForgotPassword, body(forms.ForgotPassword)],
        from_address: Annotated[str, Depends(address)],
    ) -> Response[str]:
        """The same answer, after as long, whether the address has an account or not; the link is valid for
        half an hour.
        """
        account_service.request_reset(form.email, from_address, accounts, clock.now())
        return json_response(202, headers=UNCACHED)

    @api.route("POST", "/api/users/reset", summary="Reset the password", responses={204: None})
    def reset_password(form: Annotated[forms.ResetPassword, body(forms.ResetPassword)]) -> Response[str]:
        """Uses the token of a mailed link. All sessions of the account end; sign in afterwards.

        400 where the token is unknown, used, older than half an hour, or from before another change.
        """
        account_service.reset(form.token, form.password, accounts, clock.now())
        return json_response(204, headers=UNCACHED)


def _add_changes(
    api: Api, accounts: Accounts, ring: KeyRing[Keys], caller: Callable[[Request], Caller]
) -> None:
    @api.route(
        "PUT",
        "/api/users/me/password",
        summary="Change the password",
        responses={204: None},
        errors=(401,),
    )
    def change_password(
        signed_in: Annotated[Caller, Depends(caller)],
        form: Annotated[forms.ChangePassword, body(forms.ChangePassword)],
    ) -> Response[str]:
        """Needs the password as it is (401 for a wrong one). Ends all other sessions."""
        now = clock.now()
        user = account_service.change_password(signed_in, form.password, form.new_password, accounts, now)
        return renewed(204, tokens.issue(user, ring.keys(), now))

    @api.route(
        "PUT",
        "/api/users/me/email",
        summary="Have a link mailed to a new address",
        responses={202: None},
        errors=(401,),
    )
    def change_email(
        signed_in: Annotated[Caller, Depends(caller)],
        form: Annotated[forms.ChangeEmail, body(forms.ChangeEmail)],
    ) -> Response[str]:
        """Needs the password (401 for a wrong one). The old address gets a warning.

        The same answer whether the new address has an account or not.
        """
        account_service.request_email(signed_in, form.password, form.email, accounts, clock.now())
        return json_response(202, headers=UNCACHED)

    @api.route(
        "POST",
        "/api/users/me/email/confirm",
        summary="Confirm the new address",
        responses={200: forms.UserView},
        errors=(401, 409),
    )
    def confirm_email(
        signed_in: Annotated[Caller, Depends(caller)],
        form: Annotated[forms.ConfirmEmail, body(forms.ConfirmEmail)],
    ) -> Response[str]:
        """Uses the token of a mailed link, by the user who requested it. Ends all other sessions.

        409 where another account has the address by now.
        """
        now = clock.now()
        user = account_service.confirm_email(signed_in, form.token, accounts, now)
        return renewed(200, tokens.issue(user, ring.keys(), now), forms.UserView.model_validate(user))


def _session_view(family: Family, current: bool) -> forms.SessionView:
    return forms.SessionView(
        id=family.id,
        created_at=family.created_at or family.last_used_at,
        last_used_at=family.last_used_at,
        device=family.device,
        current=current,
    )
