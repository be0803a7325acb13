"""Everything Stripe remembers: rows by kind and id, never changed in place, with the events they caused."""

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping

from local.stripe.errors import Row, missing

API_VERSION = "2026-10-28.endive"

# What the API shows, by the word it uses in "No such …" and the id prefix.
KINDS = {
    "payment_intent": "pi_",
    "charge": "ch_",
    "refund": "re_",
    "payment_method": "pm_",
    "event": "evt_",
}
# What it keeps to itself: answers by idempotency key, webhooks owed, 3-D Secure challenges, alarms for later.
PRIVATE = ("answer", "delivery", "challenge", "alarm")


class Ledger:
    """The state of the whole account, in memory. Not safe for threads; who shares it takes a lock.

    Rows are JSON objects with an `id`; a change is a new row under the same id, so whoever was handed a row
    (an event, say) has it as it was. `changed` names what was put or removed since somebody last emptied it:
    a store writes exactly that.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        ids: Callable[[str], str],
        challenges_at: str,
        enabled_events: Collection[str] | None,
    ) -> None:
        self.clock = clock
        self.ids = ids
        self.challenges_at = challenges_at
        self.enabled_events = enabled_events
        self.rows: dict[str, dict[str, Row]] = {kind: {} for kind in (*KINDS, *PRIVATE)}
        self.changed: dict[tuple[str, str], None] = {}  # in the order of the first change
        self.request: Row = {"id": None, "idempotency_key": None}
        self.slow_issuer = False  # while true, a charge's answer comes only later
        self._alarms: list[tuple[float, str]] = []

    def now(self) -> int:
        """Whole seconds since the epoch, as Stripe writes time."""
        return int(self.clock())

    def put(self, kind: str, row: Row) -> Row:
        self.rows[kind][row["id"]] = row
        self.changed[kind, row["id"]] = None
        return row

    def remove(self, kind: str, id: str) -> None:
        if self.rows[kind].pop(id, None) is not None:
            self.changed[kind, id] = None

    def get(self, kind: str, id: str, param: str = "id") -> Row:
        """The row, or Stripe's 404 naming the parameter that named it."""
        row = self.rows[kind].get(id)
        if row is None:
            raise missing(kind, id, param)
        return row

    def find(self, id: str) -> Row | None:
        """Any public object by its id alone."""
        for kind, prefix in KINDS.items():
            if id.startswith(prefix):
                return self.rows[kind].get(id)
        return None

    def tell(self, type: str, row: Row, previous: Row | None = None) -> None:
        """Record that something happened to `row`, and owe the webhook endpoint word of it if it listens."""
        wanted = self.enabled_events is None or type in self.enabled_events
        data = {"object": row} if previous is None else {"object": row, "previous_attributes": previous}
        event = {
            "id": self.ids("evt_"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": int(wanted),
            "request": self.request,
            "type": type,
        }
        self.put("event", event)
        if wanted:
            self.put("delivery", {"id": event["id"], "attempts": 0, "due": self.clock()})

    def set_alarm(self, id: str, at: float, what: str) -> None:
        """Ask for `what` to be done to the object `id` at a time; replaces an earlier alarm for it."""
        self.put("alarm", {"id": id, "at": at, "what": what})
        heapq.heappush(self._alarms, (at, id))

    def next_alarm(self) -> Row | None:
        """Takes the first alarm whose time has come."""
        while self._alarms and self._alarms[0][0] <= self.clock():
            at, id = heapq.heappop(self._alarms)
            alarm = self.rows["alarm"].get(id)
            if alarm is not None and alarm["at"] == at:
                self.remove("alarm", id)
                return alarm
        return None

    def to_json(self) -> dict[str, list[Row]]:
        """The whole state as JSON values, rows in the order they were made."""
        return {kind: list(rows.values()) for kind, rows in self.rows.items()}

    def load(self, state: Mapping[str, Iterable[Row]]) -> None:
        """Forgets what it knew for what `to_json` (or a store) gives back."""
        self.rows = {kind: {row["id"]: row for row in state.get(kind, ())} for kind in self.rows}
        self.changed.clear()
        self._alarms = [(alarm["at"], alarm["id"]) for alarm in self.rows["alarm"].values()]
        heapq.heapify(self._alarms)
