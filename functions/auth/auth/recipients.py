"""Who a mail goes to, and the token of its link: what other services may ask of accounts, with ids alone."""

from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from tiketz_common import retry

from auth import addresses
from auth.key_ring import KeyRing
from auth.link_repository import LinkTable
from auth.link_requests import LinkRequest, Purpose
from auth.link_tokens import LinkKeys
from auth.model import User
from auth.repository import AuthTable


class UserInfo(TypedDict):
    """A user's address, and whether it is verified; both None where there is no such account."""

    email: str | None
    verified: bool | None


class Recipient(TypedDict):
    """An address; `role` is `owner`, `new` or `old`."""

    email: str
    role: str


class Recipients(TypedDict):
    """Who a mail goes to; none where there is nothing to mail. `token` is None where its link has none."""

    to: list[Recipient]
    token: str | None


NOBODY: Recipients = {"to": [], "token": None}


def of_user(user_id: str, *, table: AuthTable) -> UserInfo:
    """A user's address."""
    stored = table.profile(user_id)
    email = addresses.deliverable(stored.user.email) if stored else None
    return {"email": email, "verified": stored.user.verified if stored and email else None}


@retry.optimistic()
def of_request(
    request_id: str, *, table: AuthTable, links: LinkTable, ring: KeyRing[LinkKeys], now: datetime
) -> Recipients:
    """Who the mail of a request goes to: while its link can be used, and the old address of a used change.

    The first time that a RESET is looked up, its account is looked up and stored with it. Raises Unavailable.
    """
    request = links.request(request_id)
    if request is None:
        return NOBODY
    if request.purpose is Purpose.EMAIL and request.used_at:
        return _to((request.old_email, "old"))
    if request.user_id is None and request.open(now):
        request = _stamped(request, table, links)
    user = _requester(request, table) if request and request.open(now) else None
    token = ring.keys_with(request.kid, now).token(request, now) if request and user else None
    if request is None or user is None or token is None:
        return NOBODY
    if request.purpose is Purpose.EMAIL:
        return _to((request.email, "new"), (request.old_email, "old"), token=token)
    return _to((user.email, "owner"), token=token)


def _stamped(request: LinkRequest, table: AuthTable, links: LinkTable) -> LinkRequest | None:
    """A RESET with its user, whom nobody looked up before; None where the account is newer, or changed since.

    Raises Contended.
    """
    account = table.account_of(addresses.spellings(request.email))
    if account is None or (account.epoch_since and account.epoch_since > request.created_at):
        return None
    links.stamp(request, account.user)
    return replace(request, user_id=account.user.id, epoch=account.user.epoch)


def _requester(request: LinkRequest, table: AuthTable) -> User | None:
    """The user of a request whose link is still of use; None for any other."""
    stored = table.profile(request.user_id) if request.user_id else None
    if stored is None or stored.user.epoch != request.epoch:
        return None
    done = request.purpose is Purpose.VERIFY and stored.user.verified
    return None if done else stored.user


def _to(*addressed: tuple[str | None, str], token: str | None = None) -> Recipients:
    """Those of the addresses that mail can be sent to, with their roles."""
    to: list[Recipient] = [
        {"email": email, "role": role}
        for address, role in addressed
        if address and (email := addresses.deliverable(address))
    ]
    return {"to": to, "token": token if to else None}
