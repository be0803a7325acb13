"""The local environment: Tiketz's templates, the Stripe stand-in and the web client, at one address."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import requests
from payments.stripe_events import WEBHOOK_EVENTS

from local import containers, credentials, demo
from local.aws import application, event_tap
from local.aws.account import Account, open_account
from local.aws.application import Application
from local.aws.config import CannotStart
from local.aws.http_server import HttpServer
from local.aws.runtime import Invoke
from local.console import Console
from local.credentials import PARAMETERS, Credentials
from local.feed import Feed
from local.mail.mailbox import Mailbox
from local.mail.pages import MailPages
from local.origin import Origin
from local.pages import LocalPages
from local.settings import (
    BUS,
    MAIL_FROM,
    ROOT,
    SILENT_ATTRIBUTES,
    STACK_PREFIX,
    TEMPLATES,
    UNLIMITED,
    WORKER_PYTHON,
    Settings,
)
from local.static_site import StaticSite
from local.stripe import http as stripe


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEnvironment:
    """What `start` has started. One per process: moto's state is global."""

    url: str
    console: Console
    account: Account
    application: Application
    credentials: Credentials
    demo_accounts: Mapping[str, demo.Account]  # by role
    _servers: Sequence[HttpServer]
    _stripe: stripe.StripeSite

    def describe(self) -> dict[str, Any]:
        """Addresses, names and keys, as JSON values."""
        return {
            "url": self.url,
            "bus": BUS,
            **self.application.describe(),
            "keys": asdict(self.credentials),
            "accounts": {role: asdict(account) for role, account in self.demo_accounts.items()},
        }

    def stop(self) -> None:
        """Leave no process and no half-written file behind."""
        self.console.say("\nStopping.")
        self._stripe.close()
        for server in self._servers:
            server.close()
        self.application.stop()


def start(
    settings: Settings,
    console: Console,
    *,
    parameters: Mapping[str, str] | None = None,
    wrap_invoke: Callable[[Invoke], Invoke] = lambda invoke: invoke,
    dynamodb_proxy: Callable[[str], str] | None = None,
) -> LocalEnvironment:
    """Start everything in an existing data folder. Raises CannotStart.

    `parameters`: more of them for the templates. `wrap_invoke` and `dynamodb_proxy`: to measure what the
    application does; see `local.aws.application.start` and `local.aws.account.open_account`.
    """
    if not WORKER_PYTHON.exists():
        raise CannotStart(f"Lambda's Python is missing at {WORKER_PYTHON}: run 'make .venv-lambda/done'.")
    secrets = credentials.load_or_create(settings.data)
    server = _listen(settings.port)
    account = open_account(
        settings.data,
        engine=settings.engine,
        report=console.problem,
        port=settings.port and settings.port + 1,
        dropped_on_load=SILENT_ATTRIBUTES,
        dynamodb_proxy=dynamodb_proxy,
    )
    feed = Feed(console.event)
    event_tap.on_event(feed.add)
    _create_shared_resources(account, secrets)
    console.step(f"AWS is simulated by moto at {account.moto.url}; keys are in SSM")
    _report_other_port(console, settings.port, 1, account.moto.url)
    mailbox = Mailbox(settings.data / "mails.jsonl")
    account.moto.answered.add(mailbox.operation())
    running = application.start(
        account,
        TEMPLATES,
        prefix=STACK_PREFIX,
        parameters={**_parameters(settings, server.url), **(parameters or {})},
        python=WORKER_PYTHON,
        console=console,
        wrap_invoke=wrap_invoke,
    )
    stripe_site = _stripe(settings, server.url, secrets)
    site = StaticSite(ROOT, _web_config(running, secrets))
    server.start(
        Origin(running.router, LocalPages(feed, MailPages(mailbox)), site, stripe_site, console.request)
    )
    console.step(f"Listening at {server.url}")
    for_containers = _serve_containers(settings, server.url, running, stripe_site, console)
    return LocalEnvironment(
        url=server.url,
        console=console,
        account=account,
        application=running,
        credentials=secrets,
        demo_accounts=_seed_demo_data(settings, server.url, secrets, console),
        _servers=[server, *for_containers],
        _stripe=stripe_site,
    )


