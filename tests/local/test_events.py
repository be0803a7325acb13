"""Events flow from a row's stream over the bus into queues and out to consumers; what fails is kept."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from local.process import EnvironmentProcess

Ask = Callable[..., requests.Response]
Eventually = Callable[..., Any]


def queue(world: EnvironmentProcess, name: str) -> str:
    """A queue's URL, by the logical id it starts with."""
    return str(world.client("sqs").list_queues(QueueNamePrefix=f"tiketz-notes-{name}-")["QueueUrls"][0])


def test_a_written_note_is_heard_of(ask: Ask, eventually: Eventually) -> None:
    assert ask("POST", "/api/notes", json={"id": "one"}).status_code == 201
    eventually(lambda: ask("GET", "/api/notes/one").json()["heard"] == 1)
    assert ask("GET", "/api/notes/one").json()["owner"] == "ann"


def test_events_can_be_watched(ask: Ask, eventually: Eventually) -> None:
    ask("POST", "/api/notes", json={"id": "watched"})
    [event] = eventually(lambda: ask("GET", "/_local/events?correlation=watched").json())
    assert (event["service"], event["name"]) == ("notes", "NoteWritten")
    with requests.get(
        f"{ask('GET', '/_local/').url}events/live?after={event['number'] - 1}", stream=True, timeout=30
    ) as live:
        lines = (line.decode() for line in live.iter_lines(chunk_size=1))
        told = next(line for line in lines if line.startswith("data: "))
    assert json.loads(told.removeprefix("data: "))["number"] == event["number"]


def test_an_event_arrives_as_it_was_sent(ask: Ask, world: EnvironmentProcess, eventually: Eventually) -> None:
    hostile = 'a <time> "<detail>" <source> \\u0000'
    ask("POST", "/api/notes", json={"id": "deaf-too", "title": hostile})
    [event] = eventually(lambda: ask("GET", "/_local/events?correlation=deaf-too").json())
    assert event["detail"]["data"]["title"] == hostile
    eventually(lambda: ask("GET", "/api/notes/deaf-too").json()["heard"] == 1)


def test_a_record_that_never_gets_through_is_pointed_to_and_others_pass(
    ask: Ask, world: EnvironmentProcess, eventually: Eventually
) -> None:
    for note in ("before", "poison", "after"):
        ask("POST", "/api/notes", json={"id": note})
    eventually(lambda: ask("GET", "/api/notes/after").json()["heard"] == 1, seconds=30)
    eventually(lambda: ask("GET", "/api/notes/before").json()["heard"] >= 1)  # again with each retry
    received = eventually(
        lambda: world.client("sqs").receive_message(QueueUrl=queue(world, "RelayFailed")).get("Messages")
    )
    pointer = json.loads(received[0]["Body"])
    assert pointer["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert pointer["DDBStreamBatchInfo"]["batchSize"] == 1
    assert "poison" not in received[0]["Body"]


def test_a_message_nobody_can_hear_ends_in_the_dead_letter_queue_alone(
    ask: Ask, world: EnvironmentProcess, eventually: Eventually
) -> None:
    ask("POST", "/api/notes", json={"id": "deaf"})
    ask("POST", "/api/notes", json={"id": "hearing"})
    eventually(lambda: ask("GET", "/api/notes/hearing").json()["heard"] == 1)
    dead = eventually(
        lambda: world.client("sqs").receive_message(QueueUrl=queue(world, "InboxDead")).get("Messages"),
        seconds=30,
    )
    assert json.loads(dead[0]["Body"])["detail"]["data"]["id"] == "deaf"


def test_fifty_waits_all_end_on_time(ask: Ask, eventually: Eventually) -> None:
    began = datetime.now(UTC)
    at = began.replace(microsecond=0) + timedelta(seconds=20)
    for number in range(50):
        ask(
            "POST", "/api/notes", json={"id": f"late-{number}", "remindAt": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        )
    asking = datetime.now(UTC) - began
    assert began + asking < at, "too slow to say anything"

    def reminded() -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = ask("GET", "/_local/events?name=Reminded").json()
        return events if len(events) == 50 else []

    ended = [datetime.fromisoformat(each["time"]) for each in eventually(reminded, seconds=40)]
    assert at <= min(ended)
    # Two seconds, or three times what it took to ask for them where a busy machine took longer.
    assert max(ended) <= at + max(timedelta(seconds=2), 3 * asking)


def test_a_stranger_may_do_nothing(world: EnvironmentProcess) -> None:
    stranger = boto3.client(
        "sqs",
        endpoint_url=world.info["aws"],
        region_name="eu-west-1",
        aws_access_key_id="AKIASTRANGER00000000",
        aws_secret_access_key="x",
    )
    with pytest.raises(ClientError, match="not authorized to perform: sqs:SendMessage"):
        stranger.send_message(QueueUrl=queue(world, "Inbox"), MessageBody="x")
