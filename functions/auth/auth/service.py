"""Accounts and sessions: one function per use case. Those of mailed links are in account_service.py."""

from dataclasses import dataclass
from datetime import datetime

from tiketz_common import ids, retry
from tiketz_common.errors import Forbidden, Unauthorized
from tiketz_common.events import marker
from tiketz_common.log import logger

from auth import addresses, passwords, refresh_tokens, rows, tokens
from auth.events import UserDeleted, UserSignedUp, VerificationRequested
from auth.keys import Keys
from auth.link_requests import LinkRequest, Purpose
from auth.model import OVERDUE, Account, Family, User
from auth.rate_limits import RateLimit, SignInLimits
from auth.repository import AuthTable


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user with the session token (a JWT) and the refresh token."""

    user: User
    token: str
    refresh_token: str


def sign_up(
    email: str,
    password: str,
    rate_limit: RateLimit,
    *,
    device: str | None,
    kid: str,
    table: AuthTable,
    keys: Keys,
    now: datetime,
) -> Session:
    """A new account, signed in, with a request that has its address verified by mail.

    `kid` is the key of that link's token. Raises Conflict where the e-mail has an account, TooManySignUps,
    Unavailable.
    """
    table.count_attempt(rate_limit, now)
    user = User(ids.new(), email)
    token, family = _first_of_family(user, device, now)
    account = Account(user, passwords.hash_password(password), epoch_since=now)
    request = LinkRequest.create(
        ids.new(), Purpose.VERIFY, kid, email, now, user_id=user.id, epoch=user.epoch
    )
    requested = marker(VerificationRequested(request_id=request.id), now, whole=True)
    signed_up = marker(UserSignedUp(user_id=user.id), now, whole=True)
    table.add(account, family, signed_up, now, request=rows.of_request(request, requested))
    return Session(user, tokens.issue(user, keys, now), token)


def sign_in(
    email: str,
    password: str,
    address: str,
    *,
    device: str | None,
    limits: SignInLimits,
    table: AuthTable,
    keys: Keys,
    now: datetime,
) -> Session:
    """A new session. Raises Unauthorized, and TooManyAttempts after too many of those.

    `email` is as typed: an older account may have that form. Neither the response nor its time shows whether
    the e-mail or the password was wrong.
    """
    account = authenticate(email, password, address, limits=limits, table=table, now=now)
    if account is None:
        raise Unauthorized("The e-mail address or the password is wrong.", code="wrong_credentials")
    token, family = _first_of_family(account.user, device, now)
    table.add_family(family)
    return Session(account.user, tokens.issue(account.user, keys, now), token)


@retry.optimistic()
def refresh(token: str, *, table: AuthTable, keys: Keys, server_key: str, now: datetime) -> Session:
    """The session prolonged, its refresh token replaced by its successor.

    A token spent within the last ten seconds (its response was lost, or another tab used it) gets the same
    successor, or what has replaced that since. One spent longer ago is in two hands: its family ends. So does
    a family from before its user's last change of password or address. Raises Unauthorized, Unavailable.
    """
    family = table.family(refresh_tokens.family_of(token)) if refresh_tokens.well_formed(token) else None
    if family is None or family.expired(now):
        raise Unauthorized("Sign in again.", code="session_expired")
    current = _current_token(token, family, server_key, now)
    if current is None:
        table.delete_family(family.id)
        logger.warning("refresh token reused: family ended", user_id=family.user_id)
        raise Unauthorized("Sign in again.", code="session_expired")
    profile = table.profile(family.user_id)
    if profile is None or profile.user.epoch != family.epoch:
        table.delete_family(family.id)
        raise Unauthorized("Sign in again.", code="session_expired")
    if current == token:
        current = refresh_tokens.successor(token, server_key)
        table.replace_family(family, family.rotate(refresh_tokens.digest(current), now))
    return Session(profile.user, tokens.issue(profile.user, keys, now), current)


def sign_out(token: str | None, *, table: AuthTable) -> None:
    """End the session that the refresh token belongs to, also while another request prolongs it."""
    if token and refresh_tokens.well_formed(token):
        table.delete_family(refresh_tokens.family_of(token))


def delete_account(
    user: User,
    password: str,
    address: str,
    token: str | None,
    *,
    limits: SignInLimits,
    table: AuthTable,
    now: datetime,
) -> None:
    """Delete a user's account, publish it, and end their sessions. Idempotent.

    Raises Forbidden where the password is wrong, TooManyAttempts after too many of those, and Conflict while
    an order of theirs is pending, as of the last event from orders.
    """
    stored = table.profile(user.id)
    if stored is not None:
        account = authenticate(stored.user.email, password, address, limits=limits, table=table, now=now)
        if account is None:
            raise Forbidden("The password is wrong.", code="wrong_password", field="password")
        table.remove(account.user, marker(UserDeleted(user_id=user.id), now, whole=True), now)
    table.forget(user.id)
    sign_out(token, table=table)


def on_order_changed(
    order_id: str,
    user_id: str,
    version: int,
    expires_at: datetime | None,
    *,
    table: AuthTable,
    now: datetime,
) -> None:
    """Store when a pending order runs out (None: it has ended), if `version` is newer than what is stored.

    A day after that, the order no longer keeps its account: its last event may be lost, or an old one be
    replayed.
    """
    table.record_order(order_id, user_id, version, expires_at + OVERDUE if expires_at else None, now)


def authenticate(
    email: str, password: str, address: str, *, limits: SignInLimits, table: AuthTable, now: datetime
) -> Account | None:
    """The account that the password opens; None for a wrong one, after as long. Raises TooManyAttempts.

    Attempts at one account from one network are counted exactly, also concurrent ones. The other two limits
    are so high that a few more at once don't matter: only failures are counted.
    """
    spellings = addresses.spellings(email)
    counters = limits.at(addresses.deliverable(email) or email, address, now)
    account, slowed = table.account(spellings, counters, now)
    table.count_attempt(counters.account_and_network, now, slowed=slowed)
    matches = passwords.matches(password, account.password_hash if account else passwords.DUMMY_HASH)
    if account is None or not matches:
        table.count_failure(counters.network)
        table.count_failure(counters.account)
        return None
    table.uncount(counters.account_and_network)
    return account


def _first_of_family(user: User, device: str | None, now: datetime) -> tuple[str, Family]:
    token = refresh_tokens.first()
    family_id = refresh_tokens.family_of(token)
    return token, Family.create(family_id, user, refresh_tokens.digest(token), now, device)


def _current_token(token: str, family: Family, server_key: str, now: datetime) -> str | None:
    """The family's current token, reached from this one over tokens within grace; None where it can't be."""
    while (digest := refresh_tokens.digest(token)) != family.current:
        if not family.forgives(digest, now):
            return None
        token = refresh_tokens.successor(token, server_key)
    return token
