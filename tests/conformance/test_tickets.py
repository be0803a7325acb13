"""List, show, create and edit tickets."""

from typing import Any

import pytest

from tests.support.users import User, eventually


def test_creating_a_ticket_needs_a_session(visitor: User) -> None:
    assert visitor.send("POST", "/api/tickets", title="Marble Arcade", price=4860).status_code == 401


def test_a_session_is_enough_to_reach_validation(seller: User) -> None:
    assert seller.send("POST", "/api/tickets").status_code == 400


@pytest.mark.parametrize("title", ["", "   ", None, "x" * 121])
def test_a_ticket_needs_a_title(seller: User, title: object) -> None:
    assert seller.send("POST", "/api/tickets", title=title, price=4860).status_code == 400
    assert seller.send("POST", "/api/tickets", price=4860).status_code == 400


@pytest.mark.parametrize("price", [-10, 0, 49, 10.5, "4860", None, 10_000_000])
def test_a_ticket_needs_a_price(seller: User, price: object) -> None:
    assert seller.send("POST", "/api/tickets", title="Marble Arcade", price=price).status_code == 400
    assert seller.send("POST", "/api/tickets", title="Marble Arcade").status_code == 400


def test_a_created_ticket_can_be_read(seller: User, visitor: User) -> None:
    created = seller.send("POST", "/api/tickets", title="Marble Arcade", price=4860)
    assert created.status_code == 201
    assert created.json()["sellerId"] == created.json()["userId"] == seller.id
    read = visitor.send("GET", created.headers["Location"])
    assert (read.status_code, read.json()) == (200, created.json())


def test_the_list_shows_created_tickets(seller: User, visitor: User) -> None:
    created = {
        seller.list_ticket(title=f"Concert {number}", city=f"City {seller.id}")["id"] for number in range(3)
    }
    listed = visitor.send("GET", f"/api/tickets?city=City {seller.id}")
    assert listed.status_code == 200
    assert {each["id"] for each in listed.json()} == created


def test_an_unknown_ticket_is_not_found(visitor: User) -> None:
    assert visitor.send("GET", "/api/tickets/5f0f7f0e-3c1a-4f7e-9a52-0d6b6f1a2c3d").status_code == 404


def test_editing_an_unknown_ticket_is_not_found(seller: User) -> None:
    path = "/api/tickets/5f0f7f0e-3c1a-4f7e-9a52-0d6b6f1a2c3d"
    assert seller.send("PUT", path, title="Else", price=5000).status_code == 404


def test_editing_a_ticket_needs_a_session(seller: User, visitor: User) -> None:
    ticket = seller.list_ticket()
    assert visitor.send("PUT", f"/api/tickets/{ticket['id']}", title="Else", price=5000).status_code == 401


def test_another_user_cannot_edit_a_ticket(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    assert buyer.send("PUT", f"/api/tickets/{ticket['id']}", title="Else", price=5000).status_code == 403
    assert buyer.send("GET", f"/api/tickets/{ticket['id']}").json() == ticket


@pytest.mark.parametrize("edit", [{"title": ""}, {"price": -10}, {"title": "Else", "price": 1.5}])
def test_an_invalid_edit_is_refused(seller: User, edit: dict[str, Any]) -> None:
    assert seller.send("PUT", f"/api/tickets/{seller.list_ticket()['id']}", **edit).status_code == 400


def test_a_seller_can_edit_their_ticket(seller: User, visitor: User) -> None:
    ticket = seller.list_ticket()
    edited = seller.send("PUT", f"/api/tickets/{ticket['id']}", title="Else", price=5000)
    assert edited.status_code == 200
    read = visitor.send("GET", f"/api/tickets/{ticket['id']}").json()
    assert (read["title"], read["price"], read["version"]) == ("Else", 5000, 2)


def test_a_reserved_ticket_cannot_be_edited(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    buyer.place_order(ticket)
    buyer.wait_for(f"/api/tickets/{ticket['id']}", status="reserved")
    response = seller.send("PUT", f"/api/tickets/{ticket['id']}", price=5000)
    assert response.status_code == 409


def test_an_edited_price_reaches_new_orders(seller: User, buyer: User) -> None:
    ticket = seller.list_ticket()
    seller.send("PUT", f"/api/tickets/{ticket['id']}", price=5000)

    def ordered_at_the_new_price() -> None:
        response = buyer.send_with_retry("POST", "/api/orders", ticketId=ticket["id"], price=5000)
        assert response.status_code == 201
        assert response.json()["total"] == 5000

    eventually(ordered_at_the_new_price)


def test_head_works_where_get_does(visitor: User, seller: User) -> None:
    for path, status in (("/api/tickets", 200), ("/api/health", 200), ("/api/nothing", 404)):
        response = visitor.send("HEAD", path)
        assert (response.status_code, response.content) == (status, b"")
    assert seller.send("HEAD", "/api/tickets/mine").status_code == 200
    assert visitor.send("HEAD", "/api/tickets/mine").status_code == 401


def test_a_trailing_slash_leads_to_the_same_route(visitor: User, seller: User) -> None:
    for path in ("/api/tickets/", "/api/tickets//", "/api/openapi.json/", "/api/docs/"):
        assert visitor.send("GET", path).status_code == 200
    ticket = seller.send("POST", "/api/tickets/", title="Marble Arcade", price=4860)
    assert ticket.status_code == 201
