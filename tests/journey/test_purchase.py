"""Whole purchases through the whole world."""

import pytest

from tests.support.people import Person, eventually


def test_a_ticket_is_paid_for_and_sold(seller: Person, buyer: Person) -> None:
    ticket = seller.lists()
    order = buyer.orders(ticket)
    assert buyer.pays(order).json()["status"] == "requires_capture"
    buyer.sees(f"/api/orders/{order['id']}", status="completed")
    buyer.sees(f"/api/payments/{order['id']}", status="captured", amount=4860)
    buyer.sees(f"/api/tickets/{ticket['id']}", status="sold", available=0)


def test_letting_go_while_paying_takes_no_money(seller: Person, buyer: Person) -> None:
    ticket = seller.lists()
    order = buyer.orders(ticket)
    payment = buyer.starts_paying(order)
    assert buyer.send("DELETE", f"/api/orders/{order['id']}").status_code == 204
    buyer.confirms(payment)
    buyer.sees(f"/api/payments/{order['id']}", status="voided")
    buyer.sees(f"/api/orders/{order['id']}", status="cancelled")
    buyer.sees(f"/api/tickets/{ticket['id']}", status="available")


@pytest.mark.parametrize("card", ["pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds"])
def test_a_declined_card_keeps_the_hold_and_another_card_pays(
    seller: Person, buyer: Person, card: str
) -> None:
    order = buyer.orders(seller.lists())
    payment = buyer.starts_paying(order)
    declined = buyer.confirms(payment, card)
    assert (declined.status_code, declined.json()["error"]["type"]) == (402, "card_error")
    assert buyer.send("GET", f"/api/orders/{order['id']}").json()["status"] == "pending"
    assert buyer.send("GET", f"/api/payments/{order['id']}").json()["status"] == "pending"
    buyer.confirms(payment)
    buyer.sees(f"/api/orders/{order['id']}", status="completed")


def test_a_refund_from_stripes_side_puts_the_ticket_back_on_sale(seller: Person, buyer: Person) -> None:
    ticket = seller.lists()
    order = buyer.orders(ticket)
    payment = buyer.starts_paying(order)
    buyer.confirms(payment)
    buyer.sees(f"/api/payments/{order['id']}", status="captured")
    buyer.is_refunded(payment)
    buyer.sees(f"/api/payments/{order['id']}", status="refunded")
    buyer.sees(f"/api/orders/{order['id']}", status="refunded")
    buyer.sees(f"/api/tickets/{ticket['id']}", status="available")


def test_two_buyers_want_the_last_one_and_one_is_told_politely(seller: Person, buyer: Person) -> None:
    other = Person(seller.url, signed_up=True)
    ticket = seller.lists()
    buyer.orders(ticket)
    refused = other.send("POST", "/api/orders", ticketId=ticket["id"])
    assert (refused.status_code, refused.json()["detail"]) == (409, "Somebody is paying for this one.")


def test_a_withdrawn_ticket_takes_no_new_orders_but_keeps_the_standing_one(
    seller: Person, buyer: Person
) -> None:
    ticket = seller.lists(quantity=2)
    assert seller.send("DELETE", f"/api/tickets/{seller.lists()['id']}").status_code == 204
    order = buyer.orders(ticket)
    buyer.sees(f"/api/tickets/{ticket['id']}", available=1)
    assert seller.send("DELETE", f"/api/tickets/{ticket['id']}").status_code == 409
    buyer.pays(order)
    buyer.sees(f"/api/orders/{order['id']}", status="completed")


def test_the_same_intention_sent_twice_is_one_order(seller: Person, buyer: Person) -> None:
    ticket = seller.lists()
    key = {"Idempotency-Key": "click-1"}
    eventually(lambda: _ok(buyer, ticket, key))
    again = buyer.send("POST", "/api/orders", headers=key, ticketId=ticket["id"])
    assert (again.status_code, len(buyer.send("GET", "/api/orders").json())) == (201, 1)
    other = buyer.send("POST", "/api/orders", headers=key, ticketId=ticket["id"], quantity=2)
    assert other.status_code == 422


def _ok(buyer: Person, ticket: dict[str, object], key: dict[str, str]) -> None:
    answer = buyer.send("POST", "/api/orders", headers=key, ticketId=ticket["id"])
    assert answer.status_code == 201
