"""Somebody leaves Tiketz: what waits holds them back, what they sold stands, and nothing names them."""

from local.process import EnvironmentProcess
from tests.support.projections import assert_auth_has_order
from tests.support.users import User, eventually


def delete(person: User, status: int) -> None:
    answer = person.send("DELETE", "/api/users/me", password=person.password)
    assert answer.status_code == status, answer.text


def test_a_buyer_leaves_once_nothing_waits_for_them(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    eventually(lambda: assert_auth_has_order(local_env, order, pending=True))
    delete(buyer, 409)
    assert buyer.send("DELETE", f"/api/orders/{order['id']}").status_code == 204
    eventually(lambda: assert_auth_has_order(local_env, order, pending=False))
    delete(buyer, 204)
    assert buyer.send("GET", "/api/users/currentuser").json() == {"currentUser": None}
    again = {"email": buyer.email, "password": buyer.password}
    assert buyer.send("POST", "/api/users/signin", **again).status_code == 401


def test_a_seller_leaves_and_the_order_that_was_placed_can_still_be_paid(
    seller: User, buyer: User, visitor: User
) -> None:
    ticket = seller.list_ticket(quantity=2)
    order = buyer.place_order(ticket)
    delete(seller, 204)
    visitor.wait_for(f"/api/tickets/{ticket['id']}", status="withdrawn")
    eventually(lambda: refused(buyer, ticket["id"]))
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def refused(buyer: User, ticket_id: str) -> None:
    answer = buyer.send("POST", "/api/orders", ticketId=ticket_id)
    if answer.status_code == 201:
        buyer.send("DELETE", f"/api/orders/{answer.json()['id']}")
    assert answer.status_code == 409
