"""Function that other services ask for addresses: it is invoked with a user's or a request's id."""

from typing import Any

from tiketz_common import clock, settings

from auth import recipients
from auth.key_ring import KeyRing
from auth.link_repository import LinkTable
from auth.link_tokens import LinkKeys
from auth.repository import AuthTable
from auth.settings import DirectorySettings

config = settings.read(DirectorySettings)
table, links = AuthTable(config.table_name), LinkTable(config.table_name)
ring = KeyRing(config.link_keys_parameter, LinkKeys.parse)


def handler(event: dict[str, Any], context: object) -> recipients.UserInfo | recipients.Recipients:
    """`{userId}` → `{email, verified}`; `{requestId}` → `{to: [{email, role}], token}`. Raises KeyError."""
    if "userId" in event:
        return recipients.of_user(event["userId"], table=table)
    return recipients.of_request(event["requestId"], table=table, links=links, ring=ring, now=clock.now())
