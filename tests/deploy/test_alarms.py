"""Every alarm rings, and stops, on what AWS and the functions report, also where there is little traffic."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from tests.deploy.alarms import BUS, STATE_MACHINE, TIMER_DELAY_SECONDS, Alarm, all_alarms
from tests.factories import money_data, ticket_data
from tests.fakes.aws_errors import AwsError
from tests.support.cloudwatch import ALARM, OK, Metrics, states
from tests.support.handlers import LambdaContext, import_function, sqs_record
from tests.support.notifications_service import NotificationsService
from tests.support.payments_service import PaymentsService
from tests.support.service import Service

ALARMS = all_alarms()
BEGIN, FAILURE, CALM_AFTER = 20, 30, 240  # minutes: of calm before, of failure, and of calm again
Report = Callable[[float], None]  # at seconds


@dataclass(frozen=True)
class Scenario:
    """What is reported of a resource at each minute, in calm and in failure, and how soon the alarm rings."""

    calm: Report | None  # None: nothing is reported then
    failure: Report
    within: int  # minutes
    every: int = 1  # minutes between reports of failure


def aws_scenario(alarm: Alarm, metrics: Metrics) -> Scenario:
    """One request, message or run a minute, with the metrics and dimensions that AWS documents."""

    def reports(namespace: str, metric: str, dimensions: dict[str, str], *values: float) -> Report:
        return lambda at: metrics.put(namespace, metric, dimensions, at, *values)

    service = alarm.service
    api = {
        "ApiId": f"{service}/HttpApi"
    }  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    visible, age = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"

    def queue(metric: str, name: str, value: float) -> Report:
        """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"""
        return reports("AWS/SQS", metric, {"QueueName": f"{service}/{name}"}, value)

    def function(metric: str, name: str, value: float, alias: str = "") -> Report:
        """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""
        dimensions = {"FunctionName": f"{service}/{name}"}
        if alias:
            dimensions["Resource"] = f"{service}/{name}:{alias}"
        return reports("AWS/Lambda", metric, dimensions, value)

    def faults(name: str) -> Scenario:
        return Scenario(function("Errors", name, 0, "live"), function("Errors", name, 1, "live"), within=5)

    begun = TIMER_DELAY_SECONDS + 600
    failed = reports("AWS/States", "ExecutionsFailed", {"StateMachineArn": STATE_MACHINE}, 1)
    return {
        "ApiFails": Scenario(
            reports("AWS/ApiGateway", "5xx", api, 0), reports("AWS/ApiGateway", "5xx", api, 1), within=5
        ),
        "ApiSlow": Scenario(
            reports("AWS/ApiGateway", "Latency", api, 80),
            reports("AWS/ApiGateway", "Latency", api, 4000),
            within=15,
        ),
        "ApiFaults": faults("Api"),
        "AuthorizerFaults": faults("Authorizer"),
        "WebhookFaults": faults("Webhook"),
        "InboxDead": Scenario(queue(visible, "InboxDead", 0), queue(visible, "InboxDead", 1), within=1),
        "InboxLate": Scenario(queue(age, "Inbox", 0), queue(age, "Inbox", 200), within=3),
        "RelayLate": Scenario(
            function("IteratorAge", "Relay", 300), function("IteratorAge", "Relay", 90_000), within=3
        ),
        "RelayFailed": Scenario(queue(visible, "RelayFailed", 0), queue(visible, "RelayFailed", 1), within=1),
        "SweeperFails": Scenario(
            function("Errors", "Sweeper", 0), function("Errors", "Sweeper", 1), within=5
        ),
        "BegunLate": Scenario(queue(age, "Begun", TIMER_DELAY_SECONDS), queue(age, "Begun", begun), within=3),
        "TimersFailed": Scenario(None, failed, within=1),
        # https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
        "MailsBounce": Scenario(
            reports("AWS/SES", "Reputation.BounceRate", {}, 0.01),
            reports("AWS/SES", "Reputation.BounceRate", {}, 0.06),
            within=15,
        ),
    }[alarm.name]


def play(alarm: Alarm, metrics: Metrics, scenario: Scenario) -> list[str]:
    """The alarm's state at each minute: calm, failure, calm."""
    end = BEGIN + FAILURE + CALM_AFTER
    for minute in range(end):
        if BEGIN <= minute < BEGIN + FAILURE:
            if (minute - BEGIN) % scenario.every == 0:
                scenario.failure(minute * 60 + 1)
        elif scenario.calm:
            scenario.calm(minute * 60 + 1)
    return states(alarm.properties, metrics, end)


def check(alarm: Alarm, metrics: Metrics, scenario: Scenario) -> None:
    """It is OK before, rings in time, and is OK again afterwards."""
    played = play(alarm, metrics, scenario)
    before, during = played[:BEGIN], played[BEGIN : BEGIN + FAILURE]
    assert ALARM not in before
    assert ALARM in during[: scenario.within], during
    assert during[-1] == ALARM
    assert played[-1] == OK


OF_AWS = [each for each in ALARMS if "Tiketz" not in str(each.properties)]


