"""Line breaks where a header could be made of them. Log lines: tests/integration/test_seeing.py."""

import pytest

from tests.attacks.strangers import Strangers

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
def test_an_address_makes_no_header(strangers: Strangers, address: str) -> None:
    for _ in range(2):
        strangers.ticket()
    answer = strangers.send(f"GET {address}", "ann")
    assert answer.status_code in (200, 400, 404)
    assert "set-cookie" not in answer.headers
    assert not any("\n" in value or "\r" in value for value in answer.headers.values())
    assert "Set-Cookie: __Host" not in answer.headers.get("Link", "")


@pytest.mark.parametrize("field", ["title", "venue", "city", "category"])
def test_a_line_break_is_no_part_of_a_name(strangers: Strangers, field: str) -> None:
    offer = {"title": "Marble Arcade", "price": 4860, field: f"Rotterdam{FORGED}"}
    assert strangers.send("POST /api/tickets", "ann", body=offer).status_code == 400
