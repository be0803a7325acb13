"""What is answered past Flask is what Flask would have answered: run these at every upgrade of moto."""

import pytest
import requests

from local.aws.moto_server import ROOT_ACCESS_KEY
from local.process import EnvironmentProcess

STRANGER = "AKIASTRANGER00000000"


def answer(url: str, key: str, service: str, target: str, body: str) -> tuple[int, str | None, str]:
    """Status, content type and body."""
    sent = requests.post(
        url,
        data=body,
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/eu-west-1/{service}/aws4_request",
            "X-Amz-Target": target,
            "Content-Type": "application/x-amz-json-1.0",
        },
        timeout=30,
    )
    return sent.status_code, sent.headers.get("Content-Type"), sent.text


@pytest.mark.parametrize(
    ("key", "service", "target", "body", "status"),
    [
        (ROOT_ACCESS_KEY, "dynamodb", "DynamoDB_20120810.ListTables", "{}", 200),
        (ROOT_ACCESS_KEY, "dynamodb", "DynamoDB_20120810.GetItem", '{"TableName": "none", "Key": {}}', 400),
        (STRANGER, "dynamodb", "DynamoDB_20120810.ListTables", "{}", 400),
        (ROOT_ACCESS_KEY, "sqs", "AmazonSQS.ListQueues", "{}", 200),
        (ROOT_ACCESS_KEY, "sqs", "AmazonSQS.ReceiveMessage", '{"QueueUrl": "http://sqs/none"}', 400),
        (ROOT_ACCESS_KEY, "ssm", "AmazonSSM.GetParameter", '{"Name": "none"}', 400),
        (ROOT_ACCESS_KEY, "states", "AWSStepFunctions.ListStateMachines", "{}", 200),
        (ROOT_ACCESS_KEY, "events", "AWSEvents.DescribeRule", '{"Name": "none"}', 400),
    ],
)
def test_an_answer_is_flasks(
    world: EnvironmentProcess, key: str, service: str, target: str, body: str, status: int
) -> None:
    past, through = (
        answer(f"{world.info['aws']}/{query}", key, service, target, body) for query in ("", "?by=flask")
    )
    assert past == through
    assert past[0] == status


def test_an_action_that_moto_does_not_know_fails_without_a_broken_connection(
    world: EnvironmentProcess,
) -> None:
    url = f"{world.info['aws']}/"
    assert answer(url, ROOT_ACCESS_KEY, "events", "AWSEvents.Dance", "{}")[0] == 500
