"""The stand-in over HTTP: acknowledged changes survive, webhooks are delivered, pages open."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import stripe

from local.stripe.faults import Fault
from tests.stripe.site import PUBLISHABLE_KEY, SECRET_KEY, Endpoint, client, serving, stripe_site

ORDER = {"amount": "4860", "currency": "eur", "capture_method": "manual"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "stripe.db"


@pytest.fixture
def address(store: Path) -> Iterator[str]:
    """An account without a webhook endpoint."""
    with stripe_site(store) as (_, address):
        yield address


def test_a_payment_over_http_is_the_payment_in_process(address: str) -> None:
    api = client(address)
    intent = api.v1.payment_intents.create({"amount": 4860, "currency": "eur", "capture_method": "manual"})
    assert api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == (
        "requires_capture"
    )
    assert api.v1.payment_intents.capture(intent.id).status == "succeeded"
    assert api.v1.refunds.create({"payment_intent": intent.id}).amount == 4860
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        api.v1.refunds.create({"payment_intent": intent.id})


def test_responses_have_stripes_headers(address: str) -> None:
    def create() -> requests.Response:
        return requests.post(
            f"{address}/_local/stripe/v1/payment_intents",
            data=ORDER,
            auth=(SECRET_KEY, ""),
            headers={"Idempotency-Key": "order-1", "Stripe-Version": "2026-10-28.endive"},
            timeout=5,
        )

    first, again = create(), create()
    assert first.json() == again.json()
    assert first.headers["Request-Id"] != again.headers["Request-Id"]
    assert first.headers["Stripe-Version"] == "2026-10-28.endive"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert again.headers["Content-Type"] == "application/json"


def test_a_restart_keeps_the_state(store: Path) -> None:
    with stripe_site(store) as (_, address):
        api = client(address)
        intents = [api.v1.payment_intents.create({"amount": 100, "currency": "eur"}).id for _ in range(3)]
        api.v1.payment_intents.confirm(intents[0], {"payment_method": "pm_card_visa"})
        events = api.v1.events.list({"limit": 100})
    with stripe_site(store) as (_, address):
        api = client(address)
        assert api.v1.payment_intents.retrieve(intents[0]).status == "succeeded"
        assert [intent.id for intent in api.v1.payment_intents.list().data] == intents[::-1]
        assert api.v1.events.list({"limit": 100}).to_dict() == events.to_dict()


SERVE_FOR_EVER = """
import sys
from pathlib import Path
from werkzeug.serving import make_server
from local.stripe.http import app
keys = {"webhook_secret": "w", "secret_key": "sk_test_site", "publishable_key": "pk"}
site = app(Path(sys.argv[1]), webhook_url=None, **keys)
server = make_server("127.0.0.1", 0, site, threaded=True)
print(server.port, flush=True)
server.serve_forever()
"""


def test_an_acknowledged_change_survives_kill_9(store: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE_FOR_EVER, str(store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        api = client(f"http://127.0.0.1:{server.stdout.readline().strip()}")
        intent = api.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": "k"})
        paid = api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
        os.kill(server.pid, signal.SIGKILL)
    with stripe_site(store) as (_, address):
        api = client(address)
        assert api.v1.payment_intents.retrieve(intent.id) == paid
        again = api.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": "k"})
        assert again == intent


def test_webhooks_are_signed_and_complete(store: Path) -> None:
    endpoint = Endpoint()
    with serving(endpoint) as url, stripe_site(store, f"{url}/hook") as (_, address):
        intent = client(address).v1.payment_intents.create({"amount": 100, "currency": "eur"})
        endpoint.wait_for(1)
    [event] = endpoint.events()
    assert (event.type, event.data.object["id"]) == ("payment_intent.created", intent.id)


def test_a_failed_webhook_is_retried_even_after_a_restart(store: Path) -> None:
    endpoint = Endpoint(statuses=[500])
    with serving(endpoint) as url:
        with stripe_site(store, f"{url}/hook") as (_, address):
            client(address).v1.payment_intents.create({"amount": 100, "currency": "eur"})
            endpoint.wait_for(1)
        with stripe_site(store, f"{url}/hook"):
            endpoint.wait_for(2)
    first, second = endpoint.events()
    assert first.id == second.id


def test_only_the_events_the_endpoint_listens_to_are_sent(store: Path) -> None:
    endpoint = Endpoint()
    wanted = {"payment_intent.succeeded"}
    with (
        serving(endpoint) as url,
        stripe_site(store, f"{url}/hook", enabled_events=wanted) as (_, address),
    ):
        client(address).v1.payment_intents.create(
            {"amount": 100, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
        )
        endpoint.wait_for(1)
    assert [event.type for event in endpoint.events()] == ["payment_intent.succeeded"]


def test_a_lost_reply_breaks_the_connection_after_the_work(store: Path) -> None:
    faults: list[Fault] = ["lost_reply"]
    with stripe_site(store, fault=lambda _: faults.pop() if faults else None) as (_, address):
        api = client(address)
        with pytest.raises(stripe.APIConnectionError):
            api.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": "k"})
        assert len(api.v1.payment_intents.list().data) == 1
        api.v1.payment_intents.create({"amount": 100, "currency": "eur"}, {"idempotency_key": "k"})
        assert len(api.v1.payment_intents.list().data) == 1


def test_a_refund_in_the_dashboard(address: str) -> None:
    api = client(address)
    intent = api.v1.payment_intents.create(
        {"amount": 100, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    refund = f"{address}/_local/stripe/dashboard/payment_intents/{intent.id}/refund"
    assert requests.post(refund, timeout=5).json()["amount"] == 100
    again = requests.post(refund, timeout=5)
    assert (again.status_code, again.json()["error"]["code"]) == (400, "charge_already_refunded")
    newest = api.v1.events.list({"type": "charge.refunded"}).data[0]
    assert (newest.request.id if newest.request else "none") is None


def test_a_body_too_large_is_refused(address: str) -> None:
    answer = requests.post(
        f"{address}/_local/stripe/v1/payment_intents", data="x" * 70_000, auth=(SECRET_KEY, ""), timeout=5
    )
    assert answer.status_code == 413


@pytest.fixture
def challenged(address: str) -> stripe.PaymentIntent:
    """A payment whose buyer was redirected to the bank."""
    return client(address).v1.payment_intents.create(
        {
            "amount": 4860,
            "currency": "eur",
            "capture_method": "manual",
            "confirm": True,
            "payment_method": "pm_card_authenticationRequired",
            "return_url": "https://tiketz.example/orders/1?tab=pay",
        }
    )


@pytest.mark.parametrize(
    ("outcome", "status", "redirect_status"),
    [("complete", "requires_capture", "succeeded"), ("fail", "requires_payment_method", "failed")],
)
def test_the_3d_secure_page_redirects_to_the_return_url(
    address: str, challenged: stripe.PaymentIntent, outcome: str, status: str, redirect_status: str
) -> None:
    assert challenged.next_action is not None
    assert challenged.next_action.redirect_to_url is not None
    url = (challenged.next_action.redirect_to_url.url or "").replace("http://127.0.0.1:8080", address)
    page = requests.get(url, timeout=5)
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert "€48.60" in page.text
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|onclick=", page.text)

    back = requests.post(url, data={"outcome": outcome}, allow_redirects=False, timeout=5)
    assert back.status_code == 303
    assert back.headers["Location"] == (
        f"https://tiketz.example/orders/1?tab=pay&payment_intent={challenged.id}"
        f"&payment_intent_client_secret={challenged.client_secret}&redirect_status={redirect_status}"
    )
    assert client(address).v1.payment_intents.retrieve(challenged.id).status == status
    assert requests.get(url, timeout=5).status_code == 404


def test_an_unknown_address_is_stripes_404(address: str) -> None:
    answer = requests.get(f"{address}/_local/stripe/v1/customers", auth=(SECRET_KEY, ""), timeout=5)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith("Unrecognized request URL (GET: /v1/customers)")


def test_a_browser_confirms_with_form_fields_alone(address: str) -> None:
    intent = client(address).v1.payment_intents.create({"amount": 100, "currency": "eur"})
    answer = requests.post(
        f"{address}/_local/stripe/v1/payment_intents/{intent.id}/confirm",
        data={
            "key": PUBLISHABLE_KEY,
            "client_secret": intent.client_secret,
            "payment_method_data[type]": "card",
            "payment_method_data[card][number]": "4242424242424242",
            "payment_method_data[card][exp_month]": "12",
            "payment_method_data[card][exp_year]": "40",
            "payment_method_data[card][cvc]": "123",
        },
        timeout=5,
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")


def test_one_of_many_concurrent_captures_and_cancels_wins(address: str) -> None:
    api = client(address)
    for _ in range(5):
        intent = api.v1.payment_intents.create(
            {
                "amount": 100,
                "currency": "eur",
                "capture_method": "manual",
                "confirm": True,
                "payment_method": "pm_card_visa",
            }
        )

        def end(how: str, intent_id: str = intent.id) -> int:
            url = f"{address}/_local/stripe/v1/payment_intents/{intent_id}/{how}"
            return requests.post(url, auth=(SECRET_KEY, ""), timeout=10).status_code

        with ThreadPoolExecutor(8) as crowd:
            assert sorted(crowd.map(end, ["capture", "cancel"] * 4)) == [200] + [400] * 7


def test_a_dispute_and_its_end_over_http(address: str) -> None:
    api = client(address)
    intent = api.v1.payment_intents.create(
        {"amount": 4860, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    dispute = f"{address}/_local/stripe/dashboard/payment_intents/{intent.id}/dispute"
    assert requests.post(f"{dispute}/won", timeout=5).status_code == 404
    opened = requests.post(dispute, data={"amount": "1000"}, timeout=5)
    assert (opened.status_code, opened.json()["amount"]) == (200, 1000)
    assert requests.post(f"{dispute}/lost", timeout=5).json()["status"] == "lost"
    inquiry = requests.post(dispute, data={"inquiry": "true"}, timeout=5)
    assert inquiry.json()["status"] == "warning_needs_response"
    assert [each.status for each in api.v1.disputes.list({"payment_intent": intent.id}).data] == [
        "warning_needs_response",
        "lost",
    ]


def test_a_wrong_amount_in_the_dashboard_refunds_nothing(address: str) -> None:
    intent = client(address).v1.payment_intents.create(
        {"amount": 100, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa"}
    )
    refund = f"{address}/_local/stripe/dashboard/payment_intents/{intent.id}/refund"
    assert requests.post(refund, data={"amount": "all"}, timeout=5).status_code == 400
    assert requests.post(refund, data={"amount": "40"}, timeout=5).json()["amount"] == 40
