"""A lower bound for creating an order: standard library only, one TLS connection, requests signed by hand.

It has no validation, no handling of conflicts and no event.
"""

import hashlib
import hmac
import http.client
import json
import os
import ssl
import time
import uuid
from typing import Any

TARGET = "DynamoDB_20120810"
HOST = os.environ["AWS_ENDPOINT_URL"].removeprefix("https://")
REGION, KEY_ID = os.environ["AWS_REGION"], os.environ["AWS_ACCESS_KEY_ID"]
SECRET, TOKEN = os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["AWS_SESSION_TOKEN"]
TABLE = os.environ["TABLE_NAME"]

connection = http.client.HTTPSConnection(
    HOST, context=ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
)
connection.connect()


def call(operation: str, content: dict[str, Any]) -> dict[str, Any]:
    """One signed request to DynamoDB (AWS Signature Version 4)."""
    body = json.dumps(content).encode()
    timestamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {
        "host": HOST,
        "x-amz-date": timestamp,
        "x-amz-security-token": TOKEN,
        "x-amz-target": f"{TARGET}.{operation}",
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{timestamp[:8]}/{REGION}/dynamodb/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    connection.request("POST", "/", body, {**headers, "content-type": "application/x-amz-json-1.0"})
    return json.loads(connection.getresponse().read())  # type: ignore[no-any-return]


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    body = json.loads(event["body"])
    buyer = event["requestContext"]["authorizer"]["lambda"]["userId"]
    key = {"pk": {"S": f"TICKET#{body['ticketId']}"}}
    ticket = call("GetItem", {"TableName": TABLE, "Key": key, "ConsistentRead": True})["Item"]
    order = {"pk": {"S": f"ORDER#{uuid.uuid4()}"}, "userId": {"S": buyer}, "total": ticket["price"]}
    claim = {
        "TableName": TABLE,
        "Key": key,
        "UpdateExpression": "SET available = available - :n",
        "ConditionExpression": "available >= :n",
        "ExpressionAttributeValues": {":n": {"N": "1"}},
    }
    call(
        "TransactWriteItems",
        {"TransactItems": [{"Update": claim}, {"Put": {"TableName": TABLE, "Item": order}}]},
    )
    return {"statusCode": 201, "headers": {"content-type": "application/json"}, "body": json.dumps(order)}
