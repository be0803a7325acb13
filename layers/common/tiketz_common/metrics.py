"""Business metrics: log lines in CloudWatch's embedded metric format, which cost no request.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import time
from collections.abc import Mapping

NAMESPACE = "Tiketz"
MAX_VALUES = 100  # of one metric in one line


def emit(bus: str, values: Mapping[str, list[float]]) -> None:
    """Log the values of each metric, by event bus: each stage has its own. Nothing where there are none."""
    if not values:
        return
    reported = {name: each[:MAX_VALUES] for name, each in values.items()}
    metrics = {
        "Namespace": NAMESPACE,
        "Dimensions": [["EventBus"]],
        "Metrics": [{"Name": name} for name in reported],
    }
    head = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]}
    print(json.dumps({"_aws": head, "EventBus": bus, **reported}))
