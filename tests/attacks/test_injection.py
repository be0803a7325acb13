"""Line breaks where a header could be made of them. For log lines see tests/integration."""

import pytest

from tests.attacks.users import Users

BREAK = "%0d%0aSet-Cookie:%20__Host-session=eve"
FORGED = '\r\n{"level":"INFO","message":"forged"}\r\n'


@pytest.mark.parametrize(
    "address",
    [
        f"/api/tickets?city=Rotterdam{BREAK}&limit=1",
        f"/api/tickets?q=marble{BREAK}&limit=1",
        f"/api/tickets?sort=newest{BREAK}",
        f"/api/tickets?cursor={BREAK}",
        f"/api/tickets/{BREAK}",
        f"/api/orders/{BREAK}",
        f"/api/{BREAK}",
    ],
)
def test_an_address_adds_no_response_header(users: Users, address: str) -> None:
    for _ in range(2):
        users.ticket()
    response = users.send(f"GET {address}", "ann")
    assert response.status_code in (200, 400, 404)
    assert "set-cookie" not in response.headers
    assert not any("\n" in value or "\r" in value for value in response.headers.values())
    assert "Set-Cookie: __Host" not in response.headers.get("Link", "")


@pytest.mark.parametrize("field", ["title", "venue", "city", "category"])
def test_a_line_break_in_a_field_is_refused(users: Users, field: str) -> None:
    body = {"title": "Marble Arcade", "price": 4860, field: f"Rotterdam{FORGED}"}
    assert users.send("POST /api/tickets", "ann", body=body).status_code == 400
