"""The authorizer that other gateways ask, and the relay that tells the world."""

import json
import subprocess
import sys
from types import ModuleType
from typing import Any

import boto3
import pytest

from tests.factories import EMAIL
from tests.support.auth_service import SESSION, AuthService, Browser
from tests.support.handlers import LambdaContext
from tests.support.templates import ROOT

NOBODY = {"isAuthorized": True, "context": {}}


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """AuthService with nobody signed up, at noon."""
    return AuthService(monkeypatch)


@pytest.fixture
def ada(auth: AuthService) -> Browser:
    """A browser in which Ada has just signed up."""
    browser = auth.browser()
    browser.sign_up()
    return browser


@pytest.fixture
def authorizer(auth: AuthService) -> ModuleType:
    """The authorizer's door."""
    return auth.function("authorizer")


def asked(*cookies: str, **headers: str) -> dict[str, Any]:
    """What API Gateway asks a Lambda authorizer (payload format 2.0)."""
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


def test_the_authorizer_tells_who_is_signed_in(authorizer: ModuleType, ada: Browser) -> None:
    answer = authorizer.handler(asked("theme=dark", f"{SESSION}={ada.cookies[SESSION]}"), LambdaContext())
    assert answer == {
        "isAuthorized": True,
        "context": {"userId": ada.current_user()["id"], "email": EMAIL},
    }


def test_the_authorizer_reads_a_cookie_header_too(authorizer: ModuleType, ada: Browser) -> None:
    event = asked(Cookie=f"theme=dark; {SESSION}={ada.cookies[SESSION]}; x=y")
    assert authorizer.handler(event, LambdaContext())["context"]["email"] == EMAIL


def test_the_first_of_two_sessions_counts(authorizer: ModuleType, ada: Browser) -> None:
    event = asked(f"{SESSION}={ada.cookies[SESSION]}", f"{SESSION}=forged")
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
def test_the_authorizer_lets_strangers_pass_as_nobody(
    authorizer: ModuleType, cookies: tuple[str, ...]
) -> None:
    assert authorizer.handler(asked(*cookies), LambdaContext()) == NOBODY


def test_the_authorizer_knows_nobody_by_an_expired_session(
    auth: AuthService, authorizer: ModuleType, ada: Browser
) -> None:
    auth.wait(minutes=15, seconds=5)
    assert authorizer.handler(asked(f"{SESSION}={ada.cookies[SESSION]}"), LambdaContext()) == NOBODY


def test_the_authorizer_starts_without_what_it_does_not_need() -> None:
    heavy = {"argon2", "pydantic", "aws_lambda_powertools", "stripe"}
    script = f"import auth.authorizer, sys; print(sorted({heavy} & set(sys.modules)))"
    environment = {"SIGNING_KEYS_PARAMETER": "/keys", "AWS_DEFAULT_REGION": "eu-west-1"}
    started = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    assert started.stdout.strip() == "[]"


def test_signing_up_is_told_once_and_without_the_email(auth: AuthService, ada: Browser) -> None:
    heard = listen()
    ada.refresh()
    ada.sign_in(password="wrong")
    ada.sign_out()
    answer = auth.function("relay").handler({"Records": stream(auth)}, LambdaContext())
    assert answer == {"batchItemFailures": []}
    [event] = heard()
    assert (event["source"], event["detail-type"]) == ("tiketz.auth", "UserSignedUp")
    [user] = auth.rows("USER#")
    assert event["detail"]["data"] == {"userId": user["userId"]}
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
    """A queue on the default bus; call it for what came."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventPattern='{"source": [{"prefix": "tiketz."}]}')
    events.put_targets(Rule="all", Targets=[{"Id": "heard", "Arn": arn}])

    def heard() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    return heard


def sample(function: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / f"events/auth-{function}.json").read_text())
    return event


def test_the_sample_events_are_ones_that_the_doors_take(auth: AuthService, authorizer: ModuleType) -> None:
    heard = listen()
    assert auth.api.handler(sample("api"), LambdaContext())["statusCode"] == 201
    assert authorizer.handler(sample("authorizer"), LambdaContext()) == NOBODY
    assert auth.function("relay").handler(sample("relay"), LambdaContext()) == {"batchItemFailures": []}
    assert [event["detail"]["correlationId"] for event in heard()] == ["sample-auth-relay"]
