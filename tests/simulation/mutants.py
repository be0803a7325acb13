"""Mistakes that somebody could make, each as a substitution in the product's source.

The simulation must find each of them within half a minute: that shows that it can fail.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


@dataclass(frozen=True, slots=True)
class Mutant:
    """`before`, which stands just once in the source of `module`, becomes `after`; `more` is added to it."""

    name: str
    module: str
    before: str
    after: str
    more: str = ""

    def applied(self, source: str) -> str:
        """The source with the mistake in it."""
        if source.count(self.before) != 1:
            raise ValueError(f"{self.name}: {self.module} has changed; write the mutant anew")
        return source.replace(self.before, self.after) + self.more


class Saboteur(MetaPathFinder):
    """Imports the mutant's module with its mistake."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(self._mutant, fullname, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, mutant: Mutant, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        source = self._mutant.applied(self.get_data(self.path).decode())
        return compile(source, self.path, "exec", dont_inherit=True)


def let_in(mutant: Mutant) -> None:
    """From now on, imports in this process get the mistake. Before any product code is imported."""
    assert mutant.module not in sys.modules, f"{mutant.module} is imported already"
    sys.meta_path.insert(0, Saboteur(mutant))


MUTANTS = [
    Mutant(
        "units are claimed whether they are free or not",
        "orders.repository",
        '"available >= :n AND listed',
        '"(available >= :n OR available < :n) AND listed',
    ),
    Mutant(
        "a claim does not ask for the version that was priced",
        "orders.repository",
        "AND ticketVersion = :read",
        "AND (ticketVersion = :read OR ticketVersion <> :read)",
    ),
    Mutant(
        "an order's change is stored whatever it was changed to meanwhile",
        "orders.repository",
        '"ConditionExpression": "version = :read"',
        '"ConditionExpression": "version = :read OR version <> :read"',
    ),
    Mutant(
        "events are published outside of the write",
        "orders.repository",
        "        return pack(rows.of_order(order, mark(event, now)))",
        "        self._event = stamp(event, now)\n"
        "        row = rows.of_order(order, self._event)\n"
        '        return pack({name: value for name, value in row.items() if name != "event"})',
        """
from tiketz_common.events import stamp


def _publishing(write):
    def written(self, *given):
        write(self, *given)
        entry = {"Source": self._event["source"], "DetailType": self._event["type"]}
        entry |= {"Detail": self._event["detail"], "EventBusName": "tiketz"}
        aws.client("events").put_events(Entries=[entry])

    return written


OrderTable.add, OrderTable.save = _publishing(OrderTable.add), _publishing(OrderTable.save)
""",
    ),
    Mutant(
        "a message is acknowledged whatever becomes of it",
        "tiketz_common.inbox",
        '        handler(model.model_validate(detail["data"]))',
        '        try:\n            handler(model.model_validate(detail["data"]))\n'
        "        except Exception:\n            return",
    ),
    Mutant(
        "the relay does not look which entries were refused",
        "tiketz_common.outbox",
        'if not answer["FailedEntryCount"]:',
        "if True:",
    ),
    Mutant(
        "the relay tells a ticket's first image of a batch",
        "orders.relay",
        'for record in event["Records"] if _units_moved(record)}',
        'for record in reversed(event["Records"]) if _units_moved(record)}',
    ),
    Mutant(
        "an edit right after a move of units hides it",
        "orders.relay",
        'for record in event["Records"] if _units_moved(record)}',
        'for record in event["Records"] if _is_inventory(record)}',
    ),
    Mutant(
        "each try makes another intent",
        "payments.gateway",
        '{"idempotency_key": f"order-{order.id}"}',
        '{"idempotency_key": f"order-{order.id}-{__import__(\'uuid\').uuid4()}"}',
    ),
    Mutant(
        "an intent is made unannounced",
        "payments.service",
        "        sale = sales.save(sale.prepare(now), now)\n",
        "        sale = sale.prepare(now)\n",
    ),
    Mutant(
        "payments believes the last message, not the latest version",
        "payments.model",
        "if order.version > self.order.version else self",
        "if order != self.order else self",
    ),
    Mutant(
        "a version that is known is not settled again",
        "payments.service",
        "    if sale is not stored:\n"
        "        sale = sales.save(sale, now, events.of(sale) if sale.refund_unacknowledged else None)\n"
        "    settle_sale(",
        "    if sale is stored:\n        return\n    sale = sales.save(sale, now)\n    settle_sale(",
    ),
    Mutant(
        "a late authorisation is not voided",
        "payments.model",
        "    return Action.CANCEL if order.ended else None",
        "    late = intent.status is IntentStatus.REQUIRES_CAPTURE\n"
        "    return Action.CANCEL if order.ended and not late else None",
    ),
    Mutant(
        "a capture whose reply is lost is taken for refused",
        "payments.settlement",
        "    except PaymentProviderError:\n        latest = gateway.retrieve(intent.id)\n",
        "    except PaymentProviderError:\n        latest = gateway.retrieve(intent.id)\n"
        "        if action is Action.CAPTURE:\n"
        "            import dataclasses\n"
        '            return dataclasses.replace(latest, status=type(latest.status)("canceled"))\n',
    ),
    Mutant(
        "money is captured before the order completes",
        "payments.model",
        "    match intent.status:\n        case IntentStatus.SUCCEEDED if intent.refunded:",
        "    match intent.status:\n        case IntentStatus.REQUIRES_CAPTURE if pending:\n"
        "            return Action.CAPTURE\n        case IntentStatus.SUCCEEDED if intent.refunded:",
    ),
    Mutant(
        "a payment is stored over what others stored meanwhile",
        "payments.repository",
        '"revision = :read" if read',
        '"revision = :read OR revision <> :read" if read',
    ),
    Mutant(
        "an order expires before its time",
        "orders.model",
        "if self.status is not Status.PENDING or now < self.expires_at:",
        "if self.status is not Status.PENDING:",
    ),
    Mutant(
        "a paid order expires",
        "orders.model",
        "if self.status is not Status.PENDING or now < self.expires_at:",
        "if self.status in (Status.EXPIRED, Status.CANCELLED) or now < self.expires_at:",
    ),
    Mutant(
        "an order that exists is refused like any other",
        "orders.service",
        "        placed = orders.find(order_id)\n        if placed is None:\n            raise\n",
        "        raise\n        placed = None\n",
    ),
    Mutant(
        "a buyer's held units are never let go",
        "orders.repository",
        "if before.status is Status.PENDING is not after.status:",
        "if False:",
    ),
    Mutant(
        "an edit adds units to whatever they were meanwhile",
        "orders.repository",
        '"ticketVersion = :readVersion AND quantity = :readQuantity"',
        '"ticketVersion = :readVersion OR quantity = :readQuantity OR attribute_exists(pk)"',
    ),
    Mutant(
        "tickets believes the last inventory it heard of",
        "tickets.model",
        "if heard.version > self.inventory.version else self",
        "if heard != self.inventory else self",
    ),
    Mutant(
        "a seller's edit overwrites what orders told meanwhile",
        "tickets.repository",
        '"ticket.version = :version AND inventoryVersion = :inventory"',
        '"ticket.version = :version AND (inventoryVersion = :inventory OR inventoryVersion <> :inventory)"',
    ),
    Mutant(
        "orders that lost their timer are not swept",
        "orders.sweeper",
        "missed = service.expire_overdue(orders=orders, now=clock.now())",
        "missed = 0",
    ),
    Mutant(
        "payments whose webhook was lost are not swept",
        "payments.sweeper",
        "failed = service.sweep(sales=sales, gateway=stripe, now=clock.now(), should_stop=should_stop)",
        "failed = 0",
    ),
    Mutant(
        "a refund at Stripe does not end the order",
        "orders.service",
        "    _apply(order_id, Order.refund, orders=orders, now=now)",
        "    return",
    ),
    Mutant(
        "a payment that can never be made does not end the order",
        "orders.service",
        "    _apply(order_id, Order.fail_payment, orders=orders, now=now)",
        "    return",
    ),
    Mutant(
        "an e-mail address is not kept unique",
        "auth.repository",
        '"ConditionExpression": "attribute_not_exists(pk)"',
        '"ConditionExpression": "attribute_not_exists(pk) OR attribute_exists(pk)"',
    ),
]
# Chance hardly ever shows it: tests/simulation/old_webhook.py does.
BELIEVING = Mutant(
    "a webhook is believed, however old",
    "payments.webhook",
    "gateway=stripe, now=clock.now())",
    'gateway=_Believing(json.loads(sent)["data"]["object"]), now=clock.now())',
    """
from payments.model import Intent, IntentStatus


class _Believing:
    def __init__(self, told):
        self._told = told if told["object"] == "payment_intent" else None

    def retrieve(self, id):
        told, self._told = self._told, None
        if told is None:
            return stripe.retrieve(id)
        status = IntentStatus(told["status"])
        amounts = {"requires_capture": "amount_capturable", "succeeded": "amount_received"}
        return Intent(
            id=told["id"],
            order_id=told["metadata"].get("orderId"),
            status=status,
            amount=told[amounts.get(status, "amount")],
            currency=told["currency"],
            refunded=False,
            client_secret="",
        )

    def __getattr__(self, name):
        return getattr(stripe, name)
""",
)
BY_NAME = {mutant.name: mutant for mutant in [*MUTANTS, BELIEVING]}
