"""The site is opened, a ticket is bought with a test card, and a hold runs out."""

import requests

from operate.aws_check.run import NotPlayed, Run
from operate.aws_check.shopper import TIMEOUT_SECONDS, Shopper
from operate.command import CommandError

LONGEST_HOLD = 120  # seconds that are waited for
TIMER_SECONDS = 30  # until the timer's event has expired the order
TICKET = {"title": "Marble Arcade", "price": 4860, "currency": "eur", "quantity": 2}


def open_site(run: Run) -> None:
    """The web client, its routes, the API and its refusals are answered; CloudFront adds its headers."""
    expected = {"/": 200, "/sell": 200, "/config.json": 200, "/api/health": 200, "/api/nothing": 404}
    for path, status in expected.items():
        response = requests.get(run.site + path, timeout=TIMEOUT_SECONDS)
        if response.status_code != status:
            run.differs("edge", f"{path} answers {response.status_code}, not {status}")
        if not run.local and path == "/" and "Content-Security-Policy" not in response.headers:
            run.differs("edge", "/ has no Content-Security-Policy")


def buy(run: Run) -> None:
    """Two users sign up; one lists tickets, the other one buys one."""
    seller, buyer = Shopper(run.site), Shopper(run.site)
    ticket = seller.send("POST", "/api/tickets", **TICKET)["id"]
    order = buyer.send("POST", "/api/orders", ticketId=ticket)
    path = f"/api/orders/{order['id']}"
    buyer.pay(order["id"], _stripe(run), _config(run)["stripeKey"])
    buyer.wait_for(path, "completed")
    buyer.wait_for(f"/api/payments/{order['id']}", "captured")
    run.order = {"id": order["id"], "ticketId": ticket, "expiresAt": order["expiresAt"]}


def expire(run: Run) -> None:
    """Nobody pays: the timer gives the ticket back."""
    hold = int(_config(run)["holdSeconds"])
    if hold > LONGEST_HOLD:
        raise NotPlayed(f"orders hold their ticket for {hold} s: HOLD_SECONDS=30 make dev")
    seller, buyer = Shopper(run.site), Shopper(run.site)
    ticket = seller.send("POST", "/api/tickets", **TICKET | {"quantity": 1})["id"]
    order = buyer.send("POST", "/api/orders", ticketId=ticket)
    buyer.wait_for(f"/api/tickets/{ticket}", "reserved")
    buyer.wait_for(f"/api/orders/{order['id']}", "expired", hold + TIMER_SECONDS)
    buyer.wait_for(f"/api/tickets/{ticket}", "available")


def _config(run: Run) -> dict[str, str]:
    """What the web client reads at start. Raises CommandError."""
    response = requests.get(f"{run.site}/config.json", timeout=TIMEOUT_SECONDS)
    if not response.ok:
        raise CommandError(f"/config.json answers {response.status_code}.")
    return dict(response.json())


def _stripe(run: Run) -> str:
    return run.stage.parameters.get("StripeApiBase", "https://api.stripe.com")
