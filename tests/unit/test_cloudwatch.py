"""tests/support/cloudwatch.py evaluates alarms as the examples of CloudWatch's documentation."""

import pytest

from tests.support.cloudwatch import ALARM, INSUFFICIENT_DATA, OK, Metrics, _evaluate, states

KEPT = "the state before"
THREE_OF_THREE = {
    "0 - X - X": (OK, OK, OK, OK),
    "- - - - 0": (OK, OK, OK, OK),
    "- - - - -": (INSUFFICIENT_DATA, KEPT, ALARM, OK),
    "0 X X - X": (ALARM, ALARM, ALARM, ALARM),
    "- - X - -": (ALARM, KEPT, ALARM, OK),
}
TWO_OF_THREE = {
    "0 - X - X": (ALARM, ALARM, ALARM, ALARM),
    "0 0 X 0 X": (ALARM, ALARM, ALARM, ALARM),
    "0 - X - -": (OK, OK, ALARM, OK),
    "- - - - 0": (OK, OK, ALARM, OK),
    "- - - X -": (ALARM, KEPT, ALARM, OK),
}
EXAMPLES = [
    pytest.param(m, points, treatment, expected, id=f"{m} of 3, {points}, {treatment}")
    for m, rows in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for points, row in rows.items()
    for treatment, expected in zip(("missing", "ignore", "breaching", "notBreaching"), row, strict=True)
]
HIGH = {
    "Namespace": "Tiketz",
    "MetricName": "Lag",
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 10,
    "TreatMissingData": "notBreaching",
}


@pytest.mark.parametrize(("m", "points", "treatment", "expected"), EXAMPLES)
def test_missing_data_is_treated_as_documented(m: int, points: str, treatment: str, expected: str) -> None:
    """…/monitoring/alarms-and-missing-data.html: X breaches, 0 doesn't, - is missing; the newest is last."""
    values = {"X": 11.0, "0": 1.0, "-": None}
    newest_first = [values[each] for each in reversed(points.split())]
    alarm = {**HIGH, "EvaluationPeriods": 3, "DatapointsToAlarm": m, "TreatMissingData": treatment}
    assert _evaluate(alarm, newest_first, KEPT) == expected


def reported(*values: tuple[int, float]) -> Metrics:
    """Values of Lag, each at a minute."""
    metrics = Metrics()
    for minute, value in values:
        metrics.put("Tiketz", "Lag", {}, minute * 60, value)
    return metrics


def test_a_period_of_five_minutes_is_evaluated_each_minute() -> None:
    alarm = {**HIGH, "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1}
    across = reported((4, 6), (5, 6))  # two periods of the clock
    assert states(alarm, across, 10)[:6] == [OK] * 5 + [ALARM]


def test_a_percentile_of_few_samples_is_not_evaluated_where_that_is_ignored() -> None:
    """…/monitoring/percentiles-with-low-samples.html: of p99 where there are fewer than a thousand."""
    alarm = {**HIGH, "ExtendedStatistic": "p99", "Period": 60, "EvaluationPeriods": 1}
    alarm["EvaluateLowSampleCountPercentile"] = "ignore"
    assert states(alarm, reported(*[(0, 11)] * 999), 1) == [INSUFFICIENT_DATA]
    assert states(alarm, reported(*[(0, 11)] * 1000), 1) == [ALARM]
    assert states({**alarm, "EvaluateLowSampleCountPercentile": "evaluate"}, reported((0, 11)), 1) == [ALARM]


def test_an_expression_is_evaluated_on_each_periods_statistics() -> None:
    stat = {"Metric": {"Namespace": "Tiketz", "MetricName": "Lag"}, "Period": 60}
    alarm = {
        "Metrics": [
            {"Id": "e", "Expression": "IF(n >= 2, high - 5, 0)"},
            {"Id": "n", "ReturnData": False, "MetricStat": {**stat, "Stat": "SampleCount"}},
            {"Id": "high", "ReturnData": False, "MetricStat": {**stat, "Stat": "Maximum"}},
        ],
        "EvaluationPeriods": 1,
        **{name: HIGH[name] for name in ("ComparisonOperator", "Threshold", "TreatMissingData")},
    }
    assert states(alarm, reported((0, 99), (4, 16), (4, 16)), 6) == [OK] * 4 + [ALARM] * 2
