"""Accounts that can be got back: what links do that are mailed, and changes of passwords and addresses."""

from dataclasses import dataclass
from datetime import datetime

from tiketz_common import ids, retry
from tiketz_common.errors import BadRequest, Code, Unauthorized
from tiketz_common.events import Event, marker

from auth import addresses, link_tokens, passwords, refresh_tokens, service
from auth.events import (
    EmailChanged,
    EmailChangeRequested,
    PasswordChanged,
    PasswordResetRequested,
    VerificationRequested,
)
from auth.key_ring import KeyRing
from auth.link_repository import LinkTable
from auth.link_requests import LinkInvalid, LinkRequest, Purpose
from auth.link_tokens import LinkKeys
from auth.model import Account, Family, Profile, User
from auth.rate_limits import HOUR, RateLimit, RateLimited, SignInLimits, network
from auth.repository import AuthTable

MAILS_PER_ADDRESS = 3  # an hour, for each purpose


class TooManyMails(RateLimited):
    """Too many mails were requested, to one address or from one network."""

    code: Code = "too_many_mails"
    sentence = "Too many mails were requested; wait a little and try again."


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the functions of this module use."""

    table: AuthTable
    links: LinkTable
    ring: KeyRing[LinkKeys]
    sign_in_limits: SignInLimits
    mails_per_network: int  # an hour


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the user of the session token, the refresh token, and the client's IP address."""

    user: User
    refresh_token: str | None
    address: str


def profile(caller: Caller, accounts: Accounts) -> Profile:
    """The caller as stored. Raises Unauthorized where the session is from before their last change."""
    stored = accounts.table.profile(caller.user.id)
    if stored is None or stored.user.epoch != caller.user.epoch:
        raise Unauthorized("Sign in again.", code="session_expired")
    return stored


# ---------------------------------------------------------------- sessions


def sessions(caller: Caller, accounts: Accounts, now: datetime) -> list[tuple[Family, bool]]:
    """The caller's sessions, the latest used first, each with whether it is the caller's own."""
    user = profile(caller, accounts).user
    current = _current_family(caller, user, accounts, now)
    own = current and current.id
    families = [each for each in accounts.table.families(user.id) if each.belongs_to(user, now)]
    return [(each, each.id == own) for each in sorted(families, key=_last_used, reverse=True)]


@retry.optimistic()
def end_other_sessions(caller: Caller, accounts: Accounts, now: datetime) -> User:
    """End every session and every request but the caller's session; the user. Raises Unavailable."""
    user = profile(caller, accounts).user
    accounts.links.end_sessions(user, now, keep=_kept(caller, user, accounts, now))
    return _next_epoch(user)


# ---------------------------------------------------------------- requests


def request_verification(caller: Caller, accounts: Accounts, now: datetime) -> None:
    """Have a link mailed that verifies the caller's address; nothing where it is. Raises TooManyMails."""
    user = profile(caller, accounts).user
    if not user.verified:
        request = _create(Purpose.VERIFY, user.email, accounts, now, user=user)
        _publish(request, VerificationRequested(request_id=request.id), caller.address, accounts, now)


def request_reset(email: str, address: str, accounts: Accounts, now: datetime) -> None:
    """Have a link mailed that resets a password, if there is an account, which nothing here looks up.

    `email` is as typed, `address` the client's IP address. Raises TooManyMails.
    """
    request = _create(Purpose.RESET, email, accounts, now)
    _publish(request, PasswordResetRequested(request_id=request.id), address, accounts, now)


def request_email(caller: Caller, password: str, email: str, accounts: Accounts, now: datetime) -> None:
    """Have a link mailed to a new address, and a warning to the old one, whether the new one is free or not.

    Raises Unauthorized for a wrong password, TooManyAttempts, TooManyMails, BadRequest for the same address.
    """
    user = _authenticated(caller, password, accounts, now).user
    if email == user.email:
        raise BadRequest("This is your address already.", field="email")
    request = _create(Purpose.EMAIL, email, accounts, now, user=user, old_email=user.email)
    _publish(request, EmailChangeRequested(request_id=request.id), caller.address, accounts, now)


# ---------------------------------------------------------------- changes


@retry.optimistic()
def verify(token: str, accounts: Accounts, now: datetime) -> None:
    """Use a link: its user's address is verified. Raises LinkInvalid, Unavailable."""
    request = _opened(token, Purpose.VERIFY, accounts, now)
    accounts.links.verify(request, _requester(request, accounts), now)


def reset(token: str, password: str, accounts: Accounts, now: datetime) -> None:
    """Use a link: its user has a new password, and no session. Raises LinkInvalid, Unavailable."""
    _opened(token, Purpose.RESET, accounts, now)  # before the hash, which takes its time
    password_hash = passwords.hash_password(password)

    @retry.optimistic()
    def change() -> None:
        request = _opened(token, Purpose.RESET, accounts, now)
        user = _requester(request, accounts)
        event = _marked(PasswordChanged(user_id=user.id, request_id=request.id), now)
        accounts.links.reset_password(request, event, user, password_hash, now)

    change()


