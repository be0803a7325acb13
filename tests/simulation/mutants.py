"""Bugs that somebody could introduce, seeded one at a time into the product.

The simulation must catch each of them within half a minute: that shows that it can fail.
"""

from tests.simulation.mutant_importer import Mutant

MUTANTS = [
    Mutant(
        "a claim ignores how many units are available",
        "orders.repository:OrderTable.add",
        '"available >= :n AND listed = :listed AND ticketVersion = :read"',
        '"(available >= :n OR available < :n) AND listed = :listed AND ticketVersion = :read"',
    ),
    Mutant(
        "a claim ignores the ticket version that was priced",
        "orders.repository:OrderTable.add",
        '"available >= :n AND listed = :listed AND ticketVersion = :read"',
        '"available >= :n AND listed = :listed AND (ticketVersion = :read OR ticketVersion <> :read)"',
    ),
    Mutant(
        "an order is stored over concurrent changes",
        "orders.repository:OrderTable.save",
        '"version = :read"',
        '"version = :read OR version <> :read"',
    ),
    Mutant(
        "events are published outside of the transaction",
        "orders.repository:OrderTable._item",
        "return pack(rows.of_order(ANY_order, marker(ANY_event, ANY_now)))",
        """
self._event = marker(ANY_event, ANY_now, whole=True)
row = rows.of_order(ANY_order, self._event)
return pack({name: value for name, value in row.items() if name != "event"})
""",
        """
def _publishing(write):
    def written(self, *args):
        write(self, *args)
        entry = {"Source": self._event["source"], "DetailType": self._event["type"]}
        entry |= {"Detail": self._event["detail"], "EventBusName": "tiketz"}
        aws.client("events").put_events(Entries=[entry])

    return written


OrderTable.add, OrderTable.save = _publishing(OrderTable.add), _publishing(OrderTable.save)
""",
    ),
    Mutant(
        "a message whose handler fails is acknowledged",
        "tiketz_common.inbox:Inbox._deliver",
        'ANY_handler(ANY_model.model_validate(ANY_detail["data"]))',
        """
try:
    ANY_handler(ANY_model.model_validate(ANY_detail["data"]))
except Exception:
    return
""",
    ),
    Mutant(
        "a message that fails for half a minute is given up",
        "tiketz_common.inbox:Inbox._failed",
        "receives >= failures.POISON_RECEIVES and failures.is_poison(ANY_error)",
        "receives >= failures.POISON_RECEIVES",
        in_outages=True,
    ),
    Mutant(
        "a batch starts what does not fit its time",
        "tiketz_common.inbox:Inbox.resolve",
        "context.get_remaining_time_in_millis() < self._message_ms",
        "False",
        in_outages=True,
    ),
    Mutant(
        "a secret that can't be refreshed raises",
        "tiketz_common.secrets:reread",
        "name not in _cache",
        "True",
        in_outages=True,
    ),
    Mutant(
        "an authorised payment is published once",
        "payments.service:_publish_again",
        "ANY_sale.is_answer_overdue(ANY_now)",
        "False",
        in_outages=True,
    ),
    Mutant(
        "the relay ignores entries that PutEvents refused",
        "tiketz_common.outbox:Relay._put",
        '"ErrorCode" not in ANY_result',
        "True",
    ),
    Mutant(
        "the relay publishes a ticket's first image of a batch",
        "orders.relay:handler",
        '{_key(ANY_record): ANY_record for ANY_record in ANY_event["Records"] if _units_changed(ANY_record)}',
        "{_key(ANY_record): ANY_record for ANY_record in reversed(ANY_event['Records'])"
        " if _units_changed(ANY_record)}",
    ),
    Mutant(
        "an edit in the same batch hides a move of units",
        "orders.relay:handler",
        '{_key(ANY_record): ANY_record for ANY_record in ANY_event["Records"] if _units_changed(ANY_record)}',
        "{_key(ANY_record): ANY_record for ANY_record in ANY_event['Records']"
        " if _key(ANY_record).startswith('TICKET#')}",
    ),
    Mutant(
        "each attempt creates another intent",
        "payments.gateway:Gateway.create",
        '{"idempotency_key": f"order-{ANY_order.id}"}',
        '{"idempotency_key": f"order-{ANY_order.id}-{__import__(\'uuid\').uuid4()}"}',
    ),
    Mutant(
        "an intent is created before the payment is stored",
        "payments.service:pay",
        "ANY_sale = ANY_sales.save(ANY_sale.prepare(ANY_now), ANY_now)",
        "ANY_sale = ANY_sale.prepare(ANY_now)",
    ),
    Mutant(
        "payments stores the last order event, not the latest version",
        "payments.model:Sale.with_order",
        "ANY_order.version > self.order.version",
        "ANY_order != self.order",
    ),
    Mutant(
        "a repeated order event does not settle",
        "payments.service:on_order_changed",
        """
if ANY_sale is not ANY_stored:
    ANY_sale = ANY_sales.save(
        ANY_sale, ANY_now, events.of(ANY_sale) if ANY_sale.refund_unacknowledged else None
    )
""",
        """
if ANY_sale is ANY_stored:
    return
ANY_sale = ANY_sales.save(ANY_sale, ANY_now)
""",
    ),
    Mutant(
        "a late authorization is not voided",
        "payments.model:next_action",
        "return Action.CANCEL if ANY_order.ended else None",
        """
late = intent.status is IntentStatus.REQUIRES_CAPTURE
return Action.CANCEL if ANY_order.ended and not late else None
""",
    ),
    Mutant(
        "a capture whose reply is lost counts as refused",
        "payments.settlement:execute",
        "ANY_latest = gateway.retrieve(ANY_intent.id)",
        """
ANY_latest = gateway.retrieve(ANY_intent.id)
if action is Action.CAPTURE:
    import dataclasses

    return dataclasses.replace(ANY_latest, status=type(ANY_latest.status)("canceled"))
""",
    ),
    Mutant(
        "money is captured before the order completes",
        "payments.model:next_action",
        """
ANY_pending, ANY_completed = (
    ANY_order.status is OrderStatus.PENDING, ANY_order.status is OrderStatus.COMPLETED
)
""",
        """
ANY_pending, ANY_completed = (
    ANY_order.status is OrderStatus.PENDING, ANY_order.status is OrderStatus.COMPLETED
)
if ANY_pending and intent.status is IntentStatus.REQUIRES_CAPTURE:
    return Action.CAPTURE
""",
    ),
    Mutant(
        "a payment is stored over concurrent changes",
        "payments.repository:SaleTable.save",
        '"revision = :read"',
        '"revision = :read OR revision <> :read"',
    ),
    Mutant(
        "an order expires before its time",
        "orders.model:Order.expire",
        "self.status is not Status.PENDING or ANY_now < self.expires_at",
        "self.status is not Status.PENDING",
    ),
    Mutant(
        "a paid order expires",
        "orders.model:Order.expire",
        "self.status is not Status.PENDING or ANY_now < self.expires_at",
        "self.status in (Status.EXPIRED, Status.CANCELLED) or ANY_now < self.expires_at",
    ),
    Mutant(
        "a repeated request for an existing order is refused",
        "orders.service:place_order",
        """
ANY_placed = ANY_orders.find(ANY_id)
if ANY_placed is None:
    raise
""",
        "raise",
    ),
    Mutant(
        "a buyer's held units are never released",
        "orders.repository:OrderTable.save",
        "ANY_before.status is Status.PENDING is not ANY_after.status",
        "False",
    ),
    Mutant(
        "an edit adds units to a quantity that has changed",
        "orders.repository:OrderTable._update_listing",
        '"ticketVersion = :readVersion AND quantity = :readQuantity"',
        '"ticketVersion = :readVersion OR quantity = :readQuantity OR attribute_exists(pk)"',
    ),
    Mutant(
        "tickets stores the last inventory event, not the latest version",
        "tickets.model:Ticket.with_inventory",
        "ANY_inventory.version > self.inventory.version",
        "ANY_inventory != self.inventory",
    ),
    Mutant(
        "a seller's edit overwrites a concurrent inventory change",
        "tickets.repository:TicketTable.save",
        '"ticket.version = :version AND inventoryVersion = :inventory"'
        ' " AND (attribute_not_exists(filesVersion) OR filesVersion = :files)"',
        '"ticket.version = :version AND (inventoryVersion = :inventory OR inventoryVersion <> :inventory)"'
        ' " AND (attribute_not_exists(filesVersion) OR filesVersion = :files)"',
    ),
    Mutant(
        "orders whose timer was lost are not swept",
        "orders.sweeper:handler",
        "service.expire_overdue(orders=orders, now=clock.now())",
        "0",
    ),
    Mutant(
        "payments whose webhook was lost are not swept",
        "payments.sweeper:handler",
        "service.sweep(sales=sales, gateway=stripe, now=now, should_stop=should_stop)",
        "0",
    ),
    Mutant(
        "a refund at Stripe does not end the order",
        "orders.service:refund_order",
        "_answer(ANY_id, Order.refund, orders=ANY_orders, now=ANY_now)",
        "None",
    ),
    Mutant(
        "a payment that can never succeed does not end the order",
        "orders.service:fail_payment",
        "_answer(ANY_id, lambda order: order.fail_payment(declined), orders=ANY_orders, now=ANY_now)",
        "None",
    ),
    Mutant(
        "a refund is believed before it succeeded",
        "payments.intent:Intent.refunded",
        "return self._sum(RefundState.SUCCEEDED)",
        "return self._sum(RefundState.SUCCEEDED) + self._sum(RefundState.IN_FLIGHT)",
    ),
    Mutant(
        "a refund that failed later stays a refund",
        "payments.settlement:settle_sale",
        "ANY_sale.payment is None or ANY_sale.payment.status in FINAL",
        "ANY_sale.payment is None or ANY_sale.payment.status in {*FINAL, Status.REFUNDED}",
    ),
    Mutant(
        "a listing changes under its buyer",
        "orders.model:Inventory._check_seen",
        "request.version not in (None, ANY_ticket.version)",
        "False",
    ),
    Mutant(
        "a hold is extended past the start of its event",
        "orders.model:Order.extend",
        "ANY_until = _until(ANY_now + ANY_hold, self.ticket)",
        "ANY_until = ANY_now + ANY_hold",
    ),
    Mutant(
        "an email address gets a second account",
        "auth.repository:AuthTable._new",
        '"attribute_not_exists(pk)"',
        '"attribute_not_exists(pk) OR attribute_exists(pk)"',
    ),
    Mutant(
        "a republish mails again",
        "notifications.repository:NotificationTable.take",
        '"attribute_not_exists(#state) OR (#state = :due AND (takenUntil <= :now OR taker = :taker))"',
        '"attribute_not_exists(#state) OR #state <> :due OR takenUntil <= :now OR taker = :taker"',
    ),
    Mutant(
        "a mail counts as sent before it is",
        "notifications.service:_send_once",
        """
if not mails.table.take(mail, now):
    return
""",
        """
if not mails.table.take(mail, now):
    return
mails.table.mark_sent(mail)
""",
    ),
    Mutant(
        "a mailed link can be used twice",
        "auth.link_repository:_use",
        '"attribute_exists(pk) AND attribute_not_exists(usedAt)"',
        '"attribute_exists(pk)"',
        "LinkRequest.open = lambda self, now: now < self.expires_at",
    ),
    Mutant(
        "a reset leaves the sessions of before alive",
        "auth.service:refresh",
        "profile is None or profile.user.epoch != family.epoch",
        "profile is None",
    ),
    Mutant(
        "a reset leaves the links of before alive",
        "auth.account_service:_requester",
        "stored is None or stored.user.epoch != request.epoch",
        "stored is None",
    ),
]
# Chance hardly ever shows this one: tests/simulation/old_webhook.py does.
TRUSTED_WEBHOOK = Mutant(
    "a webhook's payload is trusted, however old",
    "payments.webhook:on_stripe_event",
    """
service.on_stripe_event(*ANY_reference, sales=sales, gateway=stripe, now=clock.now())
""",
    """
trusting = _Trusting(event["data"]["object"])
service.on_stripe_event(*ANY_reference, sales=sales, gateway=trusting, now=clock.now())
""",
    """
from payments.intent import Intent, IntentStatus


class _Trusting:
    def __init__(self, payload):
        self._payload = payload if payload["object"] == "payment_intent" else None

    def retrieve(self, id):
        payload, self._payload = self._payload, None
        if payload is None:
            return stripe.retrieve(id)
        status = IntentStatus(payload["status"])
        amounts = {"requires_capture": "amount_capturable", "succeeded": "amount_received"}
        return Intent(
            id=payload["id"],
            order_id=payload["metadata"].get("orderId"),
            status=status,
            amount=payload[amounts.get(status, "amount")],
            currency=payload["currency"],
            client_secret="",
        )

    def __getattr__(self, name):
        return getattr(stripe, name)
""",
)
BY_NAME = {mutant.name: mutant for mutant in [*MUTANTS, TRUSTED_WEBHOOK]}
