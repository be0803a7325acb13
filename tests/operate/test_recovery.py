"""Commands on a running local environment, called through make."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tiketz_common.rows import pack

from local.process import EnvironmentProcess, running_environment
from tests.factories import ticket_data
from tests.support.handlers import sqs_record
from tests.support.templates import ROOT
from tests.support.users import User, eventually


def make(environment: EnvironmentProcess, *arguments: str) -> str:
    """The output of a make target with STAGE=local; its error where it fails."""
    ran = subprocess.run(
        ["make", "--silent", *arguments, "STAGE=local"],
        cwd=ROOT,
        env=os.environ | {"DATA": str(environment.data)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return ran.stdout if ran.returncode == 0 else ran.stderr


def row(environment: EnvironmentProcess, table: str, pk: str) -> dict[str, Any]:
    response = environment.client("dynamodb").get_item(
        TableName=environment.info["tables"][table], Key=pack({"pk": pk})
    )
    return dict(response.get("Item", {}))


def test_failed_messages_go_back_to_the_inbox(local_env: EnvironmentProcess) -> None:
    ticket, dead = f"redriven-{uuid4()}", local_env.info["outputs"]["orders"]["InboxDeadUrl"]
    created = sqs_record("TicketCreated", ticket_data(id=ticket))
    local_env.client("sqs").send_message(QueueUrl=dead, MessageBody=created["body"])
    queue = dead.rsplit("/", 1)[-1]  # as its alarm names it
    assert make(local_env, "redrive", f"QUEUE={queue}") == "Moved 1 messages back to the inbox of orders.\n"

    def is_handled() -> None:
        assert row(local_env, "orders/Table", f"TICKET#{ticket}")

    eventually(is_handled)
    assert make(local_env, "redrive", "SERVICE=orders") == "Moved 0 messages back to the inbox of orders.\n"


def test_only_dead_letter_queues_are_redriven(local_env: EnvironmentProcess) -> None:
    failed = local_env.info["outputs"]["orders"]["RelayFailedUrl"].rsplit("/", 1)[-1]
    assert "republish them from the rows: make republish" in make(local_env, "redrive", f"QUEUE={failed}")
    assert "There is no queue 'lost'" in make(local_env, "redrive", "QUEUE=lost")


def test_rows_republish_their_latest_event(local_env: EnvironmentProcess, seller: User, buyer: User) -> None:
    order = buyer.place_order(seller.list_ticket())

    def is_published(times: int) -> None:
        events = buyer.send("GET", f"/_local/events?order={order['id']}&name=OrderCreated").json()
        assert len({each["detail"]["eventId"] for each in events}) == times

    eventually(lambda: is_published(1))
    failed = local_env.info["outputs"]["orders"]["RelayFailedUrl"]
    pointer = {"DDBStreamBatchInfo": {"approximateArrivalOfFirstRecord": order["createdAt"]}}
    local_env.client("sqs").send_message(QueueUrl=failed, MessageBody=json.dumps(pointer))
    since = f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"  # later than the pointer
    output = make(local_env, "republish", "SERVICE=orders", f"SINCE={since}")
    assert re.fullmatch(r"Republished the latest event of \d+ rows of orders\.\n", output)
    eventually(lambda: is_published(2))
    left = local_env.client("sqs").get_queue_attributes(QueueUrl=failed, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"
    buyer.wait_for(f"/api/orders/{order['id']}", status="pending", version=1)
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def test_a_consumer_receives_replayed_events(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    before = datetime.now(UTC)
    order = buyer.place_order(seller.list_ticket())
    buyer.start_payment(order)  # succeeds once payments has consumed OrderCreated
    after = datetime.now(UTC)
    [event] = buyer.send("GET", f"/_local/events?order={order['id']}&name=OrderCreated").json()

    def is_consumed(times: int) -> None:
        lines = (local_env.data / "logs/payments-Consumer.log").read_text().splitlines()
        assert len([line for line in lines if event["detail"]["eventId"] in line]) == times

    is_consumed(1)
    assert "Started replay" in make(local_env, "replay", f"FROM={before - timedelta(days=1)}", f"TO={before}")
    is_consumed(1)
    assert "Started replay" in make(local_env, "replay", f"FROM={before}", f"TO={after}")
    eventually(lambda: is_consumed(2))
    buyer.wait_for(f"/api/orders/{order['id']}", status="pending", version=1)
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def test_a_lost_row_is_copied_back(local_env: EnvironmentProcess, seller: User) -> None:
    lost = seller.list_ticket()["id"]
    output = make(local_env, "restore", "SERVICE=tickets", f"AT={datetime.now(UTC)}")
    if local_env.info["dynamodb"]:
        assert "AWS call failed: " in output  # DynamoDB Local keeps no history
        return
    restored = output.split()[0]
    table = local_env.info["tables"]["tickets/Table"]
    key = pack({"pk": f"TICKET#{lost}", "sk": "TICKET"})
    local_env.client("dynamodb").delete_item(TableName=table, Key=key)
    assert seller.send("GET", f"/api/tickets/{lost}").status_code == 404
    output = make(local_env, "restore", "SERVICE=tickets", f"TABLE={restored}")
    assert output == "Copied 1 rows back to tickets.\n"
    seller.wait_for(f"/api/tickets/{lost}", status="available")


def test_errors_are_printed_with_their_cause(local_env: EnvironmentProcess) -> None:
    broken = sqs_record("TicketCreated", {"id": "t1"}, correlationId=f"browser-{uuid4()}")
    inbox = local_env.info["outputs"]["orders"]["InboxUrl"]
    local_env.client("sqs").send_message(QueueUrl=inbox, MessageBody=broken["body"])
    correlation = json.loads(broken["body"])["detail"]["correlationId"]

    def is_printed() -> None:
        lines = make(local_env, "errors", "SERVICE=orders").splitlines()
        assert [each for each in lines if correlation in each and "WARNING message failed" in each]

    eventually(is_printed)
    assert correlation not in make(local_env, "errors", "SERVICE=auth")


def test_a_refund_refunds_the_order(local_env: EnvironmentProcess, seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    order = buyer.place_order(ticket)
    buyer.pay(order)
    buyer.wait_for(f"/api/payments/{order['id']}", status="captured")
    first = make(local_env, "refund", f"ORDER={order['id']}")
    assert first.startswith("Created refund re_")
    buyer.wait_for(f"/api/orders/{order['id']}", status="refunded")
    seller.wait_for(f"/api/tickets/{ticket['id']}", status="available")
    refund_id = first.split()[2].rstrip(";")
    again = make(local_env, "refund", f"ORDER={order['id']}")
    assert again == f"Refund {refund_id} has succeeded; nothing is left to refund.\n"


def test_a_refund_that_failed_is_attempted_again(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    buyer.pay(order, "pm_card_refundFail")
    payment = f"/api/payments/{order['id']}"
    buyer.wait_for(payment, status="captured")
    first = make(local_env, "refund", f"ORDER={order['id']}").split()[2].rstrip(";")
    assert buyer.wait_for(payment, status="refund_failed")["money"]["refundFailed"] == order["total"]
    buyer.wait_for(f"/api/orders/{order['id']}", status="refunded")
    second = make(local_env, "refund", f"ORDER={order['id']}")
    assert second.startswith(f"Refund {first} failed. Created refund re_")
    assert second.endswith(", attempt 2; the payment becomes refunded when Stripe's webhook arrives.\n")
    money = buyer.wait_for(payment, status="refunded")["money"]
    assert money == {"refunded": order["total"], "lost": 0, "disputed": None, "refundFailed": 0}


def test_an_unpaid_order_is_not_refunded(local_env: EnvironmentProcess) -> None:
    assert "There is no captured payment for the order 'o1'" in make(local_env, "refund", "ORDER=o1")


def test_a_rotation_of_keys_signs_nobody_out() -> None:
    with running_environment() as environment:  # of its own: its keys must not be in rotation already
        buyer = User(environment.url, signed_up=True)
        assert "is published" in make(environment, "rotate-keys")
        assert "Users would be signed out" in make(environment, "rotate-keys")
        assert buyer.send("GET", "/api/users/currentuser").json()["currentUser"]["id"] == buyer.id
        assert buyer.send("GET", "/api/orders").status_code == 200
        assert User(environment.url, signed_up=True).send("GET", "/api/orders").status_code == 200