@pytest.mark.parametrize("alarm", OF_AWS, ids=lambda alarm: alarm.id)
def test_an_alarm_rings_on_what_aws_reports(alarm: Alarm) -> None:
    metrics = Metrics()
    check(alarm, metrics, aws_scenario(alarm, metrics))


def test_every_alarm_of_the_functions_own_metrics_is_played() -> None:
    assert {each.name for each in ALARMS if each not in OF_AWS} == {
        "InboxRetries",
        "TimersLate",
        "TimersMissed",
        "PaymentsVoided",
        "RefundsFailed",
        "DisputesOpened",
        "StripeFaults",
        "MailsFail",
    }


@pytest.fixture
def orders(aws: None, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The orders service with a ticket."""
    service = Service("orders", monkeypatch, HOLD_SECONDS="900")
    service.consume(sqs_record("TicketCreated", ticket_data(quantity=100)))
    return service


@pytest.fixture
def payments(aws: None, monkeypatch: pytest.MonkeyPatch) -> PaymentsService:
    """The payments service, without rows."""
    return PaymentsService(monkeypatch)


def dashboard_alarm(name: str) -> Alarm:
    [alarm] = [each for each in ALARMS if each.name == name]
    return alarm


def emitted(printed: str) -> Iterator[tuple[str, str, dict[str, str], list[float]]]:
    """The metrics of lines in CloudWatch's embedded format, as CloudWatch takes them from a log."""
    for line in printed.splitlines():
        entry = json.loads(line)
        for directive in entry.get("_aws", {}).get("CloudWatchMetrics", []):
            [names] = directive["Dimensions"]
            for metric in directive["Metrics"]:
                dimensions = {name: entry[name] for name in names}
                yield directive["Namespace"], metric["Name"], dimensions, entry[metric["Name"]]


def scenario_of(printed: str, metrics: Metrics, **timing: int) -> Scenario:
    """Failure that reports what a function printed."""
    reported = list(emitted(printed))
    assert reported

    def report(at: float) -> None:
        for namespace, name, dimensions, values in reported:
            metrics.put(namespace, name, dimensions, at, *values)

    return Scenario(calm=None, failure=report, **timing)


def published(
    service: str, name: str, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """What a relay counts of an event that it published."""
    relay = import_function(
        f"{service}.relay", {"EVENT_BUS_NAME": BUS, "RELAY_FAILED_URL": "failed"}, monkeypatch
    )
    detail = {"occurredAt": "2026-07-01T12:00:00.000Z", "data": data}
    return {
        metric: [value]
        for metric, value in relay.measure({"DetailType": name, "Detail": json.dumps(detail)}).items()
    }


@pytest.mark.parametrize(
    "alarm", [each for each in ALARMS if each.name == "InboxRetries"], ids=lambda alarm: alarm.id
)
def test_an_event_that_fails_for_longer_than_ten_minutes_rings(
    alarm: Alarm, aws: None, capsys: pytest.CaptureFixture[str]
) -> None:
    from tiketz_common.inbox import Inbox

    inbox = Inbox("https://sqs/inbox", "https://sqs/dead")

    @inbox.on(BaseModel, "Sold")
    def fail(_: BaseModel) -> None:
        raise ConnectionError

    failing = sqs_record("Sold", {}, received=20)  # sent on 1 July 2026
    failing["eventSourceARN"] = f"arn:aws:sqs:eu-west-1:123456789012:{alarm.service}/Inbox"
    context: Any = LambdaContext()
    inbox.resolve({"Records": [failing]}, context)
    metrics = Metrics()
    check(alarm, metrics, scenario_of(capsys.readouterr().out, metrics, within=1, every=15))


def test_one_late_expiry_in_a_quarter_of_an_hour_rings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tiketz_common import metrics as product

    late = {"expiresAt": "2026-07-01T11:59:00.000Z"}
    product.emit(BUS, published("orders", "OrderExpired", late, monkeypatch))
    metrics = Metrics()
    check(
        dashboard_alarm("TimersLate"),
        metrics,
        scenario_of(capsys.readouterr().out, metrics, within=1, every=15),
    )


def test_a_late_expiry_among_many_in_time_does_not_ring() -> None:
    metrics = Metrics()
    for minute in range(60):
        metrics.put("Tiketz", "ExpiryLag", {"EventBus": BUS}, minute * 60, 1200, 1300, 1500)
    metrics.put("Tiketz", "ExpiryLag", {"EventBus": BUS}, 1800, 60_000)
    assert ALARM not in states(dashboard_alarm("TimersLate").properties, metrics, 60)


def test_three_missed_timers_in_an_hour_ring(
    orders: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tiketz_common import clock

    orders.request("POST", "/api/orders", {"ticketId": "t1"}, user="bo")
    sweeper = orders.function("sweeper")
    monkeypatch.setattr(clock, "now", lambda: clock.from_wire("2126-01-01T00:00:00.000Z"))
    capsys.readouterr()
    sweeper.handler({"id": "tick-1"}, None)
    metrics = Metrics()
    check(
        dashboard_alarm("TimersMissed"),
        metrics,
        scenario_of(capsys.readouterr().out, metrics, within=21, every=10),
    )


def test_many_voided_payments_ring_and_a_race_for_one_ticket_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tiketz_common import metrics as product

    voided = published("payments", "PaymentVoided", {}, monkeypatch)
    for _ in range(5):
        product.emit(BUS, voided)
    metrics = Metrics()
    five_a_minute = scenario_of(capsys.readouterr().out, metrics, within=5)
    alarm = dashboard_alarm("PaymentsVoided")
    check(alarm, metrics, five_a_minute)
    race = Metrics()
    race.put("Tiketz", "PaymentsVoided", {"EventBus": BUS}, 60, *[1.0] * 20)
    assert ALARM not in states(alarm.properties, race, 30)


@pytest.mark.parametrize(
    ("name", "event", "money"),
    [
        ("RefundsFailed", "PaymentRefundFailed", money_data(refundFailed=4860)),
        ("RefundsFailed", "PaymentCaptured", money_data(refundFailed=1000)),
        ("DisputesOpened", "PaymentCaptured", money_data(disputed="open")),
        ("DisputesOpened", "PaymentRefunded", money_data(refunded=4860, disputed="open")),
    ],
)
def test_one_failed_refund_and_one_dispute_ring(
    name: str,
    event: str,
    money: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from tiketz_common import metrics as product

    product.emit(BUS, published("payments", event, {"money": money}, monkeypatch))
    metrics = Metrics()
    check(dashboard_alarm(name), metrics, scenario_of(capsys.readouterr().out, metrics, within=1))


def test_a_request_that_stripe_refuses_as_wrong_rings(
    payments: PaymentsService, capsys: pytest.CaptureFixture[str]
) -> None:
    payments.consume_order("OrderCreated")
    payments.stripe.fault = lambda operation: "bad_request"
    capsys.readouterr()
    assert payments.pay().status == 503
    metrics = Metrics()
    check(dashboard_alarm("StripeFaults"), metrics, scenario_of(capsys.readouterr().out, metrics, within=1))


def test_a_payment_is_counted_as_captured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(money: dict[str, Any]) -> dict[str, Any]:
        return published("payments", "PaymentCaptured", {"money": money}, monkeypatch)

    assert counted(money_data()) == {"PaymentsCaptured": [1]}
    assert counted(money_data(refunded=1000)) == {}


def test_three_mails_that_fail_ring(
    aws: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notifications = NotificationsService(monkeypatch)
    notifications.ses.errors.append(AwsError("AccountSuspendedException"))
    capsys.readouterr()
    assert not notifications.completed()
    printed = "\n".join(line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line)
    metrics = Metrics()
    check(of("MailsFail"), metrics, scenario_of(printed, metrics, within=3))


def of(name: str) -> Alarm:
    return next(each for each in ALARMS if each.name == name)


@pytest.mark.parametrize("name", ["InboxDead", "RelayFailed"])
def test_a_full_queue_keeps_its_alarm_when_sqs_reports_nothing_more(name: str) -> None:
    """SQS reports a queue for six hours after it was last used, whatever it holds."""
    alarm, metrics = of(name), Metrics()
    dimensions = {"QueueName": f"{alarm.service}/{name}"}
    for minute in range(360):
        metrics.put("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions, minute * 60, 1)
    assert states(alarm.properties, metrics, 24 * 60)[-1] == ALARM


@pytest.mark.parametrize(
    ("requests", "slow", "state"),
    [(2000, 30, ALARM), (2000, 10, OK), (100, 20, ALARM), (100, 5, OK), (3, 1, ALARM), (3, 0, OK)],
)
def test_slow_requests_ring_by_their_share(requests: int, slow: int, state: str) -> None:
    """Of `requests` in five minutes so many are slow: a hundredth may be, below a thousand a tenth."""
    alarm, metrics = of("ApiSlow"), Metrics()
    for minute in range(0, 60, 5):
        values = [4000.0] * slow + [80.0] * (requests - slow)
        metrics.put("AWS/ApiGateway", "Latency", {"ApiId": f"{alarm.service}/HttpApi"}, minute * 60, *values)
    assert states(alarm.properties, metrics, 60)[-1] == state


def test_one_cold_start_after_a_quiet_hour_does_not_ring() -> None:
    alarm, metrics = of("ApiSlow"), Metrics()
    metrics.put("AWS/ApiGateway", "Latency", {"ApiId": f"{alarm.service}/HttpApi"}, 3600, 4000)
    assert ALARM not in states(alarm.properties, metrics, 90)


def test_a_job_that_fails_once_an_hour_rings() -> None:
    """Lambda tries a scheduled invocation three times, one and two minutes apart."""
    alarm, metrics = of("SweeperFails"), Metrics()
    for minute in (0, 1, 3):
        metrics.put("AWS/Lambda", "Errors", {"FunctionName": f"{alarm.service}/Sweeper"}, minute * 60 + 30, 1)
    assert ALARM in states(alarm.properties, metrics, 10)
