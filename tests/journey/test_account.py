"""Somebody leaves Tiketz: what waits holds them back, what they sold stands, and nothing names them."""

from local.process import RunningWorld
from tests.support.news import auth_has_heard
from tests.support.people import Person, eventually


def delete(person: Person, status: int) -> None:
    answer = person.send("DELETE", "/api/users/me", password=person.password)
    assert answer.status_code == status, answer.text


def test_a_buyer_leaves_once_nothing_waits_for_them(
    tiketz: RunningWorld, seller: Person, buyer: Person
) -> None:
    order = buyer.orders(seller.lists())
    eventually(lambda: auth_has_heard(tiketz, order, pending=True))
    delete(buyer, 409)
    assert buyer.send("DELETE", f"/api/orders/{order['id']}").status_code == 204
    eventually(lambda: auth_has_heard(tiketz, order, pending=False))
    delete(buyer, 204)
    assert buyer.send("GET", "/api/users/currentuser").json() == {"currentUser": None}
    again = {"email": buyer.email, "password": buyer.password}
    assert buyer.send("POST", "/api/users/signin", **again).status_code == 401


def test_a_seller_leaves_and_the_order_that_was_placed_can_still_be_paid(
    seller: Person, buyer: Person, visitor: Person
) -> None:
    ticket = seller.lists(quantity=2)
    order = buyer.orders(ticket)
    delete(seller, 204)
    visitor.sees(f"/api/tickets/{ticket['id']}", status="withdrawn")
    eventually(lambda: refused(buyer, ticket["id"]))
    buyer.pays(order)
    buyer.sees(f"/api/orders/{order['id']}", status="completed")


def refused(buyer: Person, ticket_id: str) -> None:
    answer = buyer.send("POST", "/api/orders", ticketId=ticket_id)
    if answer.status_code == 201:
        buyer.send("DELETE", f"/api/orders/{answer.json()['id']}")
    assert answer.status_code == 409
