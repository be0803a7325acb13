"""What auth can do: one function per use case."""

from dataclasses import dataclass
from datetime import datetime

from tiketz_common import ids
from tiketz_common.errors import Forbidden, Unauthorized
from tiketz_common.events import stamp
from tiketz_common.log import logger

from auth import passwords, refresh_tokens, tokens
from auth.events import UserDeleted, UserSignedUp
from auth.keys import Keys
from auth.model import OVERDUE, Account, Family, RateLimit, User
from auth.repository import AuthTable


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in, with the two tokens that say so."""

    user: User
    token: str
    refresh_token: str


def sign_up(email: str, password: str, *, table: AuthTable, keys: Keys, now: datetime) -> Session:
    """A new account, signed in. Raises Conflict where the e-mail has one."""
    user = User(ids.new(), email)
    token, family = _first_of_family(user, now)
    account = Account(user, passwords.hash_password(password))
    table.add(account, family, stamp(UserSignedUp(user_id=user.id), now), now)
    return Session(user, tokens.issue(user, keys, now), token)


def sign_in(
    email: str, password: str, address: str, *, table: AuthTable, keys: Keys, now: datetime
) -> Session:
    """A new session. Raises Unauthorized, and TooManyAttempts after too many of those.

    Neither the answer nor the time it takes tells whether the e-mail or the password was wrong.
    """
    account = _authenticate(email, password, address, table=table, now=now)
    if account is None:
        raise Unauthorized("The e-mail address or the password is wrong.", code="wrong_credentials")
    token, family = _first_of_family(account.user, now)
    table.begin(family)
    return Session(account.user, tokens.issue(account.user, keys, now), token)


def refresh(token: str, *, table: AuthTable, keys: Keys, server_key: str, now: datetime) -> Session:
    """The session prolonged, its refresh token replaced by the successor.

    Who comes again within ten seconds, having lost the reply or in another tab, is given the same successor,
    or what has followed it since. A token spent longer ago is in two hands: its family ends.
    Raises Unauthorized.
    """
    family = table.family(refresh_tokens.family_of(token)) if refresh_tokens.well_formed(token) else None
    if family is None or family.over(now):
        raise Unauthorized("Sign in again.", code="session_expired")
    successor = _successor_of(token, family, server_key, now)
    if successor is None:
        table.end(family.id)
        logger.warning("refresh token reused: family ended", user_id=family.user_id)
        raise Unauthorized("Sign in again.", code="session_expired")
    if successor == token:
        successor = refresh_tokens.successor(token, server_key)
        if not table.replace(family, family.rotate(refresh_tokens.digest(successor), now)):
            # Another request came first. Now the token is spent or the family gone, so this happens once.
            return refresh(token, table=table, keys=keys, server_key=server_key, now=now)
    user = table.user(family.user_id)
    if user is None:
        raise Unauthorized("Sign in again.", code="session_expired")
    return Session(user, tokens.issue(user, keys, now), successor)


def sign_out(token: str | None, *, table: AuthTable) -> None:
    """End the session that the refresh token belongs to, also while another request prolongs it."""
    if token and refresh_tokens.well_formed(token):
        table.end(refresh_tokens.family_of(token))


def delete_account(
    user: User, password: str, address: str, token: str | None, *, table: AuthTable, now: datetime
) -> None:
    """Forget who a user was, and tell that they are gone. Once gone, they are gone: again does nothing.

    Raises Forbidden where the password is wrong, TooManyAttempts after too many of those, and Conflict while
    an order of theirs is pending, as far as we have heard.
    """
    known = table.user(user.id)
    if known is not None:
        account = _authenticate(known.email, password, address, table=table, now=now)
        if account is None:
            raise Forbidden("The password is wrong.", code="wrong_password", field="password")
        table.remove(account.user, stamp(UserDeleted(user_id=user.id), now), now)
    sign_out(token, table=table)


def on_order_changed(
    id: str, user_id: str, version: int, expires_at: datetime | None, *, table: AuthTable, now: datetime
) -> None:
    """Remember when a pending order runs out, None for one that ended, if this is newer than what we know.

    A day later it keeps nobody: what the bus says again of it, or that it ended, may have come to nothing.
    """
    table.record_order(id, user_id, version, expires_at + OVERDUE if expires_at else None, now)


def _authenticate(
    email: str, password: str, address: str, *, table: AuthTable, now: datetime
) -> Account | None:
    """The account that the password opens; None for a wrong one, after as long. Raises TooManyAttempts.

    Guesses at one account are counted to the last, also those made at once. An address is allowed so many
    that a few more made at once don't matter: its failures alone are written down.
    """
    of_address, of_account = RateLimit.of_address(address, now), RateLimit.of_account(email, now)
    account = table.account(email, of_address, now)
    table.count_attempt(of_account, now)
    authenticated = passwords.matches(password, account.password_hash if account else passwords.DUMMY_HASH)
    if account is None or not authenticated:
        table.count_failure(of_address)
        return None
    table.uncount(of_account)
    return account


def _first_of_family(user: User, now: datetime) -> tuple[str, Family]:
    token = refresh_tokens.first()
    family_id = refresh_tokens.family_of(token)
    return token, Family.begin(family_id, user.id, refresh_tokens.digest(token), now)


def _successor_of(token: str, family: Family, server_key: str, now: datetime) -> str | None:
    """The family's current token, reached from this one by way of forgiven ones; None where it can't be."""
    while (digest := refresh_tokens.digest(token)) != family.current:
        if not family.forgives(digest, now):
            return None
        token = refresh_tokens.successor(token, server_key)
    return token
