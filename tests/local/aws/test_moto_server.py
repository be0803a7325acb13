"""Each request reaches its service: run these at every upgrade of moto."""

import pytest
import requests

from local.aws.config import ROOT_ACCESS_KEY
from local.aws.process import ApplicationProcess

UNKNOWN = "AKIAUNKNOWN000000000"


def send(url: str, key: str, service: str, target: str, body: str) -> int:
    """The status of the response."""
    response = requests.post(
        url,
        data=body,
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/eu-west-1/{service}/aws4_request",
            "X-Amz-Target": target,
            "Content-Type": "application/x-amz-json-1.0",
        },
        timeout=30,
    )
    return response.status_code


@pytest.mark.parametrize(
    ("key", "service", "target", "body", "status"),
    [
        (ROOT_ACCESS_KEY, "dynamodb", "DynamoDB_20120810.ListTables", "{}", 200),
        (ROOT_ACCESS_KEY, "dynamodb", "DynamoDB_20120810.GetItem", '{"TableName": "none", "Key": {}}', 400),
        (UNKNOWN, "dynamodb", "DynamoDB_20120810.ListTables", "{}", 400),
        (ROOT_ACCESS_KEY, "sqs", "AmazonSQS.ListQueues", "{}", 200),
        (ROOT_ACCESS_KEY, "sqs", "AmazonSQS.ReceiveMessage", '{"QueueUrl": "http://sqs/none"}', 400),
        (ROOT_ACCESS_KEY, "ssm", "AmazonSSM.GetParameter", '{"Name": "none"}', 400),
        (ROOT_ACCESS_KEY, "states", "AWSStepFunctions.ListStateMachines", "{}", 200),
        (ROOT_ACCESS_KEY, "events", "AWSEvents.DescribeRule", '{"Name": "none"}', 400),
    ],
)
def test_a_request_reaches_its_service(
    notes: ApplicationProcess, key: str, service: str, target: str, body: str, status: int
) -> None:
    assert send(f"{notes.info['aws']}/", key, service, target, body) == status


def test_an_action_unknown_to_moto_is_a_500(notes: ApplicationProcess) -> None:
    url = f"{notes.info['aws']}/"
    assert send(url, ROOT_ACCESS_KEY, "events", "AWSEvents.Dance", "{}") == 500
