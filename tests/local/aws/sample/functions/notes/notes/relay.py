"""Stream relay: publishes the event of each written note, and fails for a note named poison."""

import os
from typing import Any

import boto3

bus = boto3.client("events")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    for record in event["Records"]:
        new = record["dynamodb"].get("NewImage", {}).get("event", {}).get("M", {})
        old = record["dynamodb"].get("OldImage", {}).get("event", {}).get("M", {})
        if record["dynamodb"]["Keys"]["pk"]["S"] == "poison":
            raise ValueError("as requested")
        if new and new != old:
            bus.put_events(
                Entries=[
                    {
                        "EventBusName": os.environ["EVENT_BUS_NAME"],
                        "Source": "notes",
                        "DetailType": "NoteWritten",
                        "Detail": new["detail"]["S"],
                    }
                ]
            )
    return {"batchItemFailures": []}
