"""Account deletion: pending orders prevent it, and what a deleted seller sold stands."""

from typing import Any

from local.process import EnvironmentProcess
from tests.support.projections import assert_auth_counts_order
from tests.support.users import User, eventually


def assert_deletion(user: User, status: int) -> None:
    response = user.send("DELETE", "/api/users/me", password=user.password)
    assert response.status_code == status, response.text


def test_a_buyer_can_delete_their_account_once_no_order_is_pending(
    local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    eventually(lambda: assert_auth_counts_order(local_env, order, pending=True))
    assert_deletion(buyer, 409)
    assert buyer.send("DELETE", f"/api/orders/{order['id']}").status_code == 204
    eventually(lambda: assert_auth_counts_order(local_env, order, pending=False))
    assert_deletion(buyer, 204)
    assert buyer.send("GET", "/api/users/currentuser").json() == {"currentUser": None}
    account: dict[str, Any] = {"email": buyer.email, "password": buyer.password}
    assert buyer.send("POST", "/api/users/signin", **account).status_code == 401


def test_an_order_can_be_paid_after_its_seller_deleted_their_account(
    seller: User, buyer: User, visitor: User
) -> None:
    ticket = seller.list_ticket(quantity=2)
    order = buyer.place_order(ticket)
    assert_deletion(seller, 204)
    visitor.wait_for(f"/api/tickets/{ticket['id']}", status="withdrawn")
    eventually(lambda: assert_refused(buyer, ticket["id"]))
    buyer.pay(order)
    buyer.wait_for(f"/api/orders/{order['id']}", status="completed")


def assert_refused(buyer: User, ticket_id: str) -> None:
    """Asserts that a new order of the ticket is refused; one that is placed is cancelled."""
    response = buyer.send("POST", "/api/orders", ticketId=ticket_id)
    if response.status_code == 201:
        buyer.send("DELETE", f"/api/orders/{response.json()['id']}")
    assert response.status_code == 409