def change_password(
    caller: Caller, password: str, new_password: str, accounts: Accounts, now: datetime
) -> User:
    """The caller has a new password, and only this session; the user.

    Raises Unauthorized for a wrong password, TooManyAttempts, Unavailable.
    """
    account = _authenticated(caller, password, accounts, now)
    password_hash = passwords.hash_password(new_password)
    request = _create(Purpose.PASSWORD, account.user.email, accounts, now, user=account.user)
    event = _marked(PasswordChanged(user_id=account.user.id, request_id=request.id), now)

    @retry.optimistic()
    def change() -> User:
        user = profile(caller, accounts).user
        keep = _kept(caller, user, accounts, now)
        accounts.links.change_password(request, event, user, password_hash, now, keep=keep)
        return _next_epoch(user)

    return change()


@retry.optimistic()
def confirm_email(caller: Caller, token: str, accounts: Accounts, now: datetime) -> User:
    """Use a link: the caller has a new, verified address, and only this session; the user.

    Raises LinkInvalid, also for another user's link, Conflict where the address is taken, Unavailable.
    """
    request = _opened(token, Purpose.EMAIL, accounts, now)
    user = profile(caller, accounts).user
    if request.user_id != user.id or request.epoch != user.epoch:
        raise LinkInvalid
    account = accounts.table.account_of([user.email])
    if account is None or account.user.id != user.id:
        raise retry.Contended
    event = _marked(EmailChanged(user_id=user.id, request_id=request.id), now)
    keep = _kept(caller, user, accounts, now)
    accounts.links.change_email(request, event, account, now, keep=keep)
    return User(user.id, request.email, verified=True, epoch=user.epoch + 1)


# ---------------------------------------------------------------- parts


def _authenticated(caller: Caller, password: str, accounts: Accounts, now: datetime) -> Account:
    """The caller's account, opened by its password. Raises Unauthorized, TooManyAttempts."""
    account = service.authenticate(
        profile(caller, accounts).user.email,
        password,
        caller.address,
        limits=accounts.sign_in_limits,
        table=accounts.table,
        now=now,
    )
    if account is None:
        raise Unauthorized("The password is wrong.", code="wrong_password", field="password")
    return account


def _create(
    purpose: Purpose,
    email: str,
    accounts: Accounts,
    now: datetime,
    *,
    user: User | None = None,
    old_email: str | None = None,
) -> LinkRequest:
    return LinkRequest.create(
        ids.new(),
        purpose,
        accounts.ring.keys().current,
        email,
        now,
        user_id=user.id if user else None,
        epoch=user.epoch if user else None,
        old_email=old_email,
    )


def _publish(request: LinkRequest, event: Event, address: str, accounts: Accounts, now: datetime) -> None:
    """Store a request with its event. Raises TooManyMails."""
    mailed = filter(None, (request.email, request.old_email))
    subjects = dict.fromkeys(addresses.deliverable(each) or each for each in mailed)
    limits = [
        *((f"mails-{request.purpose}", each, MAILS_PER_ADDRESS) for each in subjects),
        ("mails-network", network(address), accounts.mails_per_network),
    ]
    counters = [
        RateLimit.in_window(kind, subject, limit, now, window=HOUR, refusal=TooManyMails)
        for kind, subject, limit in limits
    ]
    accounts.links.add(request, _marked(event, now), counters, now)


def _opened(token: str, purpose: Purpose, accounts: Accounts, now: datetime) -> LinkRequest:
    """The unused request of a token that we made. Raises LinkInvalid."""
    request_id = link_tokens.request_of(token)
    request = accounts.links.request(request_id) if request_id else None
    if request is None or request.purpose is not purpose or request.user_id is None or not request.open(now):
        raise LinkInvalid
    if not accounts.ring.keys_with(request.kid, now).made(token, request, now):
        raise LinkInvalid
    return request


def _requester(request: LinkRequest, accounts: Accounts) -> User:
    """The user of a request, unchanged since. Raises LinkInvalid."""
    stored = accounts.table.profile(request.user_id or "")
    if stored is None or stored.user.epoch != request.epoch:
        raise LinkInvalid
    return stored.user


def _current_family(caller: Caller, user: User, accounts: Accounts, now: datetime) -> Family | None:
    """The session that the caller's refresh token belongs to; None where it is not one of the user's."""
    token = caller.refresh_token or ""
    if not refresh_tokens.well_formed(token):
        return None
    family = accounts.table.family(refresh_tokens.family_of(token))
    if family is None or not family.belongs_to(user, now):
        return None
    return family if family.accepts(refresh_tokens.digest(token), now) else None


def _kept(caller: Caller, user: User, accounts: Accounts, now: datetime) -> str | None:
    """The id of the caller's session, which goes on."""
    family = _current_family(caller, user, accounts, now)
    return family.id if family else None


def _last_used(family: Family) -> datetime:
    return family.last_used_at


def _next_epoch(user: User) -> User:
    return User(user.id, user.email, user.verified, user.epoch + 1)


def _marked(event: Event, now: datetime) -> dict[str, str]:
    return marker(event, now, whole=True)
