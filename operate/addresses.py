"""List the accounts whose address is not in the form of today's: they keep signing in by the one they have.

Two accounts may have the same mailbox, by two spellings of its domain; and mail can't be sent to an address
whose local part is not ASCII, so its password can't be reset.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from auth import addresses

from operate import stages
from operate.stages import Stage


def report(stage: Stage) -> list[str]:
    """A line for each mailbox with several accounts, and for each account that no mail reaches."""
    mailboxes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    lines = []
    for email, user_id in _accounts(stage):
        mailbox = addresses.deliverable(email)
        if mailbox is None:
            lines.append(
                f"{email} (account {user_id}) can't be mailed: its owner should choose another address."
            )
        else:
            mailboxes[mailbox].append((email, user_id))
    for mailbox, accounts in sorted(mailboxes.items()):
        if len(accounts) > 1:
            spelled = ", ".join(f"{email} (account {user_id})" for email, user_id in sorted(accounts))
            lines.append(f"{mailbox} has {len(accounts)} accounts: {spelled}.")
    return sorted(lines)


def _accounts(stage: Stage) -> Iterator[tuple[str, str]]:
    """The address and the user's id of each account."""
    dynamodb, table = stage.client("dynamodb"), stage.outputs("auth")["TableName"]
    query: dict[str, Any] = {
        "TableName": table,
        "FilterExpression": "begins_with(pk, :email)",
        "ExpressionAttributeValues": {":email": {"S": "EMAIL#"}},
        "ProjectionExpression": "pk, userId",
    }
    for page in dynamodb.get_paginator("scan").paginate(**query):
        for item in page["Items"]:
            yield item["pk"]["S"].removeprefix("EMAIL#"), item["userId"]["S"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    stages.add_stage(parser)


def run(options: argparse.Namespace) -> None:
    """Raises CommandError."""
    lines = report(stages.load(options.stage))
    print("\n".join(lines) if lines else "Every account has a mailbox of its own.")
