"""The state machine, shared by threads: one lock, and every change is stored before its response is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from local.stripe.machine import Stripe
from local.stripe.store import Store


class Account:
    """`with account.open() as machine:` is one transaction: its changes are stored when the block ends."""

    def __init__(self, machine: Stripe, store: Store) -> None:
        self._machine = machine
        self._store = store
        self._lock = threading.Lock()
        self.changed = threading.Event()  # set when something may be due for delivery
        machine.load(store.load())

    @contextmanager
    def open(self) -> Iterator[Stripe]:
        with self._lock:
            try:
                yield self._machine
            finally:
                self._save()

    def _save(self) -> None:
        has_deliveries = any(kind == "delivery" for kind, _ in self._machine.ledger.changed)
        try:
            self._store.save(self._machine.ledger)
        except BaseException:
            self._machine.load(self._store.load())  # forget what could not be stored
            raise
        if has_deliveries:
            self.changed.set()

    def close(self) -> None:
        with self._lock:
            self._store.close()
