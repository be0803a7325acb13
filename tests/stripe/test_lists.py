"""Lists, the newest first, in pages and filtered; and expanded objects."""

import pytest
import stripe

from local.stripe.machine import Stripe
from tests.stripe.clock import Clock


@pytest.fixture
def intents(api: stripe.StripeClient, clock: Clock) -> list[str]:
    """Five intents, a second apart, oldest first."""
    ids = []
    for _ in range(5):
        ids.append(api.v1.payment_intents.create({"amount": 100, "currency": "eur"}).id)
        clock.advance(1)
    return ids


def test_pages_follow_each_other_without_gaps(api: stripe.StripeClient, intents: list[str]) -> None:
    first = api.v1.payment_intents.list({"limit": 2})
    assert ([each.id for each in first.data], first.has_more) == (intents[:2:-1], True)
    rest = api.v1.payment_intents.list({"limit": 3, "starting_after": intents[3]})
    assert ([each.id for each in rest.data], rest.has_more) == (intents[2::-1], False)
    back = api.v1.payment_intents.list({"limit": 2, "ending_before": intents[1]})
    assert ([each.id for each in back.data], back.has_more) == (intents[3:1:-1], True)


def test_the_sdk_reads_a_whole_list(api: stripe.StripeClient, intents: list[str]) -> None:
    walked = api.v1.payment_intents.list({"limit": 2}).auto_paging_iter()
    assert [intent.id for intent in walked] == intents[::-1]


def test_lists_are_filtered_by_time(api: stripe.StripeClient, intents: list[str], clock: Clock) -> None:
    start = int(clock.now) - 5
    between = api.v1.payment_intents.list({"created": {"gt": start, "lte": start + 2}})
    assert [each.id for each in between.data] == [intents[2], intents[1]]
    exactly = api.v1.payment_intents.list({"created": start + 3})
    assert [each.id for each in exactly.data] == [intents[3]]


def test_a_page_holds_at_most_a_hundred(api: stripe.StripeClient) -> None:
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError, match="This value must be") as refused:
            api.v1.events.list({"limit": limit})
        assert refused.value.param == "limit"


def test_a_page_after_an_unknown_id_is_a_404(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such event: 'evt_none'") as refused:
        api.v1.events.list({"starting_after": "evt_none"})
    assert refused.value.param == "starting_after"


def test_events_are_filtered_by_type_and_delivery(
    api: stripe.StripeClient, intents: list[str], machine: Stripe
) -> None:
    api.v1.payment_intents.cancel(intents[0])
    cancelled = api.v1.events.list({"types": ["payment_intent.canceled", "payment_intent.succeeded"]}).data
    assert [event.data.object["id"] for event in cancelled] == [intents[0]]
    assert len(api.v1.events.list({"type": "payment_intent.created"}).data) == 5
    machine.mark_delivered(machine.deliveries()[0])
    assert len(api.v1.events.list({"delivery_success": False}).data) == 5
    [delivered] = api.v1.events.list({"delivery_success": True}).data
    assert api.v1.events.retrieve(delivered.id).pending_webhooks == 0


def test_an_event_shows_its_object_as_it_was(api: stripe.StripeClient, intents: list[str]) -> None:
    api.v1.payment_intents.cancel(intents[0])
    created = api.v1.events.list({"type": "payment_intent.created"}).data[-1]
    assert (created.data.object["id"], created.data.object["status"]) == (
        intents[0],
        "requires_payment_method",
    )


def test_expanding_puts_objects_in_place_of_ids(api: stripe.StripeClient) -> None:
    paid = api.v1.payment_intents.create(
        {
            "amount": 100,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "expand": ["latest_charge.payment_intent", "payment_method"],
        }
    )
    assert isinstance(paid.latest_charge, stripe.Charge)
    assert isinstance(paid.latest_charge.payment_intent, stripe.PaymentIntent)
    assert isinstance(paid.payment_method, stripe.PaymentMethod)
    [listed] = api.v1.payment_intents.list({"expand": ["data.latest_charge"]}).data
    assert isinstance(listed.latest_charge, stripe.Charge)


def test_only_references_can_be_expanded(api: stripe.StripeClient, intents: list[str]) -> None:
    for path in ("amount", "latest_charge.nothing", "data.latest_charge"):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            api.v1.payment_intents.cancel(intents[0], {"expand": [path]})
    assert api.v1.payment_intents.retrieve(intents[0]).status == "requires_payment_method"
