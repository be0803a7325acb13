"""The stand-in accepts parameters of Stripe's, and refuses all others as Stripe does."""

from typing import Any

import pytest
import stripe
import stripe.params
from stripe._api_version import _ApiVersion

from local.stripe import params
from local.stripe.cards import TEST_CARDS, luhn
from local.stripe.ledger import API_VERSION
from local.stripe.machine import ApiResponse, Stripe
from local.stripe.operations import OPERATIONS, Operation


def typed(name: str) -> tuple[set[str], frozenset[str]]:
    """All keys of one of the SDK's TypedDicts, and those it requires."""
    declared: Any = getattr(stripe.params, name)
    return set(declared.__annotations__), declared.__required_keys__


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_every_accepted_parameter_is_in_the_sdk(operation: Operation) -> None:
    known, required = typed(operation.sdk)
    taken = {name for name, parser in operation.spec.items() if parser is not params.no_longer_supported}
    assert taken <= known
    assert set(operation.required) == required


def test_the_stand_in_has_the_api_version_of_the_sdk() -> None:
    assert API_VERSION == _ApiVersion.CURRENT


RESOURCES = (stripe.PaymentIntent, stripe.Charge, stripe.Refund, stripe.Dispute, stripe.Event)


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_field_of_a_response_is_in_the_sdk(
    resource: Any, api: stripe.StripeClient, machine: Stripe
) -> None:
    intent = api.v1.payment_intents.create(
        {"amount": 100, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    machine.dispute(intent.id, 40)
    machine.end_dispute(intent.id, "won")
    api.v1.refunds.create({"payment_intent": intent.id})
    assert machine.ledger.rows[resource.OBJECT_NAME]
    known = set(resource.__annotations__)
    for row in machine.ledger.rows[resource.OBJECT_NAME].values():
        assert set(row) <= known


def create(machine: Stripe, form: str) -> ApiResponse:
    return machine.request("POST", "/v1/payment_intents", form, authorization=f"Bearer {machine.keys.secret}")


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ("currency=eur", "parameter_missing", "amount"),
        ("amount=100", "parameter_missing", "currency"),
        ("amount=&currency=eur", "parameter_invalid_empty", "amount"),
        ("amount=1.5&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=%D9%A1%D9%A0%D9%A0&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=49&currency=eur", "amount_too_small", "amount"),
        ("amount=-100&currency=eur", "amount_too_small", "amount"),
        ("amount=100000000&currency=eur", "amount_too_large", "amount"),
        ("amount=100&currency=xxx", None, "currency"),
        ("amount=100&currency=eur&capture_method=later", None, "capture_method"),
        ("amount=100&currency=eur&orderId=1", "parameter_unknown", "orderId"),
        ("amount=100&currency=eur&confirm=yes", None, "confirm"),
        (
            "amount=100&currency=eur&payment_method_types[]=card",
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        ),
        (
            "amount=100&currency=eur&allowed_payment_method_types[]=cash",
            None,
            "allowed_payment_method_types[0]",
        ),
        ("amount=100&currency=eur&allowed_payment_method_types=card", None, "allowed_payment_method_types"),
        ("amount=100&currency=eur&metadata=text", None, "metadata"),
        (f"amount=100&currency=eur&metadata[{'k' * 41}]=v", None, f"metadata[{'k' * 40}]"),
        (f"amount=100&currency=eur&metadata[k]={'v' * 501}", None, "metadata[k]"),
        ("amount=100&currency=eur&" + "&".join(f"metadata[{n}]=v" for n in range(51)), None, "metadata"),
        ("amount=100&currency=eur&metadata[k][deep]=v", "parameter_invalid_string", "metadata[k]"),
        ("amount[x]=100&currency=eur", "parameter_invalid_string", "amount"),
        ("amount=100&amount[x]=1&currency=eur", None, "amount"),
        ("amount=100&currency=eur&return_url=https://x.example", None, "return_url"),
    ],
)
def test_a_wrong_parameter_is_named(machine: Stripe, form: str, code: str | None, param: str) -> None:
    answer = create(machine, form)
    error = answer.body["error"]
    assert (answer.status, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error.get("param")) == (code, param)
    assert machine.ledger.rows["payment_intent"] == {}


def test_a_misspelt_parameter_gets_a_hint(machine: Stripe) -> None:
    answer = create(machine, "amount=100&currency=eur&captured_method=manual")
    assert answer.body["error"]["message"] == (
        "Received unknown parameter: captured_method. Did you mean capture_method?"
    )


def test_smaller_currencies_have_smaller_minimums(machine: Stripe) -> None:
    assert create(machine, "amount=30&currency=gbp").status == 200
    assert create(machine, "amount=29&currency=gbp").body["error"]["message"] == (
        "Amount must be at least £0.30 gbp"
    )


@pytest.mark.parametrize("form", ["metadata[a]=1&metadata[b c]=%26=", "metadata[b c]=%26%3D&metadata[a]=1"])
def test_metadata_is_returned_as_it_was_sent(machine: Stripe, form: str) -> None:
    assert create(machine, f"amount=100&currency=EUR&{form}").body["metadata"] == {"a": "1", "b c": "&="}


def test_lists_are_decoded_with_and_without_indices() -> None:
    parse = params.list_of(params.text)
    for form in ("t[]=a&t[]=b", "t[0]=a&t[1]=b", "t[1]=b&t[0]=a"):
        assert parse("t", params.decode(form)["t"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("", "You did not provide an API key"),
        ("Bearer ", "You did not provide an API key"),
        ("Bearer sk_test_wrong", "Invalid API Key provided: sk_test_"),
        ("Basic !", "Invalid API Key provided"),
    ],
)
def test_a_request_without_a_key_is_a_401(machine: Stripe, authorization: str, message: str) -> None:
    answer = machine.request("GET", "/v1/events", authorization=authorization)
    assert answer.status == 401
    assert answer.body["error"]["message"].startswith(message)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1"),
        ("GET", "/v2/payment_intents"),
        ("GET", "/v1/customers"),
        ("DELETE", "/v1/payment_intents/pi_1"),
        ("POST", "/v1/payment_intents/pi_1/capture/twice"),
        ("POST", "/v1/payment_intents/pi_1/unknown"),
    ],
)
def test_other_addresses_are_not_recognized(machine: Stripe, method: str, path: str) -> None:
    answer = machine.request(method, path, authorization=f"Bearer {machine.keys.secret}")
    assert (answer.status, answer.body["error"]["message"].split(" (")[0]) == (
        404,
        "Unrecognized request URL",
    )


def test_another_api_version_is_refused(machine: Stripe) -> None:
    answer = machine.request(
        "GET", "/v1/events", authorization=f"Bearer {machine.keys.secret}", version="2026-08-26.dahlia"
    )
    assert (answer.status, answer.headers["Stripe-Version"]) == (400, API_VERSION)


def test_every_test_card_is_a_card_number() -> None:
    assert all(luhn(card.number) for card in TEST_CARDS)
    assert len({card.fingerprint for card in TEST_CARDS}) == len(TEST_CARDS)
