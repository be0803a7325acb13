"""Warm processes: door modules, imported afresh for each, as Lambda starts them."""

import sys
from importlib import import_module
from types import ModuleType

# What the templates give every function; tables have their services' names.
ENVIRONMENT = {
    "EVENT_BUS_NAME": "tiketz",
    "HOLD_SECONDS": "60",
    "ORIGIN_SECRET": "",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "POWERTOOLS_METRICS_NAMESPACE": "Tiketz",
    "REFRESH_KEY_PARAMETER": "/tiketz/auth/refresh-key",
    "SIGNING_KEYS_PARAMETER": "/tiketz/auth/signing-keys",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:OrderExpiration",
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_SECRET_KEY_PARAMETER": "/tiketz/stripe/secret-key",
    "STRIPE_WEBHOOK_SECRET_PARAMETER": "/tiketz/stripe/webhook-secret",
}


class ProcessPool:
    """One that died is not given back; the next one starts from nothing."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._idle: dict[str, list[ModuleType]] = {}

    def take(self, name: str) -> ModuleType:
        """A process of the function `name` (`orders.api`) that serves nobody else meanwhile."""
        idle = self._idle.setdefault(name, [])
        return idle.pop() if idle else self._start(name)

    def give_back(self, name: str, process: ModuleType) -> None:
        self._idle[name].append(process)

    def end_all(self) -> None:
        """What they remember is of a world that is over."""
        self._idle.clear()

    def _start(self, name: str) -> ModuleType:
        service = name.partition(".")[0]
        self._environment |= {
            "TABLE_NAME": service,
            "INBOX_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox",
            "POWERTOOLS_SERVICE_NAME": service,
        }
        sys.modules.pop(name, None)
        return import_module(name)
