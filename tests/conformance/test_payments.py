"""Pay for an order."""

import requests

from tests.support.users import User, eventually


def test_paying_an_unknown_order_is_not_found(buyer: User) -> None:
    response = buyer.send("POST", "/api/payments", orderId="5f0f7f0e-3c1a-4f7e-9a52-0d6b6f1a2c3d")
    assert response.status_code == 404


def test_paying_another_users_order_is_not_found(seller: User, buyer: User) -> None:
    order = buyer.place_order(seller.list_ticket())
    buyer.start_payment(order)
    assert seller.send("POST", "/api/payments", orderId=order["id"]).status_code == 404
    assert seller.send("GET", f"/api/payments/{order['id']}").status_code == 404


def test_a_cancelled_order_cannot_be_paid(seller: User, buyer: User) -> None:
    order = buyer.place_order(seller.list_ticket())
    buyer.send("DELETE", f"/api/orders/{order['id']}")

    def refused() -> None:
        assert buyer.send("POST", "/api/payments", orderId=order["id"]).status_code == 409

    eventually(refused)


def test_stripe_gets_the_total_and_the_order_completes(seller: User, buyer: User) -> None:
    order = buyer.place_order(seller.list_ticket(price=4860, quantity=3), quantity=3)
    payment = buyer.start_payment(order)
    assert (payment["id"], payment["orderId"], payment["status"]) == (order["id"], order["id"], "pending")
    assert (payment["amount"], payment["currency"]) == (14580, "eur")
    assert buyer.send("POST", "/api/payments", orderId=order["id"]).json() == payment
    confirmed = buyer.confirm_payment(payment)
    assert (confirmed.status_code, confirmed.json()["amount"]) == (200, 14580)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")
    paid = buyer.wait_for(f"/api/payments/{order['id']}", status="captured", amount=14580)
    assert not paid.get("clientSecret")


def test_a_webhook_without_a_signature_is_refused(local_url: str) -> None:
    forged = requests.post(
        f"{local_url}/api/payments/webhook", json={"type": "payment_intent.succeeded"}, timeout=30
    )
    assert forged.status_code == 400
