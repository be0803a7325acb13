"""Warm Lambda processes: handler modules, imported anew for each, as Lambda starts them."""

import sys
from collections.abc import MutableMapping
from importlib import import_module
from types import ModuleType

QUEUES = "https://sqs.eu-west-1.amazonaws.com/123456789012"
# The variables that the templates give to functions; tables have their services' names.
ENVIRONMENT = {
    "DIRECTORY_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:directory",
    "EVENT_BUS_NAME": "tiketz",
    "FILE_DELIVERY": "on",
    "HOLD_SECONDS": "60",
    "LINK_KEYS_PARAMETER": "/tiketz/auth/link-keys",
    "MAIL_FROM": "tickets@tiketz.test",
    "MAILS_PER_NETWORK": "1000000",
    "MAX_MARKUP_PERCENT": "",
    "MAX_DECLINED_CARDS": "5",
    "MAX_UNPAID_UNITS": "20",
    "REPEAT_HOLD_SECONDS": "120",
    "MIN_PRICE_EUR": "50",
    "MIN_PRICE_GBP": "50",
    "MIN_PRICE_USD": "50",
    "ORIGIN_SECRET": "",
    "ORIGIN_SECRET_REQUIRED": "false",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "POWERTOOLS_METRICS_NAMESPACE": "Tiketz",
    "PUBLIC_URL": "https://tiketz.test",
    "PREVIOUS_ORIGIN_SECRET": "",
    "REFRESH_KEY_PARAMETER": "/tiketz/auth/refresh-key",
    "SIGN_IN_FAILURES_PER_ACCOUNT": "100",
    "SIGN_IN_FAILURES_PER_ACCOUNT_AND_NETWORK": "10",
    "SIGN_IN_FAILURES_PER_NETWORK": "300",
    "SIGN_UPS_PER_NETWORK": "1000000",
    "SIGNING_KEYS_PARAMETER": "/tiketz/auth/signing-keys",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:OrderExpiration",
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_SECRET_KEY_PARAMETER": "/tiketz/stripe/secret-key",
    "STRIPE_WEBHOOK_SECRET_PARAMETER": "/tiketz/stripe/webhook-secret",
    "VERIFICATION_KEYS_PARAMETER": "/tiketz/auth/verification-keys",
}


class ProcessPool:
    """A process that died is not released; the next one starts from nothing."""

    def __init__(self, environment: MutableMapping[str, str]) -> None:
        self._environment = environment
        self._idle: dict[str, list[ModuleType]] = {}

    def acquire(self, name: str) -> ModuleType:
        """A process of the function `name` (`orders.api`) for one invocation."""
        idle = self._idle.setdefault(name, [])
        return idle.pop() if idle else self._start(name)

    def release(self, name: str, process: ModuleType) -> None:
        self._idle[name].append(process)

    def clear(self, **environment: str) -> None:
        """End all processes, which cached what belongs to an application that is gone; new ones get these."""
        self._idle.clear()
        self._environment.update(environment)

    def _start(self, name: str) -> ModuleType:
        service = name.partition(".")[0]
        self._environment.update(
            TABLE_NAME=service,
            INBOX_URL=f"{QUEUES}/{service}",
            INBOX_DEAD_URL=f"{QUEUES}/{service}InboxDead",
            RELAY_FAILED_URL=f"{QUEUES}/{service}RelayFailed",
            POWERTOOLS_SERVICE_NAME=service,
        )
        sys.modules.pop(name, None)
        return import_module(name)
