"""Create, show, list and cancel orders."""

from tests.support.users import User


def test_ordering_an_unknown_ticket_is_not_found(buyer: User) -> None:
    response = buyer.send("POST", "/api/orders", ticketId="5f0f7f0e-3c1a-4f7e-9a52-0d6b6f1a2c3d")
    assert response.status_code == 404


def test_ordering_needs_a_session(visitor: User) -> None:
    assert visitor.send("POST", "/api/orders", ticketId="t1").status_code == 401


def test_a_reserved_ticket_cannot_be_ordered(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    User(seller.url, signed_up=True).place_order(ticket)
    assert buyer.send("POST", "/api/orders", ticketId=ticket["id"]).status_code == 409


def test_an_order_reserves_its_ticket(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    response = buyer.send_with_retry("POST", "/api/orders", ticketId=ticket["id"])
    assert response.status_code == 201
    assert (response.json()["status"], response.json()["ticket"]["id"]) == ("pending", ticket["id"])
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="reserved", available=0)


def test_the_list_has_only_the_callers_orders(seller: User, buyer: User) -> None:
    other = User(seller.url, signed_up=True)
    mine = [buyer.place_order(seller.list_ticket())["id"] for _ in range(2)]
    other.place_order(seller.list_ticket())
    assert [each["id"] for each in buyer.send("GET", "/api/orders").json()] == mine[::-1]


def test_an_order_is_shown_to_its_buyer(seller: User, buyer: User) -> None:
    order = buyer.place_order(seller.list_ticket())
    response = buyer.send("GET", f"/api/orders/{order['id']}")
    assert (response.status_code, response.json()) == (200, order)


def test_an_order_is_not_found_by_others(seller: User, buyer: User, visitor: User) -> None:
    path = f"/api/orders/{buyer.place_order(seller.list_ticket())['id']}"
    assert seller.send("GET", path).status_code == 404
    assert seller.send("DELETE", path).status_code == 404
    assert visitor.send("GET", path).status_code == 401


def test_cancelling_an_order_releases_its_ticket(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    order = buyer.place_order(ticket)
    assert buyer.send("DELETE", f"/api/orders/{order['id']}").status_code == 204
    assert buyer.send("GET", f"/api/orders/{order['id']}").json()["status"] == "cancelled"
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="available", available=1)
