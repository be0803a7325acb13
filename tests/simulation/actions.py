"""The actions of users, each a function of the population, the user and the step."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from orders.model import new_order_id
from tiketz_common.clock import to_wire

from tests.factories import PASSWORD
from tests.simulation.account_actions import change_account, recover_account, verify_address
from tests.simulation.steps import Step
from tests.simulation.users import PlacedOrder, Population, SimulatedUser

Action = Callable[[Population, SimulatedUser, Step], None]


def sign_up(population: Population, user: SimulatedUser, step: Step) -> None:
    """Create an account; sign in where it exists (the first reply was lost)."""
    response = user.request(step, "POST", "/api/users/signup", user.account)
    if response and response.status == 409:
        response = user.request(step, "POST", "/api/users/signin", user.account)
    if response and response.status in (200, 201):
        user.id = response.body["id"]


def list_ticket(population: Population, user: SimulatedUser, step: Step) -> None:
    body = {"title": f"Ticket {step.number}", "city": "Rotterdam", **step.params}
    if (starts_in := body.pop("starts_in", None)) is not None:
        body["startsAt"] = to_wire(population.app.clock.time + timedelta(seconds=starts_in))
    response = user.request(step, "POST", "/api/tickets", body)
    if response and response.status == 201:
        population.tickets[step.number] = response.body


def edit(population: Population, user: SimulatedUser, step: Step) -> None:
    if ticket := population.tickets.get(step.about or 0):
        user.request(step, "PUT", f"/api/tickets/{ticket['id']}", step.params)


def withdraw(population: Population, user: SimulatedUser, step: Step) -> None:
    if ticket := population.tickets.get(step.about or 0):
        user.request(step, "DELETE", f"/api/tickets/{ticket['id']}")


def browse(population: Population, user: SimulatedUser, step: Step) -> None:
    response = user.request(step, "GET", f"/api/tickets?{urlencode({**step.params, 'limit': 5})}")
    if response and response.status != 200:
        population.unexpected_responses.append(f"{step.name}: {response.status} for a list of tickets")


def list_own(population: Population, user: SimulatedUser, step: Step) -> None:
    """Read one's own orders and listings."""
    for path in ("/api/orders", "/api/tickets/mine"):
        user.request(step, "GET", path)


def sign_out(population: Population, user: SimulatedUser, step: Step) -> None:
    user.request(step, "POST", "/api/users/signout")


def delete_account(population: Population, user: SimulatedUser, step: Step) -> None:
    """Delete one's account, and with it one's listings."""
    user.request(step, "DELETE", "/api/users/me", {"password": PASSWORD})


def order(population: Population, user: SimulatedUser, step: Step) -> None:
    """Hold units of a ticket; requests with the same `key` are for the same order.

    Who `looks` at it before holds it as it was seen; others have an older client.
    """
    ticket = population.tickets.get(step.about or 0)
    if ticket is None:
        return
    key = step.params.get("key")
    headers = {"idempotency-key": f"{user.name}-{key}"} if key else {}
    body = {"ticketId": ticket["id"], "quantity": step.params["quantity"]}
    seen: dict[str, Any] = {}
    if step.params.get("looks"):
        seen = _see(population, user, step, ticket["id"], headers.get("idempotency-key", step.name))
        if not seen:
            return
        body["version"] = seen["version"]
    response = user.request(step, "POST", "/api/orders", body, headers)
    if response and response.status == 201:
        placed = response.body
        held = {**placed["ticket"], "currency": placed["currency"]}
        if seen and held != {name: seen[name] for name in held}:
            population.unexpected_responses.append(f"{step.name}: held {held}, saw {seen}")
        population.orders[step.number] = PlacedOrder(
            placed["id"], user.id, ticket["id"], placed["quantity"], placed["total"]
        )
    elif response and key and user.id:
        pk = f"ORDER#{new_order_id(user.id, headers['idempotency-key'])}"
        sent_at = to_wire(datetime.fromtimestamp(user.sent_at, UTC))
        for row in population.app.rows("orders"):
            if row["pk"] == pk and row["createdAt"] < sent_at:
                population.unexpected_responses.append(
                    f"{step.name}: {response.status} for an existing order"
                )


