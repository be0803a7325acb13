"""Whole purchases through a local environment."""

import pytest

from tests.support.users import User, eventually


def test_a_ticket_is_paid_for_and_sold(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    order = buyer.place_order(ticket)
    assert buyer.pay(order).json()["status"] == "requires_capture"
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")
    buyer.wait_for(f"/api/payments/{order['id']}", status="captured", amount=4860)
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="sold", available=0)


def test_cancelling_while_paying_charges_nothing(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    order = buyer.place_order(ticket)
    payment = buyer.start_payment(order)
    assert buyer.send("DELETE", f"/api/orders/{order['id']}").status_code == 204
    buyer.confirm_payment(payment)
    buyer.wait_for(f"/api/payments/{order['id']}", status="voided")
    buyer.wait_for(f"/api/orders/{order['id']}", status="cancelled")
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available")


@pytest.mark.parametrize("card", ["pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds"])
def test_after_a_declined_card_another_card_pays(seller: User, buyer: User, card: str) -> None:
    order = buyer.place_order(seller.list_ticket())
    payment = buyer.start_payment(order)
    declined = buyer.confirm_payment(payment, card)
    assert (declined.status_code, declined.json()["error"]["type"]) == (402, "card_error")
    assert buyer.send("GET", f"/api/orders/{order['id']}").json()["status"] == "pending"
    assert buyer.send("GET", f"/api/payments/{order['id']}").json()["status"] == "pending"
    buyer.confirm_payment(payment)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def test_a_refund_in_the_dashboard_puts_the_ticket_back_on_sale(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    order = buyer.place_order(ticket)
    payment = buyer.start_payment(order)
    buyer.confirm_payment(payment)
    buyer.wait_for(f"/api/payments/{order['id']}", status="captured")
    buyer.refund_in_dashboard(payment)
    buyer.wait_for(f"/api/payments/{order['id']}", status="refunded")
    buyer.wait_for(f"/api/orders/{order['id']}", status="refunded")
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available")


def test_the_second_order_for_the_last_unit_is_refused(seller: User, buyer: User) -> None:
    other = User(seller.url, signed_up=True)
    ticket = seller.list_ticket()
    buyer.place_order(ticket)
    refused = other.send("POST", "/api/orders", ticketId=ticket["id"])
    assert (refused.status_code, refused.json()["detail"]) == (409, "Somebody is paying for this one.")


def test_a_held_ticket_cannot_be_withdrawn_and_its_order_completes(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket(quantity=2)
    assert seller.send("DELETE", f"/api/tickets/{seller.list_ticket()['id']}").status_code == 204
    order = buyer.place_order(ticket)
    buyer.wait_for(f"/api/tickets/{ticket['id']}", available=1)
    assert seller.send("DELETE", f"/api/tickets/{ticket['id']}").status_code == 409
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def test_a_repeated_idempotency_key_is_one_order(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    key = {"Idempotency-Key": "click-1"}
    eventually(lambda: _order(buyer, ticket, key))
    again = buyer.send("POST", "/api/orders", headers=key, ticketId=ticket["id"])
    assert (again.status_code, len(buyer.send("GET", "/api/orders").json())) == (201, 1)
    other = buyer.send("POST", "/api/orders", headers=key, ticketId=ticket["id"], quantity=2)
    assert other.status_code == 422


def _order(buyer: User, ticket: dict[str, object], key: dict[str, str]) -> None:
    response = buyer.send("POST", "/api/orders", headers=key, ticketId=ticket["id"])
    assert response.status_code == 201
