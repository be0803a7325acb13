"""CloudWatch's evaluation of metric alarms, which moto doesn't have.

Each minute, over windows that end with that minute
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html); missing data as on
…/monitoring/alarms-and-missing-data.html, few samples as on …/monitoring/percentiles-with-low-samples.html.
"""

import math
import operator
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"
MINUTE = 60
# More periods than an alarm evaluates are read. How many is not documented: five for three in its examples.
EXTRA_PERIODS = 2
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Average": lambda values: sum(values) / len(values),
}

Alarm = Mapping[str, Any]  # the properties of an AWS::CloudWatch::Alarm
Dimensions = Mapping[str, str]


@dataclass
class Metrics:
    """Values that were reported, by namespace, name and dimensions, at seconds from the beginning."""

    _values: dict[tuple[str, str, frozenset[tuple[str, str]]], list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def put(self, namespace: str, name: str, dimensions: Dimensions, at: float, *values: float) -> None:
        """Report values of one metric."""
        self._values[namespace, name, frozenset(dimensions.items())] += [(at, value) for value in values]

    def window(self, metric: Mapping[str, Any], start: float, end: float) -> list[float]:
        """The values of a metric from `start` to before `end`."""
        dimensions = frozenset((each["Name"], str(each["Value"])) for each in metric.get("Dimensions", []))
        reported = self._values.get((metric["Namespace"], metric["MetricName"], dimensions), [])
        return [value for at, value in reported if start <= at < end]


def states(alarm: Alarm, metrics: Metrics, minutes: int) -> list[str]:
    """The alarm's state after each of so many minutes, from INSUFFICIENT_DATA on."""
    return list(_states(alarm, metrics, minutes))


def _states(alarm: Alarm, metrics: Metrics, minutes: int) -> Iterator[str]:
    state, period, length = INSUFFICIENT_DATA, _period(alarm), alarm["EvaluationPeriods"] + EXTRA_PERIODS
    for minute in range(1, minutes + 1):
        ends = [minute * MINUTE - period * back for back in range(length)]
        points = [_point(alarm, metrics, end - period, end) for end in ends]
        if not _too_few_samples(alarm, metrics, minute * MINUTE):
            state = _evaluate(alarm, points, state)
        yield state


def _evaluate(alarm: Alarm, points: Sequence[float | None], state: str) -> str:
    """The next state, from the data points of the evaluation range, the newest first."""
    wanted = alarm["EvaluationPeriods"]
    needed = alarm.get("DatapointsToAlarm", wanted)
    recent = [each for each in points if each is not None][:wanted]
    breaching = [COMPARISONS[alarm["ComparisonOperator"]](each, alarm["Threshold"]) for each in recent]
    treatment = alarm.get("TreatMissingData", "missing")
    if len(breaching) < wanted and treatment in ("breaching", "notBreaching"):
        breaching += [treatment == "breaching"] * (wanted - len(breaching))
    if sum(breaching) >= needed:
        return ALARM
    if len(breaching) == wanted or not all(breaching):
        return OK
    if treatment == "ignore":
        return state
    return ALARM if breaching else INSUFFICIENT_DATA


def _point(alarm: Alarm, metrics: Metrics, start: float, end: float) -> float | None:
    """The data point of one period; None where it is missing."""
    if "MetricName" in alarm:
        statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
        return _statistic(statistic, metrics.window(alarm, start, end))
    values: dict[str, float | None] = {}
    expression = ""
    for each in alarm["Metrics"]:
        if "MetricStat" in each:
            window = metrics.window(each["MetricStat"]["Metric"], start, end)
            values[each["Id"]] = _statistic(each["MetricStat"]["Stat"], window)
        else:
            expression = each["Expression"]
    if any(value is None for name, value in values.items() if name in expression):
        return None
    return float(eval(expression, {"__builtins__": {}, "IF": lambda test, a, b: a if test else b}, values))


def _statistic(name: str, values: Sequence[float]) -> float | None:
    if not values:
        return None
    if name in STATISTICS:
        return STATISTICS[name](values)
    rank = math.ceil(_percentile(name) * len(values))
    return sorted(values)[max(rank, 1) - 1]


def _percentile(statistic: str) -> float:
    """0.99 of `p99`."""
    return float(statistic.removeprefix("p")) / 100


def _too_few_samples(alarm: Alarm, metrics: Metrics, end: float) -> bool:
    if alarm.get("EvaluateLowSampleCountPercentile") != "ignore":
        return False
    share = _percentile(alarm["ExtendedStatistic"])
    count = len(metrics.window(alarm, end - alarm["Period"] * alarm["EvaluationPeriods"], end))
    return count < round(10 / (1 - share if share >= 0.5 else share))


def _period(alarm: Alarm) -> int:
    """Seconds."""
    if "Period" in alarm:
        return int(alarm["Period"])
    [period] = {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each}
    return int(period)
