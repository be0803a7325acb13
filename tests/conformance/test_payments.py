"""Pay for an order."""

import requests

from tests.support.people import Person, eventually


def test_paying_wants_an_order_that_exists(buyer: Person) -> None:
    answer = buyer.send("POST", "/api/payments", orderId="5f0f7f0e-3c1a-4f7e-9a52-0d6b6f1a2c3d")
    assert answer.status_code == 404


def test_paying_wants_ones_own_order(seller: Person, buyer: Person) -> None:
    order = buyer.orders(seller.lists())
    buyer.starts_paying(order)
    assert seller.send("POST", "/api/payments", orderId=order["id"]).status_code == 404
    assert seller.send("GET", f"/api/payments/{order['id']}").status_code == 404


def test_a_cancelled_order_cannot_be_paid(seller: Person, buyer: Person) -> None:
    order = buyer.orders(seller.lists())
    buyer.send("DELETE", f"/api/orders/{order['id']}")

    def refused() -> None:
        assert buyer.send("POST", "/api/payments", orderId=order["id"]).status_code == 409

    eventually(refused)


def test_the_right_amount_reaches_stripe_and_the_order_completes(seller: Person, buyer: Person) -> None:
    order = buyer.orders(seller.lists(price=4860, quantity=3), quantity=3)
    payment = buyer.starts_paying(order)
    assert (payment["id"], payment["orderId"], payment["status"]) == (order["id"], order["id"], "pending")
    assert (payment["amount"], payment["currency"]) == (14580, "eur")
    assert buyer.send("POST", "/api/payments", orderId=order["id"]).json() == payment
    confirmed = buyer.confirms(payment)
    assert (confirmed.status_code, confirmed.json()["amount"]) == (200, 14580)
    buyer.sees(f"/api/orders/{order['id']}", status="completed")
    paid = buyer.sees(f"/api/payments/{order['id']}", status="captured", amount=14580)
    assert not paid.get("clientSecret")


def test_the_webhook_takes_only_what_stripe_signed(world_url: str) -> None:
    forged = requests.post(
        f"{world_url}/api/payments/webhook", json={"type": "payment_intent.succeeded"}, timeout=30
    )
    assert forged.status_code == 400
