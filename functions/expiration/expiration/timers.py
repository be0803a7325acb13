"""Timers: executions of the state machine that waits for a hold's end. Only it calls Step Functions."""

import json

from tiketz_common import aws, clock
from tiketz_common.events import correlation_id

from expiration.model import Hold


class Timers:
    """The executions of one state machine."""

    def __init__(self, machine_arn: str) -> None:
        self._machine = machine_arn
        self._client = aws.client("stepfunctions")

    def start(self, hold: Hold) -> None:
        """Have HoldElapsed published at the hold's end. Idempotent: a hold has one timer."""
        parameters = {
            "orderId": hold.order_id,
            "expiresAt": clock.to_wire(hold.expires_at),
            "wakeAt": clock.to_wire(hold.wakes_at),
            "correlationId": correlation_id.get() or hold.name,
        }
        try:
            self._client.start_execution(
                stateMachineArn=self._machine, name=hold.name, input=json.dumps(parameters)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def stop(self, name: str) -> None:
        """Stop a timer. Idempotent, also for a timer that was never started."""
        execution = self._machine.replace(":stateMachine:", ":execution:") + f":{name}"
        try:
            self._client.stop_execution(executionArn=execution)
        except self._client.exceptions.ExecutionDoesNotExist:
            return