def _listen(port: int) -> HttpServer:
    try:
        return HttpServer(port)
    except OSError as error:
        raise CannotStart(
            f"Port {port} is in use: stop what listens there, or choose another with PORT=."
        ) from error


def _serve_containers(
    settings: Settings, url: str, running: Application, stripe_site: stripe.StripeSite, console: Console
) -> Sequence[HttpServer]:
    """The server for containers, or none."""
    file = settings.data / containers.VARIABLES_FILE
    file.unlink(missing_ok=True)
    interface = containers.interface(settings.containers)
    if interface is None:
        return []
    server = containers.serve(interface, settings.port and settings.port + 2, running, stripe_site)
    functions = [each for service in running.services.values() for each in service.functions.values()]
    containers.write_variables(file, functions, server.server_port, url)
    console.step(
        f"Containers are served at {server.url}; variables for `sam local` are in {os.path.relpath(file)}"
    )
    _report_other_port(console, settings.port, 2, server.url)
    return [server]


def _report_other_port(console: Console, port: int, offset: int, url: str) -> None:
    if port and not url.endswith(f":{port + offset}"):
        console.problem(f"Port {port + offset} is in use: {url} is used instead.")


def _create_shared_resources(account: Account, secrets: Credentials) -> None:
    """What template.yaml and operators create on AWS: the bus, its archive, and the secrets in SSM."""
    events = account.client("events")
    bus_arn = events.create_event_bus(Name=BUS)["EventBusArn"]
    pattern = json.dumps({"source": [{"prefix": "tiketz."}]})
    events.create_archive(ArchiveName=BUS, EventSourceArn=bus_arn, EventPattern=pattern)
    credentials.store_in_ssm(secrets, account.client("ssm"))


def _parameters(settings: Settings, url: str) -> dict[str, str]:
    parameters = {
        "EventBusName": BUS,
        "MailFrom": MAIL_FROM,
        "PublicUrl": url,
        **UNLIMITED,
        "StripeApiBase": f"{url}/_local/stripe",
        "SigningKeysParameter": PARAMETERS["signing_keys"],
        "VerificationKeysParameter": PARAMETERS["verification_keys"],
        "RefreshKeyParameter": PARAMETERS["refresh_key"],
        "LinkKeysParameter": PARAMETERS["link_keys"],
        "StripeSecretKeyParameter": PARAMETERS["stripe_secret"],
        "StripeWebhookSecretParameter": PARAMETERS["webhook_secret"],
    }
    if settings.hold_seconds:
        parameters["HoldSeconds"] = str(settings.hold_seconds)
    return parameters


def _stripe(settings: Settings, url: str, secrets: Credentials) -> stripe.StripeSite:
    return stripe.app(
        settings.data / "stripe.sqlite",
        webhook_url=f"{url}/api/payments/webhook",
        webhook_secret=secrets.webhook_secret,
        secret_key=secrets.stripe_secret,
        publishable_key=secrets.stripe_publishable,
        origin=url,
        enabled_events=WEBHOOK_EVENTS,
    )


def _web_config(running: Application, secrets: Credentials) -> dict[str, Any]:
    """What `/config.json` has on AWS, with the stand-in's script."""
    orders = running.services["orders"].functions["orders/Api"]
    return {
        "stripeKey": secrets.stripe_publishable,
        "stripeJs": "/_local/stripe.js",
        "holdSeconds": int(orders.environment["HOLD_SECONDS"]),
        "limits": json.loads((ROOT / "docs/limits.json").read_text()),
    }


def _seed_demo_data(
    settings: Settings, url: str, secrets: Credentials, console: Console
) -> Mapping[str, demo.Account]:
    """Accounts to sign in with, by role; none where the settings or a failure say so."""
    if not settings.demo:
        return {}
    accounts = demo.accounts(secrets)
    try:
        listings = demo.seed(url, settings.data, accounts)
    except requests.RequestException as error:
        console.problem(f"The demo accounts and listings could not be made: {error}")
        return {}
    console.step(f"Two accounts and {listings} listings are made" if listings else "Demo accounts are kept")
    return accounts
