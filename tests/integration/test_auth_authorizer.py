"""The authorizer of the other services' gateways, and auth's relay."""

import json
import subprocess
import sys
from types import ModuleType
from typing import Any

import boto3
import pytest
from tiketz_common import secrets

from tests.factories import EMAIL
from tests.support.auth_service import SESSION, SIGNING_KEYS, AuthService, Browser
from tests.support.handlers import LambdaContext
from tests.support.templates import ROOT

NOBODY = {"isAuthorized": True, "context": {}}


@pytest.fixture
def authorizer(auth: AuthService) -> ModuleType:
    """The authorizer's handler."""
    return auth.function("authorizer")


def request(*cookies: str, **headers: str) -> dict[str, Any]:
    """API Gateway's event for a Lambda authorizer (payload format 2.0)."""
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:eu-west-1:123456789012:abcdef/$default/POST/api/orders",
        "identitySource": ["; ".join(cookies)],
        "routeKey": "POST /api/orders",
        "rawPath": "/api/orders",
        "rawQueryString": "",
        "cookies": list(cookies),
        "headers": headers,
        "requestContext": {"http": {"method": "POST", "path": "/api/orders", "sourceIp": "192.0.2.1"}},
    }


def test_the_authorizer_identifies_the_signed_in_user(authorizer: ModuleType, ada: Browser) -> None:
    answer = authorizer.handler(request("theme=dark", f"{SESSION}={ada.cookies[SESSION]}"), LambdaContext())
    assert answer == {
        "isAuthorized": True,
        "context": {"userId": ada.current_user()["id"], "email": EMAIL, "verified": False},
    }


def test_the_authorizer_needs_no_private_key(auth: AuthService, authorizer: ModuleType, ada: Browser) -> None:
    boto3.client("ssm").delete_parameter(Name=SIGNING_KEYS)
    secrets._cache.clear()
    answer = authorizer.handler(request(f"{SESSION}={ada.cookies[SESSION]}"), LambdaContext())
    assert answer["context"]["email"] == EMAIL


def test_the_authorizer_reads_a_cookie_header_too(authorizer: ModuleType, ada: Browser) -> None:
    event = request(Cookie=f"theme=dark; {SESSION}={ada.cookies[SESSION]}; x=y")
    assert authorizer.handler(event, LambdaContext())["context"]["email"] == EMAIL


def test_the_first_of_two_sessions_counts(authorizer: ModuleType, ada: Browser) -> None:
    event = request(f"{SESSION}={ada.cookies[SESSION]}", f"{SESSION}=forged")
    assert authorizer.handler(event, LambdaContext())["context"]["email"] == EMAIL


@pytest.mark.parametrize(
    "cookies",
    [
        (),
        ("theme=dark",),
        (SESSION,),
        (f"{SESSION}=",),
        (f"{SESSION}=nonsense",),
        (f"{SESSION}=\u00e9.\u00e9.\u00e9",),
        ("=",),
        ("",),
    ],
)
def test_the_authorizer_allows_requests_without_a_session(
    authorizer: ModuleType, cookies: tuple[str, ...]
) -> None:
    assert authorizer.handler(request(*cookies), LambdaContext()) == NOBODY


def test_the_authorizer_ignores_an_expired_session(
    auth: AuthService, authorizer: ModuleType, ada: Browser
) -> None:
    auth.wait(minutes=15, seconds=5)
    assert authorizer.handler(request(f"{SESSION}={ada.cookies[SESSION]}"), LambdaContext()) == NOBODY


def test_the_authorizer_imports_no_unused_library() -> None:
    heavy = {"argon2", "pydantic", "aws_lambda_powertools", "stripe"}
    script = f"import auth.authorizer, sys; print(sorted({heavy} & set(sys.modules)))"
    environment = {"VERIFICATION_KEYS_PARAMETER": "/keys", "AWS_DEFAULT_REGION": "eu-west-1"}
    started = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    assert started.stdout.strip() == "[]"


def test_signing_up_publishes_two_events_without_the_email(auth: AuthService, ada: Browser) -> None:
    received = listen()
    ada.refresh()
    ada.sign_in(password="wrong")
    ada.sign_out()
    answer = auth.function("relay").handler({"Records": stream(auth)}, LambdaContext())
    assert answer == {"batchItemFailures": []}
    events = {event["detail-type"]: event for event in received()}
    [user], [request] = auth.rows("USER#"), auth.rows("REQUEST#")
    assert {kind: event["detail"]["data"] for kind, event in events.items()} == {
        "UserSignedUp": {"userId": user["userId"]},
        "VerificationRequested": {"requestId": request["pk"].removeprefix("REQUEST#")},
    }
    for event in events.values():
        assert event["source"] == "tiketz.auth"
        assert event["detail"].keys() == {"eventId", "schemaVersion", "occurredAt", "correlationId", "data"}
        assert EMAIL not in json.dumps(event)


def stream(auth: AuthService) -> list[dict[str, Any]]:
    """All that the table's stream holds."""
    table = boto3.client("dynamodb").describe_table(TableName=auth.env["TABLE_NAME"])["Table"]
    streams, arn = boto3.client("dynamodbstreams"), table["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records: list[dict[str, Any]] = streams.get_records(ShardIterator=iterator)["Records"]
    assert len(records) > 3
    return records


def listen() -> Any:
    """A queue on the default bus; calling it returns the events."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="received")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventPattern='{"source": [{"prefix": "tiketz."}]}')
    events.put_targets(Rule="all", Targets=[{"Id": "received", "Arn": arn}])

    def received() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    return received


def sample(function: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / f"events/auth-{function}.json").read_text())
    return event


def test_the_sample_events_are_accepted(auth: AuthService, authorizer: ModuleType) -> None:
    received = listen()
    assert auth.api.handler(sample("api"), LambdaContext())["statusCode"] == 201
    assert authorizer.handler(sample("authorizer"), LambdaContext()) == NOBODY
    assert auth.function("relay").handler(sample("relay"), LambdaContext()) == {"batchItemFailures": []}
    assert [event["detail"]["correlationId"] for event in received()] == ["sample-auth-relay"]
