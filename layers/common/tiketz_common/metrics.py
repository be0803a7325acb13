"""Business metrics: log lines in CloudWatch's embedded metric format, which cost no request.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import time
from collections.abc import Mapping

NAMESPACE = "Tiketz"
MAX_VALUES = 100  # of one metric in one line


def emit(owner: str, values: Mapping[str, list[float]], *, dimension: str = "EventBus") -> None:
    """Log the values of each metric of this bus, of which each stage has its own, or of another dimension.

    Logs nothing where there are none.
    """
    if not values:
        return
    reported = {name: each[:MAX_VALUES] for name, each in values.items()}
    metrics = {
        "Namespace": NAMESPACE,
        "Dimensions": [[dimension]],
        "Metrics": [{"Name": name} for name in reported],
    }
    head = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]}
    print(json.dumps({"_aws": head, dimension: owner, **reported}))
