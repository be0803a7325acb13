"""Tiketz, all of it, in one process and in virtual time: five services, a bus, a browser's web and Stripe."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

import stripe
from tiketz_common import secrets
from tiketz_common.rows import Row, unpack

from local.aws.streams import record_filter
from tests.fakes import faults
from tests.fakes.aws_calls import AwsCalls
from tests.fakes.dynamodb import Change, InMemoryDynamoDB
from tests.fakes.event_bus import EventBus
from tests.fakes.faults import NO_FAULTS, FaultInjector, FaultRates
from tests.fakes.http_gateway import HttpGateway
from tests.fakes.lambda_functions import InvocationFailed, LambdaFunction
from tests.fakes.patching import SimulatedRuntime
from tests.fakes.processes import ENVIRONMENT
from tests.fakes.queues import Inbox
from tests.fakes.seeded_random import SeededRandom
from tests.fakes.step_functions import StepFunctions
from tests.fakes.streams import TableStream
from tests.fakes.stripe import SECRET_KEY, WEBHOOK_SECRET, StripeAccount
from tests.fakes.virtual_clock import VirtualClock
from tests.support.auth_service import new_pem
from tests.support.templates import service_template, table_properties

SERVICES = ("auth", "tickets", "orders", "payments", "expiration")
WITH_RELAY = ("auth", "tickets", "orders", "payments")
TIMER_DELAYS = (0.0, 20.0)  # seconds, of every other seed: TimerDelaySeconds at its default, and at work
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = 60.0
HOUR = 60 * MINUTE

Watcher = Callable[[Change], None]


class DynamoDBEngine(Protocol):
    """A DynamoDB."""

    def call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]: ...
    def changes(self) -> list[Change]: ...
    def rows(self, table: str) -> Iterable[dict[str, Any]]: ...


class SimulatedApplication:
    """A world at noon in which nobody has done anything. What happens in it follows from `seed` alone."""

    def __init__(
        self,
        seed: int,
        runtime: SimulatedRuntime,
        rates: FaultRates = NO_FAULTS,
        given: Mapping[str, str] | None = None,
        engine: DynamoDBEngine | None = None,
    ) -> None:
        self.clock = VirtualClock(NOON)
        self.random = SeededRandom(seed)
        self.injector = FaultInjector(self.random, rates, given)
        self.watchers: list[Watcher] = []
        self.dynamodb = engine or InMemoryDynamoDB(declared())
        timeouts = {name: seconds for service in SERVICES for name, seconds in functions(service).items()}
        runtime.processes.end_all()
        self.functions = {
            name: LambdaFunction(name, seconds, runtime.processes, self.clock, self.random)
            for name, seconds in timeouts.items()
        }
        common = self.clock, self.random, self.injector
        self.bus = EventBus(*common)
        self.step_functions = StepFunctions(self.bus.put, *common)
        self.streams = {
            service: TableStream(
                self.functions[f"{service}.relay"], _wanted(service), self.clock, self.random
            )
            for service in WITH_RELAY
        }
        self.inboxes: dict[str, Inbox] = {}
        for service in SERVICES:
            sends = {}
            for queue, delayed in _queues(service).items():
                name = service if queue == "Inbox" else f"{service}{queue}"
                inbox = Inbox(name, self.functions[f"{service}.consumer"], *common)
                inbox.delay = TIMER_DELAYS[seed % 2] if delayed else 0.0
                self.inboxes[name], sends[queue] = inbox, inbox.send
            self.bus.subscribe(service, service_template(service), sends)
        self.web = HttpGateway(self.functions, *common)
        self.stripe = StripeAccount(*common)
        self.stripe.send = self._webhook
        self.stripe_client = stripe.StripeClient(
            SECRET_KEY, http_client=self.stripe.transport(), max_network_retries=1
        )
        answers = {
            "dynamodb": self.ask_dynamodb,
            "events": self.bus.answer,
            "stepfunctions": self.step_functions.answer,
            "sqs": self._sqs,
            "ssm": _ssm,
        }
        self.calls = AwsCalls(answers, self.injector)
        runtime.world = self
        secrets._cache.clear()

    # -- looking on ------------------------------------------------------------------------------------------

    def rows(self, service: str) -> list[Row]:
        return [unpack(item) for item in self.dynamodb.rows(service)]

    @property
    def quiet(self) -> bool:
        """Whether nothing is on its way any more."""
        return not (
            self.bus.on_the_way
            or self.stripe.owed
            or self.stripe.machine.ledger.rows["delivery"]
            or any(stream.unread for stream in self.streams.values())
            or any(inbox.messages or inbox.dead or inbox.on_the_way for inbox in self.inboxes.values())
        )

    # -- letting time pass -----------------------------------------------------------------------------------

    def live(self, until: float) -> None:
        """Let everything happen, sweepers included, until so many seconds after noon."""
        end = NOON.timestamp() + until
        while (next_minute := (self.clock.now // MINUTE + 1) * MINUTE) <= end:
            self.clock.run(next_minute)
            self.tick()
        self.clock.run(end)

    def tick(self) -> None:
        """What happens each minute: the sweepers."""
        minute = int((self.clock.now - NOON.timestamp()) // MINUTE)
        sweepers = ["tickets.sweeper"] * (minute % 60 == 0)
        if self.injector.rates.sweepers:
            sweepers += ["orders.sweeper", "payments.sweeper"]
        for sweeper in sweepers:
            cause = f"minute {minute}"
            if not self.injector.of_carrying(f"{sweeper} {cause}", faults.TICK):
                self.clock.begin(lambda name=sweeper, cause=cause: self._sweep(name, cause))

    def _sweep(self, name: str, cause: str) -> None:
        try:
            self.functions[name].invoke({"id": self.random.uuid(cause)}, cause)
        except InvocationFailed:
            return

    def redrive(self) -> int:
        """Give everything that was given up another try; how much that was."""
        stores = [*self.inboxes.values(), *self.streams.values()]
        return sum(store.redrive() for store in stores)

    # -- being asked -----------------------------------------------------------------------------------------

    def ask_dynamodb(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Streams and watchers hear of what changes. Raises AwsError."""
        try:
            return self.dynamodb.call(operation, asked)
        finally:
            for change in self.dynamodb.changes():
                if change.table in self.streams:
                    self.streams[change.table].tell(change)
                for watch in self.watchers:
                    watch(change)

    def _sqs(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        return self.inboxes[asked["QueueUrl"].rpartition("/")[2]].answer(operation, asked)

    def _webhook(self, delivery: Any, attempt: str) -> int:
        headers = {
            "stripe-signature": delivery.headers["Stripe-Signature"],
            "content-type": "application/json",
        }
        path = "/api/payments/webhook"
        return self.web.answer("POST", path, None, attempt, [], headers, delivery.body).status


@cache
def declared() -> dict[str, Any]:
    """The services' tables, as their templates declare them."""
    return {service: table_properties(service) for service in SERVICES}


@cache
def functions(service: str) -> dict[str, float]:
    """A template's functions by handler module, with their timeouts in seconds."""
    template = service_template(service)
    usual = template.get("Globals", {}).get("Function", {}).get("Timeout", 3)
    return {
        each["Properties"]["Handler"].removesuffix(".handler"): float(
            each["Properties"].get("Timeout", usual)
        )
        for each in template["Resources"].values()
        if each["Type"] == "AWS::Serverless::Function"
    }


@cache
def _queues(service: str) -> dict[str, bool]:
    """The queues that a service's consumer is fed from, and whether their messages are delayed."""
    resources = service_template(service)["Resources"]
    sources = resources["Consumer"]["Properties"]["Events"].values()
    names = [each["Properties"]["Queue"]["Fn::GetAtt"][0] for each in sources]
    return {name: "DelaySeconds" in resources[name]["Properties"] for name in names}


@cache
def _wanted(service: str) -> Callable[[dict[str, Any]], bool]:
    """Which records of its table a service's relay is called for, by the template."""
    mapping = service_template(service)["Resources"]["Relay"]["Properties"]["Events"]["Stream"]["Properties"]
    return record_filter(mapping.get("FilterCriteria", {}))


@cache
def _parameters() -> dict[str, str]:
    return {
        ENVIRONMENT["SIGNING_KEYS_PARAMETER"]: json.dumps({"current": "k1", "keys": {"k1": new_pem()}}),
        ENVIRONMENT["REFRESH_KEY_PARAMETER"]: "5e" * 32,
        ENVIRONMENT["STRIPE_SECRET_KEY_PARAMETER"]: SECRET_KEY,
        ENVIRONMENT["STRIPE_WEBHOOK_SECRET_PARAMETER"]: WEBHOOK_SECRET,
    }


def _ssm(operation: str, asked: dict[str, Any]) -> dict[str, Any]:
    assert operation == "GetParameter", operation
    return {"Parameter": {"Value": _parameters()[asked["Name"]]}}
