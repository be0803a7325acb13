"""The runbook's commands do what it says, tried on the local world, or else on moto."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import boto3
import pytest
from tiketz_common.rows import pack

from local.process import EnvironmentProcess, running_environment
from operate import errors, replay
from operate.stages import CannotDo, Stage
from tests.factories import ticket_data
from tests.support.handlers import sqs_record
from tests.support.templates import ROOT
from tests.support.users import User, eventually


def make(world: EnvironmentProcess, *arguments: str) -> str:
    """What a make target prints, with STAGE=local; its complaint where it fails."""
    ran = subprocess.run(
        ["make", "--silent", *arguments, "STAGE=local"],
        cwd=ROOT,
        env=os.environ | {"DATA": str(world.data)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return ran.stdout if ran.returncode == 0 else ran.stderr


def row(world: EnvironmentProcess, table: str, pk: str) -> dict[str, Any]:
    found = world.client("dynamodb").get_item(TableName=world.info["tables"][table], Key=pack({"pk": pk}))
    return dict(found.get("Item", {}))


def test_what_could_not_be_handled_is_handled_again(local_env: EnvironmentProcess) -> None:
    ticket, dead = f"redriven-{uuid4()}", local_env.info["outputs"]["orders"]["InboxDeadUrl"]
    told = sqs_record("TicketCreated", ticket_data(id=ticket))
    local_env.client("sqs").send_message(QueueUrl=dead, MessageBody=told["body"])
    queue = dead.rsplit("/", 1)[-1]  # as its alarm names it
    assert make(local_env, "redrive", f"QUEUE={queue}") == "1 messages went back into the inbox of orders.\n"

    def is_known() -> None:
        assert row(local_env, "orders/Table", f"TICKET#{ticket}")

    eventually(is_known)
    assert make(local_env, "redrive", "SERVICE=orders") == "0 messages went back into the inbox of orders.\n"


def test_a_queue_that_holds_no_events_is_not_redriven(local_env: EnvironmentProcess) -> None:
    failed = local_env.info["outputs"]["orders"]["RelayFailedUrl"].rsplit("/", 1)[-1]
    assert "its rows tell them again: make republish" in make(local_env, "redrive", f"QUEUE={failed}")
    assert "No service has a queue 'lost'" in make(local_env, "redrive", "QUEUE=lost")


def test_rows_tell_again_what_they_told_last(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())

    def created() -> list[str]:
        found = buyer.send("GET", f"/_local/events?order={order['id']}&name=OrderCreated").json()
        return [each["detail"]["eventId"] for each in found]

    def times(count: int) -> None:
        assert len(set(created())) == count

    eventually(lambda: times(1))
    failed = local_env.info["outputs"]["orders"]["RelayFailedUrl"]
    pointer = {"DDBStreamBatchInfo": {"approximateArrivalOfFirstRecord": order["createdAt"]}}
    local_env.client("sqs").send_message(QueueUrl=failed, MessageBody=json.dumps(pointer))
    when_the_alarm_came = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = make(local_env, "republish", "SERVICE=orders", f"SINCE={when_the_alarm_came}")
    assert "rows of orders tell their last change again" in said
    eventually(lambda: times(2))
    left = local_env.client("sqs").get_queue_attributes(QueueUrl=failed, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"
    buyer.wait_for(f"/api/orders/{order['id']}", status="pending", version=1)
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def test_a_consumer_hears_again_what_the_bus_said(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    before = datetime.now(UTC)
    order = buyer.place_order(seller.list_ticket())
    buyer.start_payment(order)  # which payments lets nobody before it has heard of the order
    after = datetime.now(UTC)
    [told] = buyer.send("GET", f"/_local/events?order={order['id']}&name=OrderCreated").json()

    def heard(times: int) -> None:
        lines = (local_env.data / "logs/payments-Consumer.log").read_text().splitlines()
        assert len([line for line in lines if told["detail"]["eventId"] in line]) == times

    heard(1)
    earlier = f"FROM={before - timedelta(days=1)}".replace(" ", "T"), f"TO={before}".replace(" ", "T")
    assert "has begun" in make(local_env, "replay", *earlier)
    heard(1)
    stretch = f"FROM={before}".replace(" ", "T"), f"TO={after}".replace(" ", "T")
    assert "has begun" in make(local_env, "replay", *stretch)
    eventually(lambda: heard(2))
    buyer.wait_for(f"/api/orders/{order['id']}", status="pending", version=1)
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def test_a_row_that_was_lost_is_put_back(local_env: EnvironmentProcess, seller: User) -> None:
    gone = seller.list_ticket()["id"]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = make(local_env, "restore", "SERVICE=tickets", f"AT={now}")
    if local_env.info["dynamodb"]:
        assert "AWS did not do it." in said  # DynamoDB Local keeps no history, and no copies
        return
    restored = said.split()[0]
    table = local_env.info["tables"]["tickets/Table"]
    key = pack({"pk": f"TICKET#{gone}", "sk": "TICKET"})
    local_env.client("dynamodb").delete_item(TableName=table, Key=key)
    assert seller.send("GET", f"/api/tickets/{gone}").status_code == 404
    assert (
        make(local_env, "restore", "SERVICE=tickets", f"TABLE={restored}")
        == "1 rows of tickets were put back.\n"
    )
    seller.wait_for(f"/api/tickets/{gone}", status="available")


def test_what_went_wrong_is_told_with_its_cause(local_env: EnvironmentProcess) -> None:
    broken = sqs_record("TicketCreated", {"id": "t1"}, correlationId=f"browser-{uuid4()}")
    inbox = local_env.info["outputs"]["orders"]["InboxUrl"]
    local_env.client("sqs").send_message(QueueUrl=inbox, MessageBody=broken["body"])
    correlation = json.loads(broken["body"])["detail"]["correlationId"]

    def is_told() -> None:
        told = [
            each for each in make(local_env, "errors", "SERVICE=orders").splitlines() if correlation in each
        ]
        assert told
        assert "WARNING message failed" in told[0]

    eventually(is_told)
    assert correlation not in make(local_env, "errors", "SERVICE=auth")
    assert "There is no service 'mail'" in make(local_env, "errors", "SERVICE=mail")


def test_a_refund_by_hand_refunds_the_order(local_env: EnvironmentProcess, seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    order = buyer.place_order(ticket)
    buyer.pay(order)
    buyer.wait_for(f"/api/payments/{order['id']}", status="captured")
    first = make(local_env, "refund", f"ORDER={order['id']}")
    assert "is under way" in first
    buyer.wait_for(f"/api/orders/{order['id']}", status="refunded")
    seller.wait_for(f"/api/tickets/{ticket['id']}", status="available")
    assert make(local_env, "refund", f"ORDER={order['id']}") == first


def test_an_order_that_was_not_paid_is_not_refunded(local_env: EnvironmentProcess) -> None:
    assert "No money was taken for an order 'o1'" in make(local_env, "refund", "ORDER=o1")


def test_a_running_worlds_keys_rotate_and_everybody_stays() -> None:
    with (
        running_environment() as world
    ):  # of its own: the others' keys may be on their way to the next already
        buyer = User(world.url, signed_up=True)
        assert "is published" in make(world, "rotate-keys")
        assert "Somebody would be signed out" in make(world, "rotate-keys")
        assert buyer.send("GET", "/api/users/currentuser").json()["currentUser"]["id"] == buyer.id
        assert buyer.send("GET", "/api/orders").status_code == 200
        assert User(world.url, signed_up=True).send("GET", "/api/orders").status_code == 200


def test_a_stage_that_is_not_there_is_named_with_those_that_are(local_env: EnvironmentProcess) -> None:
    ran = subprocess.run(
        ["make", "--silent", "redrive", "STAGE=production", "SERVICE=orders"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode != 0
    assert "There is no stage 'production'; say STAGE= one of dev, prod, local." in ran.stderr


class Place(Stage):
    """A stage whose stack tells what the test says."""

    told: dict[str, str] = {}  # noqa: RUF012

    def outputs(self, service: str | None = None) -> dict[str, str]:
        return self.told


@pytest.fixture
def place(aws: None) -> Iterator[Place]:
    """A stage on AWS with a bus."""
    Place.told = {"EventBusName": "tiketz-dev"}
    yield Place(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})
    Place.told = {}


NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_the_bus_says_again_what_its_archive_holds(place: Place) -> None:
    events = boto3.client("events")
    bus = events.create_event_bus(Name="tiketz-dev")["EventBusArn"]
    events.create_archive(
        ArchiveName="kept", EventSourceArn=bus, EventPattern=json.dumps({"source": ["tiketz.orders"]})
    )
    later = NOON.replace(hour=13)
    name = replay.replay(place, NOON, later)
    begun = events.describe_replay(ReplayName=name)
    assert (begun["EventStartTime"], begun["EventEndTime"]) == (NOON, later)
    assert begun["Destination"] == {"Arn": bus}


def test_a_bus_without_an_archive_says_so(place: Place) -> None:
    boto3.client("events").create_event_bus(Name="tiketz-dev")
    with pytest.raises(CannotDo, match="has no archive"):
        replay.replay(place, NOON, NOON)


def test_the_last_hours_errors_are_read_from_the_stacks_log_groups(aws: None) -> None:
    template = {
        "Resources": {"ApiLogs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "api"}}}
    }
    boto3.client("cloudformation").create_stack(StackName="orders", TemplateBody=json.dumps(template))
    logs, now = boto3.client("logs"), int(datetime.now(UTC).timestamp() * 1000)
    logs.create_log_stream(logGroupName="api", logStreamName="one")
    lines = [
        {
            "level": "INFO",
            "message": "request",
            "route": "GET /api/orders",
            "status": 200,
            "correlation_id": "a",
        },
        {
            "level": "INFO",
            "message": "request",
            "route": "GET /api/orders",
            "status": 503,
            "correlation_id": "b",
        },
        {"level": "ERROR", "errorMessage": "no room", "errorType": "MemoryError"},
        {"time": "2026-12-01", "type": "platform.report", "record": {"requestId": "c", "status": "timeout"}},
        {"time": "2026-12-01", "type": "platform.report", "record": {"requestId": "d", "status": "success"}},
    ]
    events = [{"timestamp": now, "message": json.dumps(each)} for each in lines]
    logs.put_log_events(logGroupName="api", logStreamName="one", logEvents=events)

    class Orders(Stage):
        def nested(self, service: str) -> str:
            return service

    place = Orders(name="dev", stack="tiketz-dev", region="eu-west-1", parameters={})
    assert errors.errors(place, "orders") == [
        "b INFO request GET /api/orders answered 503",
        "- ERROR no room MemoryError",
        "- 2026-12-01 platform.report timeout",
    ]
