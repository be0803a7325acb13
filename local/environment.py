"""A whole world: everything deployed, started, and stopped again."""

import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests
from payments.stripe_events import WEBHOOK_EVENTS

from local import credentials, demo, settings
from local.aws.config import REGION, CannotStart
from local.aws.dispatcher import FairQueue
from local.aws.dynamodb_local import DynamoDBLocal
from local.aws.engines import Embedded, Engine
from local.aws.gateway import Gateway
from local.aws.iam import PolicyEnforcer, event_source_permissions
from local.aws.moto_patches import eventbridge
from local.aws.moto_server import ROOT_ACCESS_KEY, MotoServer
from local.aws.queues import QueuePoller
from local.aws.runtime import InvocationResult
from local.aws.schedules import Ticker
from local.aws.server import Server
from local.aws.stack import EventSource, Function, Service, deploy
from local.aws.streams import StreamPoller
from local.aws.workers import Pool
from local.console import Console
from local.feed import Feed
from local.origin import Origin
from local.pages import Live
from local.settings import Settings
from local.stripe import http as stripe
from local.web import Web

FIRST = "auth"  # its authorizer is a parameter of the others, and it answers for unknown paths
DOORS = {"HTTP": 4, "queue": 2, "other": 1}  # most workers of a function, by what calls it


