"""Business metrics: a log line from which CloudWatch takes numbers, so that counting costs no request.

The line's form is CloudWatch's embedded metric format:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import time
from collections.abc import Mapping

NAMESPACE = "Tiketz"
MAX_VALUES = 100  # of one metric in one line


def emit(bus: str, values: Mapping[str, list[float]]) -> None:
    """Report the values of each metric under the bus, which every stage has of its own. None: no line."""
    if not values:
        return
    told = {name: given[:MAX_VALUES] for name, given in values.items()}
    metrics = {
        "Namespace": NAMESPACE,
        "Dimensions": [["EventBus"]],
        "Metrics": [{"Name": name} for name in told],
    }
    head = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]}
    print(json.dumps({"_aws": head, "EventBus": bus, **told}))
