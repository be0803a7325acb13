"""The state of an account: rows by kind and id, never changed in place, and the events of their changes."""

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping

from local.stripe.errors import Row, missing

API_VERSION = "2026-10-28.endive"

# Kinds of public objects, by the word in "No such …", with their id prefix.
KINDS = {
    "payment_intent": "pi_",
    "charge": "ch_",
    "refund": "re_",
    "dispute": "du_",
    "payment_method": "pm_",
    "event": "evt_",
}
# Kinds that the API doesn't show: stored responses, pending webhooks, open challenges, scheduled changes.
PRIVATE = ("answer", "delivery", "challenge", "alarm")


class Ledger:
    """The state of the whole account, in memory. Not safe for threads: `Account` has the lock.

    Rows are JSON objects with an `id`. A change is a new row under the same id: an event keeps its object as
    it was. `changed` names what was put or removed since it was last cleared: a store writes exactly that.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        ids: Callable[[str], str],
        challenge_url: str,
        enabled_events: Collection[str] | None,
    ) -> None:
        self.clock = clock
        self.ids = ids
        self.challenge_url = challenge_url
        self.enabled_events = enabled_events
        self.rows: dict[str, dict[str, Row]] = {kind: {} for kind in (*KINDS, *PRIVATE)}
        self.changed: dict[tuple[str, str], None] = {}  # in the order of the first change
        self.request: Row = {"id": None, "idempotency_key": None}
        self.slow_issuer = False  # while true, a charge's result comes later
        self._alarms: list[tuple[float, str]] = []

    def now(self) -> int:
        """Whole seconds since the epoch, Stripe's format of times."""
        return int(self.clock())

    def put(self, kind: str, row: Row) -> Row:
        self.rows[kind][row["id"]] = row
        self.changed[kind, row["id"]] = None
        return row

    def remove(self, kind: str, object_id: str) -> None:
        if self.rows[kind].pop(object_id, None) is not None:
            self.changed[kind, object_id] = None

    def get(self, kind: str, object_id: str, param: str = "id") -> Row:
        """The row. Raises Stripe's 404, which names the parameter `param`."""
        row = self.rows[kind].get(object_id)
        if row is None:
            raise missing(kind, object_id, param)
        return row

    def find(self, object_id: str) -> Row | None:
        """Any public object by its id alone."""
        for kind, prefix in KINDS.items():
            if object_id.startswith(prefix):
                return self.rows[kind].get(object_id)
        return None

    def record_event(self, event_type: str, row: Row, previous: Row | None = None) -> None:
        """Record an event about `row`, and a delivery where the webhook endpoint listens to the type."""
        enabled = self.enabled_events is None or event_type in self.enabled_events
        data = {"object": row} if previous is None else {"object": row, "previous_attributes": previous}
        event = {
            "id": self.ids("evt_"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": int(enabled),
            "request": self.request,
            "type": event_type,
        }
        self.put("event", event)
        if enabled:
            self.put("delivery", {"id": event["id"], "attempts": 0, "due": self.clock()})

    def set_alarm(self, object_id: str, at: float, what: str) -> None:
        """Schedule the change `what` of the object `id`; replaces an earlier alarm for it."""
        self.put("alarm", {"id": object_id, "at": at, "what": what})
        heapq.heappush(self._alarms, (at, object_id))

    def next_alarm(self) -> Row | None:
        """Remove and return the first alarm that is due."""
        while self._alarms and self._alarms[0][0] <= self.clock():
            at, object_id = heapq.heappop(self._alarms)
            alarm = self.rows["alarm"].get(object_id)
            if alarm is not None and alarm["at"] == at:
                self.remove("alarm", object_id)
                return alarm
        return None

    def to_json(self) -> dict[str, list[Row]]:
        """The whole state as JSON values, rows in the order of their creation."""
        return {kind: list(rows.values()) for kind, rows in self.rows.items()}

    def load(self, state: Mapping[str, Iterable[Row]]) -> None:
        """Replace the state by one that `to_json` or a store returned."""
        self.rows = {kind: {row["id"]: row for row in state.get(kind, ())} for kind in self.rows}
        self.changed.clear()
        self._alarms = [(alarm["at"], alarm["id"]) for alarm in self.rows["alarm"].values()]
        heapq.heapify(self._alarms)