def _see(population: Population, user: SimulatedUser, step: Step, ticket_id: str, key: str) -> dict[str, Any]:
    """The ticket as its page shows it, empty where it does not; a second click is on the same page."""
    if key not in population.seen:
        response = user.request(step, "GET", f"/api/tickets/{ticket_id}")
        if response is None or response.status != 200:
            return {}
        population.seen.setdefault(key, response.body)
    return population.seen[key]


def pay(population: Population, user: SimulatedUser, step: Step) -> None:
    """Open the payment form."""
    placed = population.orders.get(step.about or 0)
    if placed is None:
        return
    response = user.request(step, "POST", "/api/payments", {"orderId": placed.id})
    if response and response.status == 201 and (secret := response.body.get("clientSecret")):
        amount = response.body["amount"]
        if amount != placed.total:
            population.unexpected_responses.append(f"{step.name}: amount {amount} for {placed.total}")
        placed.client_secret = secret


def confirm(population: Population, user: SimulatedUser, step: Step) -> None:
    """Confirm the payment with a card, and complete a 3-D Secure challenge if there is one."""
    placed = population.orders.get(step.about or 0)
    if placed is None or placed.client_secret is None:
        return
    clock, random, stripe = population.app.clock, population.app.random, population.app.stripe
    clock.sleep(random.between(0.1, 0.6, step.name))
    intent = stripe.confirm(placed.client_secret, f"pm_card_{step.params['card']}", step.name)
    if intent.get("status") == "requires_action":
        clock.sleep(random.between(3.0, 30.0, f"challenge {step.name}"))
        stripe.complete_challenge(intent, step.params.get("passes", True), step.name)
    if intent.get("status") == "requires_capture":
        population.authorised.setdefault(placed.id, clock.now)


def extend(population: Population, user: SimulatedUser, step: Step) -> None:
    if placed := population.orders.get(step.about or 0):
        user.request(step, "POST", f"/api/orders/{placed.id}/extend")


def cancel(population: Population, user: SimulatedUser, step: Step) -> None:
    if placed := population.orders.get(step.about or 0):
        user.request(step, "DELETE", f"/api/orders/{placed.id}")


def show(population: Population, user: SimulatedUser, step: Step) -> None:
    """Read an order and its payment."""
    if placed := population.orders.get(step.about or 0):
        response = user.request(step, "GET", f"/api/orders/{placed.id}")
        if response and response.status != 200:
            population.unexpected_responses.append(f"{step.name}: {response.status} for the user's own order")
        user.request(step, "GET", f"/api/payments/{placed.id}")


def press_in_dashboard(population: Population, user: SimulatedUser, step: Step) -> None:
    """An operator refunds, cancels or captures in Stripe's dashboard."""
    placed = population.orders.get(step.about or 0)
    intent = population.intent_of(placed.id) if placed else None
    if placed and intent:
        population.changed_in_dashboard.add(placed.id)
        population.app.stripe.press_in_dashboard(step.params["press"], intent["id"], step.name)


def dispute(population: Population, user: SimulatedUser, step: Step) -> None:
    """The buyer disputes the payment with their bank."""
    placed = population.orders.get(step.about or 0)
    intent = population.intent_of(placed.id) if placed else None
    if intent:
        population.app.stripe.dispute(intent["id"], step.name)


ACTIONS: dict[str, Action] = {
    "signs up": sign_up,
    "lists": list_ticket,
    "edits": edit,
    "withdraws": withdraw,
    "browses": browse,
    "orders": order,
    "pays": pay,
    "confirms": confirm,
    "extends": extend,
    "cancels": cancel,
    "looks at": show,
    "presses": press_in_dashboard,
    "disputes": dispute,
    "lists own": list_own,
    "signs out": sign_out,
    "deletes account": delete_account,
    "verifies address": verify_address,
    "recovers account": recover_account,
    "changes account": change_account,
}
