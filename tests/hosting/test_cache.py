"""What CloudFront keeps: the catalogue, for two seconds, and no response to somebody signed in."""

import pytest

from tests.hosting.edge import Edge, Request, resource
from tests.support.handlers import HttpResponse, send_request
from tests.support.tickets_service import TicketsService


class Shop(Edge):
    """CloudFront before the tickets service. A session cookie's value is its user."""

    def __init__(self, tickets: TicketsService) -> None:
        super().__init__(self._serve)
        self.tickets = tickets
        self.served: list[Request] = []

    def _serve(self, origin: str, request: Request, query: str) -> HttpResponse:
        assert origin == "tickets"
        self.served.append(request)
        cookies = {name: each["value"] for name, each in request["cookies"].items()}
        return send_request(
            self.tickets.api.handler,
            request["method"],
            request["uri"],
            query=query,
            headers={name: each["value"] for name, each in request["headers"].items()},
            user=cookies.get("__Host-session"),  # as the gateway's authorizer identifies them
            cookies=[f"{name}={value}" for name, value in cookies.items()],
        )


@pytest.fixture
def shop(aws: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """CloudFront before a tickets service without tickets."""
    return Shop(TicketsService(monkeypatch))


def test_the_anonymous_catalogue_is_kept_for_two_seconds(shop: Shop) -> None:
    shop.tickets.list("Marble Arcade")
    first = shop.send("GET", "/api/tickets")
    assert first.headers["cache-control"] == "public, max-age=2"
    shop.tickets.list("Stone Circus")
    shop.now = 1.9
    assert shop.send("GET", "/api/tickets").text == first.text
    shop.now = 2.0
    assert len(shop.send("GET", "/api/tickets").json) == 2
    assert len(shop.served) == 2


def test_a_ticket_is_kept_too(shop: Shop) -> None:
    path = f"/api/tickets/{shop.tickets.list()['id']}"
    assert shop.send("GET", path).text == shop.send("GET", path).text
    assert shop.send("HEAD", path).status == 200
    assert len(shop.served) == 2


def test_each_query_string_has_its_own_response(shop: Shop) -> None:
    shop.tickets.list("Marble Arcade")
    assert len(shop.send("GET", "/api/tickets", "q=marble").json) == 1
    assert shop.send("GET", "/api/tickets", "q=circus").json == []


@pytest.mark.parametrize("path", ["/api/tickets", "/api/tickets/{id}", "/api/tickets/mine", "/api/tickets/"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_answer_to_somebody_signed_in_is_kept(shop: Shop, method: str, path: str) -> None:
    path = path.replace("{id}", shop.tickets.list()["id"])
    for user in ("maren", "ben"):
        response = shop.send(method, path, session=user)
        assert (response.status, response.headers["cache-control"]) == (200, "no-store")
    assert shop.kept == {}


def test_somebody_signed_in_sees_a_change_at_once(shop: Shop) -> None:
    ticket = shop.tickets.list("Marble Arcade")
    path = f"/api/tickets/{ticket['id']}"
    shop.send("GET", path)
    shop.tickets.edit(ticket, title="Stone Circus")
    assert shop.send("GET", path, session="maren").json["title"] == "Stone Circus"
    assert shop.send("GET", path).json["title"] == "Marble Arcade"


def test_my_listings_are_mine(shop: Shop) -> None:
    shop.tickets.list("Marble Arcade", by="maren")
    assert len(shop.send("GET", "/api/tickets/mine", session="maren").json) == 1
    assert shop.send("GET", "/api/tickets/mine", session="ben").json == []
    assert shop.send("GET", "/api/tickets/mine/", session="ben").json == []
    assert shop.send("GET", "/api/tickets/mine").status == 401


def test_no_cookie_reaches_the_origin_where_responses_are_kept(shop: Shop) -> None:
    ticket = shop.tickets.list()
    for method in ("GET", "HEAD"):
        shop.send(method, f"/api/tickets/{ticket['id']}", session="maren", other="theme")
    assert [each["cookies"] for each in shop.served] == [{}, {}]
    assert [each["headers"]["x-session"]["value"] for each in shop.served] == ["yes", "yes"]
    shop.send("DELETE", f"/api/tickets/{ticket['id']}", session="maren")
    assert shop.served[-1]["cookies"] == {"__Host-session": {"value": "maren"}}


def test_refusals_are_not_kept(shop: Shop) -> None:
    unknown = "/api/tickets/8c5e0f4e-0000-4000-8000-000000000000"
    assert shop.send("GET", unknown).status == 404
    assert shop.send("GET", "/api/tickets", "limit=0").status == 400
    assert shop.kept == {}


def test_a_viewer_cannot_say_who_has_a_session(shop: Shop) -> None:
    for cookies, value in (({}, "no"), ({"session": "maren"}, "yes")):
        shop.send("GET", "/api/tickets", **cookies)
        assert shop.served[-1]["headers"]["x-session"] == {"value": value}


def test_only_the_catalogue_is_kept() -> None:
    behaviours = resource("Distribution")["DistributionConfig"]["CacheBehaviors"]
    kept = [each["PathPattern"] for each in behaviours if each["CachePolicyId"] == {"Ref": "Catalogue"}]
    assert kept == ["/api/tickets*"]
