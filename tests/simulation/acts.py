"""What people do, one act each: a function of the crowd, the person and the step."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from orders.model import order_id
from tiketz_common.clock import to_wire

from tests.simulation.people import PASSWORD, Crowd, Person, Placed
from tests.simulation.steps import Step

Act = Callable[[Crowd, Person, Step], None]


def sign_up(crowd: Crowd, person: Person, step: Step) -> None:
    """Make an account; who has one already (the first reply was lost) signs in."""
    reply = person.ask(step, "POST", "/api/users/signup", person.account)
    if reply and reply.status == 409:
        reply = person.ask(step, "POST", "/api/users/signin", person.account)
    if reply and reply.status in (200, 201):
        person.id = reply.body["id"]


def list_ticket(crowd: Crowd, person: Person, step: Step) -> None:
    offer = {"title": f"Ticket {step.id}", "city": "Rotterdam", **step.what}
    if (starts_in := offer.pop("starts_in", None)) is not None:
        offer["startsAt"] = to_wire(crowd.world.clock.time + timedelta(seconds=starts_in))
    reply = person.ask(step, "POST", "/api/tickets", offer)
    if reply and reply.status == 201:
        crowd.tickets[step.id] = reply.body


def edit(crowd: Crowd, person: Person, step: Step) -> None:
    if ticket := crowd.tickets.get(step.on or 0):
        person.ask(step, "PUT", f"/api/tickets/{ticket['id']}", step.what)


def withdraw(crowd: Crowd, person: Person, step: Step) -> None:
    if ticket := crowd.tickets.get(step.on or 0):
        person.ask(step, "DELETE", f"/api/tickets/{ticket['id']}")


def browse(crowd: Crowd, person: Person, step: Step) -> None:
    reply = person.ask(step, "GET", f"/api/tickets?{urlencode({**step.what, 'limit': 5})}")
    if reply and reply.status != 200:
        crowd.surprises.append(f"{step.name}: browsing was answered {reply.status}")


def look_back(crowd: Crowd, person: Person, step: Step) -> None:
    """Look through one's own orders and listings."""
    for path in ("/api/orders", "/api/tickets/mine"):
        person.ask(step, "GET", path)


def sign_out(crowd: Crowd, person: Person, step: Step) -> None:
    person.ask(step, "POST", "/api/users/signout")


def leave(crowd: Crowd, person: Person, step: Step) -> None:
    """Delete one's account, and with it what one sells."""
    person.ask(step, "DELETE", "/api/users/me", {"password": PASSWORD})


def order(crowd: Crowd, person: Person, step: Step) -> None:
    """Hold units; under `key` it is the same order however often it is asked for."""
    ticket = crowd.tickets.get(step.on or 0)
    if ticket is None:
        return
    key = step.what.get("key")
    headers = {"idempotency-key": f"{person.name}-{key}"} if key else {}
    sent = {"ticketId": ticket["id"], "quantity": step.what["quantity"]}
    reply = person.ask(step, "POST", "/api/orders", sent, headers)
    if reply and reply.status == 201:
        told = reply.body
        placed = Placed(told["id"], person.id, ticket["id"], told["quantity"], told["total"])
        crowd.orders[step.id] = placed
    elif reply and key and person.id:
        id = order_id(person.id, headers["idempotency-key"])
        before = to_wire(datetime.fromtimestamp(person.asked_at, UTC))
        for row in crowd.world.rows("orders"):
            if row["pk"] == f"ORDER#{id}" and row["createdAt"] < before:
                crowd.surprises.append(f"{step.name}: an order that exists was answered {reply.status}")


def pay(crowd: Crowd, person: Person, step: Step) -> None:
    """Open the payment form."""
    placed = crowd.orders.get(step.on or 0)
    if placed is None:
        return
    reply = person.ask(step, "POST", "/api/payments", {"orderId": placed.id})
    if reply and reply.status == 201 and (secret := reply.body.get("clientSecret")):
        if reply.body["amount"] != placed.total:
            crowd.surprises.append(f"{step.name}: asked {reply.body['amount']} for {placed.total}")
        placed.secret = secret
        crowd.secrets.add(secret.partition("_secret_")[0])


def confirm(crowd: Crowd, person: Person, step: Step) -> None:
    """Say yes with a card, and answer the bank's question if there is one."""
    placed = crowd.orders.get(step.on or 0)
    if placed is None or placed.secret is None:
        return
    clock, random = crowd.world.clock, crowd.world.random
    clock.sleep(random.between(0.1, 0.6, step.name))
    answer = crowd.world.stripe.confirm(placed.secret, f"pm_card_{step.what['card']}", step.name)
    if answer.get("status") == "requires_action":
        clock.sleep(random.between(3.0, 30.0, f"challenge {step.name}"))
        crowd.world.stripe.challenge(answer, step.what.get("passes", True), step.name)


def extend(crowd: Crowd, person: Person, step: Step) -> None:
    if placed := crowd.orders.get(step.on or 0):
        person.ask(step, "POST", f"/api/orders/{placed.id}/extend")


def cancel(crowd: Crowd, person: Person, step: Step) -> None:
    if placed := crowd.orders.get(step.on or 0):
        person.ask(step, "DELETE", f"/api/orders/{placed.id}")


def look(crowd: Crowd, person: Person, step: Step) -> None:
    """Look at an order and at its payment."""
    if placed := crowd.orders.get(step.on or 0):
        reply = person.ask(step, "GET", f"/api/orders/{placed.id}")
        if reply and reply.status != 200:
            crowd.surprises.append(f"{step.name}: their own order was answered {reply.status}")
        person.ask(step, "GET", f"/api/payments/{placed.id}")


def in_dashboard(crowd: Crowd, person: Person, step: Step) -> None:
    """Somebody at Tiketz refunds, cancels or captures by hand at Stripe."""
    placed = crowd.orders.get(step.on or 0)
    intent = crowd.intent_of(placed.id) if placed else None
    if placed and intent:
        crowd.touched.add(placed.id)
        crowd.world.stripe.by_hand(step.what["press"], intent["id"], step.name)


ACTS: dict[str, Act] = {
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
    "looks at": look,
    "presses for": in_dashboard,
    "looks back": look_back,
    "signs out": sign_out,
    "leaves": leave,
}