class LocalEnvironment:
    """Owns every part. Made once per process: moto's state is global."""

    def __init__(self, chosen: Settings, console: Console) -> None:
        self.settings, self.console = chosen, console
        self.stopped = threading.Event()
        self.services: dict[str, Service] = {}
        self.feed = Feed(console.event)
        self._turns = FairQueue()
        self._pools: dict[str, Pool] = {}
        self._names: dict[str, str] = {}  # function's ARN -> its name
        self._threads: list[threading.Thread] = []
        self.accounts: dict[str, demo.Account] = {}

    def start(self) -> None:
        """Bring everything up, one step after the other. Raises CannotStart."""
        self._server = self._listen()
        self.url = self._server.url
        self.keys = credentials.load_or_create(self.settings.data)
        self.moto = MotoServer(
            self.settings.port and self.settings.port + 1
        )  # where env.json sends `sam local`
        self.engine = self._engine()
        eventbridge.on_event(self.feed.add)
        self.enforcer = PolicyEnforcer(
            self.moto, self.settings.data / "permissions.jsonl", self.console.problem
        )
        self.stripe = stripe.app(
            self.settings.data / "stripe.sqlite",
            webhook_url=f"{self.url}/api/payments/webhook",
            webhook_secret=self.keys.webhook_secret,
            secret_key=self.keys.stripe_secret,
            publishable_key=self.keys.stripe_publishable,
            origin=self.url,
            enabled_events=WEBHOOK_EVENTS,
        )
        self.moto.client("events").create_event_bus(Name=settings.BUS)
        eventbridge.keep(self.moto.client("events"), settings.BUS)
        credentials.store_in_ssm(self.keys, self.moto.client("ssm"))
        self.console.step("AWS is played by moto; keys are in place")
        self._deploy()
        kept = self.engine.adopt(self.services.values())
        self.console.step(f"DynamoDB is {self.engine.name}, with {kept} rows from before")
        self._staff()
        self._connect()
        self._server.start()
        self.console.step(f"Listening at {self.url}")
        self._furnish()

    def stop(self) -> None:
        """Leave no process and no half-written file behind."""
        self.stopped.set()
        self.stripe.close()
        for pool in self._pools.values():
            pool.close()
        self._server.close()
        for thread in self._threads:
            thread.join(timeout=2)
        self.engine.close()
        self.moto.close()

    def invoke(self, function: str, event: Mapping[str, Any]) -> InvocationResult:
        """Call a function by its name ("orders/Api") or ARN."""
        return self._pools[self._names.get(function, function)].invoke(event)

    def describe(self) -> dict[str, Any]:
        """What a test, or a person with a debugger, needs to know."""
        return {
            "url": self.url,
            "aws": self.moto.url,
            "region": REGION,
            "access_key": ROOT_ACCESS_KEY,  # denied nothing
            "dynamodb": self.engine.endpoint,
            "bus": settings.BUS,
            "tables": {
                f"{each.name}/{name}": table
                for each in self.services.values()
                for name, table in each.tables.items()
            },
            "outputs": {each.name: each.outputs for each in self.services.values()},
            "keys": asdict(self.keys),
            "accounts": {role: asdict(account) for role, account in self.accounts.items()},
        }

    def _furnish(self) -> None:
        """Accounts and listings for people; tests bring their own."""
        if not self.settings.demo:
            return
        try:
            made = demo.furnish(self.url, self.settings.data, demo.accounts(self.keys))
        except requests.RequestException as error:
            self.console.problem(f"The accounts and listings to begin with could not be made: {error}")
            return
        self.accounts = demo.accounts(self.keys)
        self.console.step(f"Two accounts and {made} listings are made" if made else "Accounts are as before")

    def _listen(self) -> Server:
        try:
            return Server(self.settings.port, lambda environ, start: self._origin(environ, start))
        except OSError as error:
            raise CannotStart(
                f"Port {self.settings.port} is in use: stop what listens there, or choose another with PORT=."
            ) from error

    def _engine(self) -> Engine:
        if self.settings.engine == "embedded":
            return Embedded(self.settings.data, self.stopped)
        return DynamoDBLocal(self.settings.data, self.moto, self.stopped)

    def _deploy(self) -> None:
        templates = sorted(self.settings.root.glob("functions/*/template.yaml"), key=_first)
        if not templates:
            raise CannotStart(f"No functions/*/template.yaml below {self.settings.root}.")
        parameters = self._parameters()
        for template in templates:
            service = deploy(template, parameters, self.moto.client)
            self.services[service.name] = service
            if "AuthorizerArn" in service.outputs:
                parameters["AuthorizerArn"] = service.outputs["AuthorizerArn"]
            self.console.step(
                f"{service.name} is deployed: {', '.join(each.split('/')[1] for each in service.functions)}"
            )

    def _parameters(self) -> dict[str, str]:
        """What the templates are given."""
        parameters = {
            "EventBusName": settings.BUS,
            "StripeApiBase": f"{self.url}/_local/stripe",
            "SigningKeysParameter": credentials.PARAMETERS["signing_keys"],
            "RefreshKeyParameter": credentials.PARAMETERS["refresh_key"],
            "StripeSecretKeyParameter": credentials.PARAMETERS["stripe_secret"],
            "StripeWebhookSecretParameter": credentials.PARAMETERS["webhook_secret"],
        }
        if self.settings.hold_seconds:
            parameters["HoldSeconds"] = str(self.settings.hold_seconds)
        return parameters

    def _staff(self) -> None:
        """Give every function its pool of workers, with its own role's credentials."""
        self._access = {}
        for service in self.services.values():
            doors = _doors(service)
            for name, function in service.functions.items():
                key = self.enforcer.register(
                    name, function.role, service.roles[function.role], _short(function.template)
                )
                self._access[name] = key
                self._names[function.arn] = name
                self._pools[name] = Pool(
                    function,
                    self.settings.python,
                    self._environment(key),
                    DOORS[doors.get(name, "other")],
                    self.console.log,
                )
        self.enforcer.enforce(
            {
                role: self.enforcer.register(
                    f"{service.name}/{name}", role, service.roles[role], _short(service.template)
                )
                for service in self.services.values()
                for name, role in service.machines.items()
            }
        )

    def environment(self, function: Function) -> dict[str, str]:
        """What makes a process of this function's code a part of this world, with its role's credentials."""
        return self._environment(self._access[function.name])

    def _environment(self, access_key: str) -> dict[str, str]:
        found = {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": access_key,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_SESSION_TOKEN": "local",
            "AWS_ENDPOINT_URL": self.moto.url,
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        if self.engine.endpoint:
            found["AWS_ENDPOINT_URL_DYNAMODB"] = self.engine.endpoint
        return found

    def _connect(self) -> None:
        """Doors: HTTP routes, queues, streams, schedules."""
        gateways: dict[str, Gateway] = {}
        for service in self.services.values():
            if service.api:
                gateway = Gateway(service.api, self.invoke)
                self.fallback = getattr(self, "fallback", gateway)
                for route in service.api.routes:
                    if route.path != "$default":
                        gateways.setdefault("/".join(route.path.split("/")[:3]), gateway)
            for source in service.sources:
                self._threads += self._pollers(source, service.functions[source.function])
            self._threads += [Ticker(each, self.invoke, self.stopped) for each in service.schedules]
        self._origin = Origin(
            gateways,
            self.fallback,
            Live(self.feed),
            Web(self.settings.root, self.keys, self._hold_seconds()),
            self.stripe,
            self.console.request,
        )
        for thread in self._threads:
            thread.start()

    def _hold_seconds(self) -> int | None:
        """The hold of the orders service; None without one."""
        orders = self.services.get("orders")
        return int(orders.functions["orders/Api"].environment["HOLD_SECONDS"]) if orders else None

    def _pollers(self, source: EventSource, function: Function) -> list[threading.Thread]:
        """Threads that feed a function, with its own role's rights."""
        key = self._access[function.name]
        for need in event_source_permissions(source):
            if not self.enforcer.allows(key, need):
                raise CannotStart(
                    f"Lambda would not connect {function.name} to its source without {need[0]}."
                )
        if ":sqs:" in source.source:
            return [
                QueuePoller(source, function, self.invoke, self._turns, self.stopped)
                for _ in range(DOORS["queue"])
            ]
        return [
            StreamPoller(
                source,
                function,
                self.invoke,
                self._turns,
                self.engine.reader(source.source),
                self.moto.client_as("sqs", key),
                self.stopped,
                self.console.problem,
            )
        ]


def _first(template: Path) -> tuple[bool, str]:
    return template.parent.name != FIRST, template.parent.name


def _doors(service: Service) -> dict[str, str]:
    """What calls each function."""
    doors = {each.function: "queue" for each in service.sources if ":sqs:" in each.source}
    if service.api:
        doors |= {route.function: "HTTP" for route in service.api.routes}
    return doors


def _short(template: Path) -> Path:
    return Path(*template.parts[-3:])
