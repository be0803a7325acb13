"""All of Tiketz in one process and in virtual time: six services, a bus, an HTTP gateway and Stripe."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, Protocol

import stripe
from auth.keys import Keys
from auth.link_tokens import LinkKey, LinkKeys
from tiketz_common import secrets
from tiketz_common.rows import Row, unpack

from local.aws.streams import record_filter
from local.stripe.webhooks import Delivery
from tests.factories import NOON
from tests.fakes import faults
from tests.fakes.aws_calls import AwsCalls
from tests.fakes.dynamodb import InMemoryDynamoDB
from tests.fakes.dynamodb_tables import Change
from tests.fakes.event_bus import EventBus
from tests.fakes.faults import NO_FAULTS, FaultInjector, FaultRates
from tests.fakes.http_gateway import HttpGateway, HttpRequest
from tests.fakes.lambda_functions import InvocationFailed, LambdaFunction, current_invocation
from tests.fakes.mail import DirectoryFunction, Ses
from tests.fakes.outages import Dependency, Outage
from tests.fakes.patching import SimulatedRuntime
from tests.fakes.processes import ENVIRONMENT
from tests.fakes.queues import Inbox, QueueSettings
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.step_functions import StepFunctions
from tests.fakes.streams import TableStream
from tests.fakes.stripe import SECRET_KEY, WEBHOOK_SECRET, StripeAccount
from tests.fakes.virtual_clock import VirtualClock
from tests.support.auth_service import new_pem
from tests.support.templates import service_template, table_properties

SERVICES = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
WITH_RELAY = ("auth", "tickets", "orders", "payments")
TIMER_DELAYS = (0.0, 20.0)  # seconds, for every other seed: TimerDelaySeconds off and on
MINUTE = 60.0
HOUR = 60 * MINUTE

Watcher = Callable[[Change], None]


class DynamoDBEngine(Protocol):
    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]: ...
    def changes(self) -> list[Change]: ...
    def rows(self, table: str) -> Iterable[dict[str, Any]]: ...


class SimulatedApplication:
    """Tiketz at noon without users. All that happens follows from `seed` and the users' requests."""

    def __init__(
        self,
        seed: int,
        runtime: SimulatedRuntime,
        rates: FaultRates = NO_FAULTS,
        planned_faults: Mapping[str, str] | None = None,
        engine: DynamoDBEngine | None = None,
        outage: Outage | None = None,
        hold_seconds: int = 60,
    ) -> None:
        self.clock = VirtualClock(NOON)
        self.random = SeededRandom(seed)
        self.injector = FaultInjector(self.random, rates, planned_faults)
        self.watchers: list[Watcher] = []
        self.dynamodb: DynamoDBEngine = engine or InMemoryDynamoDB(table_definitions())
        self.outage = outage
        runtime.processes.clear(HOLD_SECONDS=str(hold_seconds))
        self.functions = {
            name: LambdaFunction(name, timeout, runtime.processes, self.clock, self.random)
            for service in SERVICES
            for name, timeout in timeouts(service).items()
        }
        common = self.clock, self.random, self.injector
        self.bus = EventBus(*common)
        self.step_functions = StepFunctions(self._put_timer_event, *common)
        self.streams = {
            service: TableStream(
                self.functions[f"{service}.relay"], _stream_filter(service), self.clock, self.random
            )
            for service in WITH_RELAY
        }
        self.inboxes: dict[str, Inbox] = {}
        for service in SERVICES:
            self._subscribe(service, TIMER_DELAYS[seed % 2])
        self.http = HttpGateway(self.functions, *common)
        self.stripe = StripeAccount(*common, outage)
        self.stripe.send = self._deliver_webhook
        self.stripe_clients = {
            retries: stripe.StripeClient(
                SECRET_KEY, http_client=self.stripe.transport(), max_network_retries=retries
            )
            for retries in (0, 1)
        }
        self.ses = Ses()
        self.calls = AwsCalls(
            {
                "dynamodb": self.call_dynamodb,
                "events": self.bus.handle,
                "stepfunctions": self.step_functions.handle,
                "sqs": self._call_sqs,
                "ssm": _call_ssm,
                "lambda": DirectoryFunction(self._directory_entry).handle,
                "sesv2": self.ses.handle,
            },
            self.injector,
            outage,
        )
        runtime.app = self
        secrets._cache.clear()
        if outage and outage.dependency is Dependency.PARAMETER_STORE:  # every process has read them once
            secrets._cache.update({name: (self.clock.now, value) for name, value in _parameters().items()})

    def _subscribe(self, service: str, timer_delay: float) -> None:
        """Create a service's queues and send them the events that its rules match."""
        sends = {}
        for queue, settings in _queues(service, timer_delay).items():
            name = service if queue == "Inbox" else f"{service}{queue}"
            consumer = self.functions[f"{service}.consumer"]
            inbox = Inbox(name, consumer, self.clock, self.random, self.injector, settings, self.outage)
            self.inboxes[name], sends[queue] = inbox, inbox.send
        self.bus.subscribe(service, service_template(service), sends)

    # -- state -----------------------------------------------------------------------------------------------

    def rows(self, service: str) -> list[Row]:
        return [unpack(item) for item in self.dynamodb.rows(service)]

    @property
    def idle(self) -> bool:
        """Whether no event, message or webhook is in flight."""
        return not (
            self.bus.in_flight
            or self.stripe.in_flight
            or self.stripe.machine.ledger.rows["delivery"]
            or any(stream.unread for stream in self.streams.values())
            or any(inbox.messages or inbox.dead_letters or inbox.in_flight for inbox in self.inboxes.values())
        )

    # -- time ------------------------------------------------------------------------------------------------

    @property
    def next_quarter(self) -> float:
        """When the next quarter of an hour begins, in seconds after noon."""
        quarter = 15 * MINUTE
        return ((self.clock.now - NOON.timestamp()) // quarter + 1) * quarter

    def run(self, until: float) -> None:
        """Let everything happen, scheduled jobs included, until so many seconds after noon."""
        end = NOON.timestamp() + until
        while (next_minute := (self.clock.now // MINUTE + 1) * MINUTE) <= end:
            self.clock.run(next_minute)
            self.run_scheduled_jobs()
        self.clock.run(end)

    def run_scheduled_jobs(self) -> None:
        """Start the jobs of this minute."""
        minute = int((self.clock.now - NOON.timestamp()) // MINUTE)
        sweepers = ["tickets.sweeper"] * (minute % 60 == 0)
        if self.injector.rates.sweepers:
            sweepers += ["orders.sweeper", "payments.sweeper"]
        for sweeper in sweepers:
            cause = f"minute {minute}"
            if not self.injector.delivery_fault(f"{sweeper} {cause}", faults.SCHEDULE):
                self.clock.start_task(partial(self._sweep, sweeper, cause))

    def _sweep(self, name: str, cause: str) -> None:
        try:
            self.functions[name].invoke({"id": self.random.uuid(cause)}, cause)
        except InvocationFailed:
            return

    def redrive(self) -> int:
        """Send all dead letters and failed stream records again; returns their number."""
        inboxes = sum(inbox.redrive() for inbox in self.inboxes.values())
        return inboxes + sum(stream.redrive() for stream in self.streams.values())

    # -- calls of the product --------------------------------------------------------------------------------

    def call_dynamodb(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Passes each change to the table's stream and to the watchers. Raises AwsError."""
        try:
            return self.dynamodb.call(operation, params)
        finally:
            for change in self.dynamodb.changes():
                if change.table in self.streams:
                    self.streams[change.table].append(change)
                for watch in self.watchers:
                    watch(change)

    def _put_timer_event(self, entry: Mapping[str, Any]) -> None:
        """What a timer publishes; lost where EventBridge is gone for longer than the machine retries."""
        if not (self.outage and self.outage.fails("events", "timer", self.clock.now)):
            self.bus.put(entry)

    def _call_sqs(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        queue = params["QueueUrl"].rpartition("/")[2]
        if operation != "SendMessage":
            return self.inboxes[queue].handle(operation, params)
        owner = self.inboxes if queue.endswith("InboxDead") else self.streams
        owner[queue.removesuffix("InboxDead").removesuffix("RelayFailed")].bury(params["MessageBody"])
        return {"MessageId": self.random.uuid(f"{queue} {self.clock.now}")}

    def _directory_entry(self, question: dict[str, Any]) -> Any:
        """What auth's function returns. Raises LookupError where it fails."""
        invocation = current_invocation.get()
        assert invocation is not None
        try:
            return self.functions["auth.user_directory"].invoke(question, invocation.next_call("invokes"))
        except InvocationFailed as error:
            raise LookupError from error

    def _deliver_webhook(self, delivery: Delivery, attempt: str) -> int:
        headers = {
            "stripe-signature": delivery.headers["Stripe-Signature"],
            "content-type": "application/json",
        }
        path = "/api/payments/webhook"
        return self.http.respond(
            HttpRequest("POST", path, attempt, headers=headers, raw=delivery.body)
        ).status


@cache
def table_definitions() -> dict[str, Any]:
    """The properties of the services' tables, from their templates."""
    return {service: table_properties(service) for service in SERVICES}


@cache
def timeouts(service: str) -> dict[str, float]:
    """The timeouts of a template's functions in seconds, by handler module."""
    template = service_template(service)
    default = template.get("Globals", {}).get("Function", {}).get("Timeout", 3)
    return {
        each["Properties"]["Handler"].removesuffix(".handler"): float(
            each["Properties"].get("Timeout", default)
        )
        for each in template["Resources"].values()
        if each["Type"] == "AWS::Serverless::Function"
    }


@cache
def _queues(service: str, timer_delay: float) -> dict[str, QueueSettings]:
    """The queues of a service's consumer; `timer_delay` is for those whose messages are delayed."""
    resources = service_template(service)["Resources"]
    settings = {}
    for source in resources["Consumer"]["Properties"]["Events"].values():
        name = source["Properties"]["Queue"]["Fn::GetAtt"][0]
        queue = resources[name]["Properties"]
        settings[name] = QueueSettings(
            batch=source["Properties"]["BatchSize"],
            visibility=float(queue["VisibilityTimeout"]),
            max_receives=queue["RedrivePolicy"]["maxReceiveCount"],
            delay=timer_delay if "DelaySeconds" in queue else 0.0,
        )
    return settings


@cache
def _stream_filter(service: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a stream record passes the filters of a service's relay."""
    events = service_template(service)["Resources"]["Relay"]["Properties"]["Events"]
    return record_filter(events["Stream"]["Properties"].get("FilterCriteria", {}))


@cache
def _parameters() -> dict[str, str]:
    signing_keys = Keys("k1", {"k1": new_pem()})
    return {
        ENVIRONMENT["SIGNING_KEYS_PARAMETER"]: json.dumps({"current": "k1", "keys": signing_keys.pems}),
        ENVIRONMENT["VERIFICATION_KEYS_PARAMETER"]: json.dumps({"keys": signing_keys.jwks}),
        ENVIRONMENT["REFRESH_KEY_PARAMETER"]: "5e" * 32,
        ENVIRONMENT["LINK_KEYS_PARAMETER"]: LinkKeys("k1", {"k1": LinkKey("1c" * 32)}).secret(),
        ENVIRONMENT["STRIPE_SECRET_KEY_PARAMETER"]: SECRET_KEY,
        ENVIRONMENT["STRIPE_WEBHOOK_SECRET_PARAMETER"]: WEBHOOK_SECRET,
    }


def _call_ssm(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    assert operation == "GetParameter", operation
    return {"Parameter": {"Value": _parameters()[params["Name"]]}}
