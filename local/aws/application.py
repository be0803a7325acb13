"""A SAM application, running: its templates deployed, its functions' workers fed with requests and events."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from local.aws import invocations
from local.aws.account import Account
from local.aws.config import REGION, ROOT_ACCESS_KEY, SECRET_ACCESS_KEY, CannotStart
from local.aws.deployment import deploy
from local.aws.dispatcher import FairQueue
from local.aws.gateway import Router
from local.aws.permissions import event_source_permissions
from local.aws.queues import QueuePoller
from local.aws.resources import EventSource, Function, Service
from local.aws.runtime import InvocationResult, Invoke
from local.aws.schedules import Ticker
from local.aws.streams import StreamPoller
from local.aws.workers import Pool

QUEUE_POLLERS = 2
MAX_WORKERS = {"http": 4, "queue": QUEUE_POLLERS, "other": 1}
"""Of a function, by what invokes it."""


class Console(Protocol):
    """Where an application reports what happens."""

    def step(self, text: str) -> None:
        """A step of the start is done."""

    def problem(self, text: str) -> None:
        """Something failed or isn't allowed."""

    def log(self, function: str, line: str) -> None:
        """A function wrote a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What `start` has started."""

    services: Mapping[str, Service]
    router: Router
    invoke: Invoke
    access_keys: Mapping[str, str]  # function's name → the access key of its role
    _account: Account
    _pools: Mapping[str, Pool]
    _threads: Sequence[threading.Thread]

    def environment(self, function: Function) -> dict[str, str]:
        """The environment of a process that runs a function's code outside its workers."""
        return _aws_environment(self._account, self.access_keys[function.name])

    def endpoint(self, service: str) -> str:
        """The address of an AWS service's API."""
        dynamodb = self._account.engine.endpoint if service == "dynamodb" else None
        return dynamodb or self._account.moto.url

    def describe(self) -> dict[str, Any]:
        """Addresses and names, as JSON values."""
        return {
            "aws": self._account.moto.url,
            "region": REGION,
            "access_key": ROOT_ACCESS_KEY,
            "dynamodb": self._account.engine.endpoint,
            "tables": {
                f"{service.name}/{name}": table
                for service in self.services.values()
                for name, table in service.tables.items()
            },
            "outputs": {service.name: dict(service.outputs) for service in self.services.values()},
        }

    def stop(self) -> None:
        """End workers and pollers, then the account."""
        self._account.stopping.set()
        for pool in self._pools.values():
            pool.close()
        for thread in self._threads:
            thread.join(timeout=2)
        self._account.close()


def start(
    account: Account,
    templates: Sequence[Path],
    *,
    prefix: str,
    parameters: Mapping[str, str],
    python: Path,
    console: Console,
    wrap_invoke: Callable[[Invoke], Invoke] = lambda invoke: invoke,
) -> Application:
    """Deploy the templates in their order and feed their functions. Raises CannotStart.

    `prefix` begins the names of stacks and tables: `{prefix}-{template's folder}`. A template gets those
    `parameters` that it declares, and the outputs of earlier templates as parameters of the same name.
    `python`: the interpreter of workers, with what Lambda has installed and nothing else.
    `wrap_invoke`: gets the function that invokes by name, and gives the one to use.
    """
    services = _deploy_all(account, templates, prefix, parameters, console)
    rows = account.engine.load(services.values())
    console.step(f"DynamoDB is {account.engine.name}, with {rows} stored rows")
    access_keys = _register_roles(account, services)
    pools = {
        function.name: Pool(
            function,
            python,
            _aws_environment(account, access_keys[function.name]),
            MAX_WORKERS[_trigger(service, function)],
            console.log,
        )
        for service in services.values()
        for function in service.functions.values()
    }
    invoke = _invoker(pools, wrap_invoke)
    account.moto.answered.add(invocations.operation({each.function.arn for each in pools.values()}, invoke))
    threads = list(_feeders(account, services, access_keys, invoke, console))
    router = Router([service.api for service in services.values() if service.api], invoke)
    for thread in threads:
        thread.start()
    return Application(
        services=services,
        router=router,
        invoke=invoke,
        access_keys=access_keys,
        _account=account,
        _pools=pools,
        _threads=threads,
    )


def _deploy_all(
    account: Account,
    templates: Sequence[Path],
    prefix: str,
    parameters: Mapping[str, str],
    console: Console,
) -> dict[str, Service]:
    services: dict[str, Service] = {}
    outputs: dict[str, str] = {}
    for template in templates:
        service = deploy(template, {**outputs, **parameters}, account.client, prefix)
        services[service.name] = service
        outputs |= service.outputs
        functions = ", ".join(name.split("/")[1] for name in service.functions)
        console.step(f"{service.name} is deployed: {functions}")
    return services


def _register_roles(account: Account, services: Mapping[str, Service]) -> dict[str, str]:
    """Access keys of all functions by name. From here on, policies are enforced."""
    register = account.enforcer.register
    access_keys = {}
    state_machines = {}
    for service in services.values():
        template = Path(*service.template.parts[-3:])
        for function in service.functions.values():
            role = service.roles[function.role]
            access_keys[function.name] = register(function.name, function.role, role, template)
        for name, role_arn in service.state_machines.items():
            role = service.roles[role_arn]
            state_machines[role_arn] = register(f"{service.name}/{name}", role_arn, role, template)
    account.enforcer.enforce(state_machines)
    return access_keys


def _aws_environment(account: Account, access_key: str) -> dict[str, str]:
    environment = {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_SESSION_TOKEN": "local",
        "AWS_ENDPOINT_URL": account.moto.url,
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if account.engine.endpoint:
        environment["AWS_ENDPOINT_URL_DYNAMODB"] = account.engine.endpoint
    return environment


def _trigger(service: Service, function: Function) -> str:
    if service.api and any(route.function == function.name for route in service.api.routes):
        return "http"
    return "queue" if any(s.function == function.name and s.is_queue for s in service.sources) else "other"


def _invoker(pools: Mapping[str, Pool], wrap: Callable[[Invoke], Invoke]) -> Invoke:
    names = {pool.function.arn: name for name, pool in pools.items()}
    invoke_by_name = wrap(lambda name, event: pools[name].invoke(event))

    def invoke(function: str, event: Mapping[str, Any]) -> InvocationResult:
        return invoke_by_name(names.get(function, function), event)

    return invoke


def _feeders(
    account: Account,
    services: Mapping[str, Service],
    access_keys: Mapping[str, str],
    invoke: Invoke,
    console: Console,
) -> Iterator[threading.Thread]:
    """Threads for all event sources and schedules. Raises CannotStart where a role allows too little."""
    dispatcher = FairQueue()
    for service in services.values():
        for source in service.sources:
            key = access_keys[source.function]
            _check_role(account, source, key)
            if source.is_queue:
                for _ in range(QUEUE_POLLERS):
                    yield QueuePoller(source, invoke, dispatcher, account.stopping)
            else:
                yield StreamPoller(
                    source,
                    service.functions[source.function],
                    invoke,
                    dispatcher,
                    account.engine.reader(source.arn),
                    account.moto.client_as("sqs", key),
                    account.stopping,
                    console.problem,
                )
        for schedule in service.schedules:
            yield Ticker(schedule, invoke, account.stopping)


def _check_role(account: Account, source: EventSource, access_key: str) -> None:
    for permission in event_source_permissions(source):
        if not account.enforcer.allows(access_key, permission):
            raise CannotStart(
                f"Lambda would not connect {source.function} to its source without {permission[0]}."
            )
