"""SQS consumer: counts the events of each note, and fails for a note named unreadable."""

import json
import os
from typing import Any

import boto3

table, queue = boto3.client("dynamodb"), boto3.client("sqs")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failures = []
    for record in event["Records"]:
        note = json.loads(record["body"])["detail"]["data"]["id"]
        if note == "unreadable":
            failures.append({"itemIdentifier": record["messageId"]})
            queue.change_message_visibility(
                QueueUrl=os.environ["INBOX_URL"], ReceiptHandle=record["receiptHandle"], VisibilityTimeout=1
            )
            continue
        table.update_item(
            TableName=os.environ["TABLE_NAME"],
            Key={"pk": {"S": note}},
            UpdateExpression="ADD events :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
    return {"batchItemFailures": failures}
