"""Timers: executions of the machine that waits out a hold. The only file that talks to Step Functions."""

import json

from tiketz_common import aws, clock
from tiketz_common.events import correlation_id

from expiration.model import Hold


class Timers:
    """The executions of one state machine."""

    def __init__(self, machine_arn: str) -> None:
        self._machine = machine_arn
        self._client = aws.connected_client("stepfunctions")

    def start(self, hold: Hold) -> None:
        """Have HoldElapsed said when the hold is over. A hold has one timer, however often this is called."""
        told = {
            "orderId": hold.order_id,
            "expiresAt": clock.to_wire(hold.expires_at),
            "wakeAt": clock.to_wire(hold.wakes_at),
            "correlationId": correlation_id.get() or hold.name,
        }
        try:
            self._client.start_execution(
                stateMachineArn=self._machine, name=hold.name, input=json.dumps(told)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def stop(self, name: str) -> None:
        """Forget a timer; one that ended or never was is forgotten already."""
        execution = self._machine.replace(":stateMachine:", ":execution:") + f":{name}"
        try:
            self._client.stop_execution(executionArn=execution)
        except self._client.exceptions.ExecutionDoesNotExist:
            return
