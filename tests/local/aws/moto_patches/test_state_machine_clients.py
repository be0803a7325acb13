"""A state machine calls AWS with its own role."""

import json
import time

import boto3
import pytest
from moto import mock_aws

from local.aws.moto_patches import apply_patches, state_machine_clients

ROLE = "arn:aws:iam::123456789012:role/machine"
ENTRY = {"Source": "test", "DetailType": "T", "Detail": {}, "EventBusName": "default"}
MACHINE = {
    "StartAt": "Publish",
    "States": {
        "Publish": {
            "Type": "Task",
            "Resource": "arn:aws:states:::events:putEvents",
            "Parameters": {"Entries": [ENTRY]},
            "End": True,
        }
    },
}


def test_the_client_of_a_task_belongs_to_the_machines_role(monkeypatch: pytest.MonkeyPatch) -> None:
    apply_patches()
    requested = []

    def factory(service: str, role_arn: str) -> object:
        requested.append((service, role_arn))
        return boto3.client(service)

    monkeypatch.setattr(state_machine_clients, "_factories", [factory])
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        states = boto3.client("stepfunctions")
        machine = states.create_state_machine(name="m", definition=json.dumps(MACHINE), roleArn=ROLE)
        execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
        deadline = time.monotonic() + 30
        while (status := states.describe_execution(executionArn=execution)["status"]) == "RUNNING":
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert status == "SUCCEEDED"
    assert requested == [("events", ROLE)]
