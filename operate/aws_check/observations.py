"""What operators see of the purchase: access logs, metrics, and alarms that stay quiet."""

import json
import time
from collections.abc import Callable
from typing import Any

from operate.aws_check.run import Run
from operate.stages import Stage

APPEARS_SECONDS = 900
POLL_SECONDS = 10
METRICS = {"OrdersPlaced", "OrdersCompleted", "PaymentsAuthorized", "PaymentsCaptured", "ExpiryLag"}


def observe(run: Run) -> None:
    """Within a quarter of an hour everything has been reported, and nothing has alarmed."""
    stage = run.stage
    if not _appears(lambda: _access_log_has(stage, "POST /api/orders")):
        run.differs("access-logs", "no line of POST /api/orders with a numeric status")
    if not _appears(lambda: _metrics(stage) >= METRICS):
        run.differs("metrics", f"{', '.join(sorted(METRICS - _metrics(stage)))} did not arrive")
    run.expect("quiet-alarms", [f"{name} is in ALARM" for name in _ringing(stage)])


def _appears(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + APPEARS_SECONDS
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _access_log_has(stage: Stage, route: str) -> bool:
    group = stage.resource("orders", "AccessLogs")
    pattern = f'{{ $.route = "{route}" && $.status = 201 }}'  # which matches numbers only
    events = stage.client("logs").filter_log_events(logGroupName=group, filterPattern=pattern)["events"]
    return any("correlation_id" in json.loads(each["message"]) for each in events)


def _metrics(stage: Stage) -> set[str]:
    pages = stage.client("cloudwatch").get_paginator("list_metrics")
    dimensions = [{"Name": "EventBus", "Value": stage.event_bus()}]
    listed = pages.paginate(Namespace="Tiketz", Dimensions=dimensions).search("Metrics[].MetricName")
    return {str(each) for each in listed if each}


def _ringing(stage: Stage) -> list[str]:
    pages: Any = stage.client("cloudwatch").get_paginator("describe_alarms")
    listed = pages.paginate(AlarmNamePrefix=f"{stage.stack}-", StateValue="ALARM").search(
        "MetricAlarms[].AlarmName"
    )
    return [str(each) for each in listed if each]
