"""The thread that sends webhooks to the endpoint until each is accepted."""

import logging
import threading
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from local.stripe.account import Account
from local.stripe.webhooks import Delivery

TIMEOUT_SECONDS = 10.0
POLL_SECONDS = 1.0  # between checks for due retries

logger = logging.getLogger(__name__)


class WebhookSender:
    """Runs from `start` to `stop`. What isn't accepted by then is sent after the next start."""

    def __init__(self, account: Account, url: str) -> None:
        self._account = account
        self._url = urlsplit(url)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="stripe-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._account.changed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._account.changed.clear()
            with self._account.open() as machine:
                due = machine.deliveries()
            for delivery in due:
                if self._stopping:
                    return
                self._deliver(delivery)
            self._account.changed.wait(POLL_SECONDS)

    def _deliver(self, delivery: Delivery) -> None:
        status = self._post(delivery)
        with self._account.open() as machine:
            if status is not None and 200 <= status < 300:
                machine.mark_delivered(delivery)
            else:
                machine.mark_failed(delivery)
                logger.warning(
                    "webhook %s (%s), attempt %d: %s",
                    delivery.id,
                    delivery.type,
                    delivery.attempt,
                    status or "no response",
                )

    def _post(self, delivery: Delivery) -> int | None:
        """The response's status, None without a response."""
        connection = HTTPConnection(self._url.hostname or "", self._url.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", self._url.path or "/", delivery.body.encode(), delivery.headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()
