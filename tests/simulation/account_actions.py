"""Actions of users on their accounts: mailed links, other passwords and addresses, and sessions."""

from dataclasses import replace
from typing import Any

from tests.factories import PASSWORD
from tests.fakes.http_gateway import HttpRequest
from tests.fakes.lambda_functions import InvocationFailed
from tests.simulation.steps import Step
from tests.simulation.users import Population, SimulatedUser

LOOKUPS = 5  # attempts to invoke Directory


def verify_address(population: Population, user: SimulatedUser, step: Step) -> None:
    """Open the link of a verification, twice."""
    user.request(step, "POST", "/api/users/verification")
    token = _token(population, user, step, "verify")
    if token is None:
        return
    response = user.request(_part(step, "use"), "POST", "/api/users/verify", {"token": token})
    if response and response.status == 200:
        _expect_refused(population, user, step, "/api/users/verify", {"token": token})


def recover_account(population: Population, user: SimulatedUser, step: Step) -> None:
    """Forget the password twice, and reset it once: the other link and the sessions of before have ended."""
    tokens = []
    for number in range(2):
        user.request(_part(step, number), "POST", "/api/users/forgot", {"email": user.account["email"]})
        tokens.append(_token(population, user, step, "reset"))
    first, second = tokens
    if first is None or second is None or first == second:
        return
    sessions = dict(user.cookies)
    body = {"token": first, "password": PASSWORD}
    response = user.request(_part(step, "use"), "POST", "/api/users/reset", body)
    if response and response.status == 204:
        _expect_refused(population, user, step, "/api/users/refresh", None, sessions)
        _expect_refused(population, user, step, "/api/users/reset", body)
        _expect_refused(population, user, step, "/api/users/reset", {**body, "token": second})


def change_account(population: Population, user: SimulatedUser, step: Step) -> None:
    """Change the password and the address, and end other sessions."""
    passwords = {"password": PASSWORD, "newPassword": PASSWORD}
    user.request(_part(step, "password"), "PUT", "/api/users/me/password", passwords)
    user.request(step, "GET", "/api/users/me/sessions")
    user.request(step, "DELETE", "/api/users/me/sessions")
    email = f"{user.name}-{step.number}@tiketz.test"
    user.request(step, "PUT", "/api/users/me/email", {"password": PASSWORD, "email": email})
    token = _token(population, user, step, "email")
    if token is not None:
        user.request(step, "POST", "/api/users/me/email/confirm", {"token": token})
    if any(row["pk"] == f"EMAIL#{email}" for row in population.app.rows("auth")):
        user.email = email  # also where the reply was lost
    response = user.request(_part(step, "me"), "GET", "/api/users/me")
    if response and response.status == 200:
        _lookup(population, step, "userId", response.body["id"])


def _token(population: Population, user: SimulatedUser, step: Step, purpose: str) -> str | None:
    """The token of the latest mail for a purpose to the user; None where none is written."""
    requests = [
        row
        for row in population.app.rows("auth")
        if row["pk"].startswith("REQUEST#")
        and row["purpose"] == purpose
        and user.account["email"] in (row["email"], row.get("oldEmail"))
    ]
    if not requests:
        return None
    latest = max(requests, key=lambda row: str(row["createdAt"]))
    answer = _lookup(population, step, "requestId", latest["pk"].removeprefix("REQUEST#"))
    token: str | None = answer["token"] if answer else None
    return token


def _part(step: Step, part: object) -> Step:
    """One of several requests of a step: what it calls and creates is named after it."""
    return replace(step, action=f"{step.action} {part}")


def _lookup(population: Population, step: Step, name: str, value: str) -> Any:
    """What Directory returns; None where it fails."""
    directory = population.app.functions["auth.user_directory"]
    for attempt in range(LOOKUPS):
        try:
            return directory.invoke({name: value}, f"{step.name} {name} {value} {attempt}")
        except InvocationFailed:
            continue
    return None


def _expect_refused(
    population: Population,
    user: SimulatedUser,
    step: Step,
    path: str,
    body: dict[str, Any] | None,
    cookies: dict[str, str] | None = None,
) -> None:
    """A request that must not succeed, with these cookies or none."""
    pairs = [f"{name}={value}" for name, value in (cookies or {}).items()]
    cause = f"{step.name} {path} again {len(population.unexpected_responses)} {body}"
    response = population.app.http.send(HttpRequest("POST", path, cause, body, pairs))
    if response is not None and response.status < 400:
        population.unexpected_responses.append(f"{step.name}: {response.status} for {path} after the change")
