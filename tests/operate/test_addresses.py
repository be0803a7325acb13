"""Accounts of earlier versions whose addresses share a mailbox, or have none, are listed."""

import boto3
import pytest
from tiketz_common.rows import pack

from operate import addresses
from operate.stages import Stage
from tests.support import tables

STORED = {
    "ada@tiketz.test": "u1",
    "a@bücher.example": "u2",
    "a@xn--bcher-kva.example": "u3",
    "b@bücher.example": "u4",
    "josé@tiketz.test": "u5",
}


@pytest.fixture
def stage(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage without accounts."""
    table = tables.create("auth")
    monkeypatch.setattr(Stage, "outputs", lambda *_: {"TableName": table})
    return Stage(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})


def store(stage: Stage, **accounts: str) -> None:
    for email, user_id in accounts.items():
        for pk in (f"EMAIL#{email}", f"USER#{user_id}"):
            table = stage.outputs("auth")["TableName"]
            boto3.client("dynamodb").put_item(TableName=table, Item=pack({"pk": pk, "userId": user_id}))


def test_shared_mailboxes_and_those_without_one_are_listed(stage: Stage) -> None:
    store(stage, **STORED)
    assert addresses.report(stage) == [
        "a@xn--bcher-kva.example has 2 accounts: a@bücher.example (account u2), "
        "a@xn--bcher-kva.example (account u3).",
        "josé@tiketz.test (account u5) can't be mailed: its owner should choose another address.",
    ]


def test_nothing_is_listed_where_every_account_has_its_mailbox(stage: Stage) -> None:
    store(stage, **{"ada@tiketz.test": "u1", "b@bücher.example": "u4"})
    assert addresses.report(stage) == []
