"""A typical sign-in: read the account, verify the password, return a JWT."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import UnauthorizedError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.shared.cookies import Cookie
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel
from service import KEY, app, logger, metrics, publish, table, tracer  # type: ignore[import-not-found]

hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class Credentials(BaseModel):
    email: str
    password: str


class Account(BaseModel):
    id: str
    email: str


@app.post("/api/users/signin", summary="Sign in")
@tracer.capture_method
def sign_in(body: Credentials) -> Response[Account]:
    row = table.get_item(Key={"pk": f"EMAIL#{body.email}"}, ConsistentRead=True).get("Item")
    if not row:
        raise UnauthorizedError("wrong e-mail or password")
    try:
        hasher.verify(row["passwordHash"], body.password)
    except VerifyMismatchError as error:
        raise UnauthorizedError("wrong e-mail or password") from error
    account = Account(id=row["userId"], email=body.email)
    claims = {"sub": account.id, "email": account.email, "exp": datetime.now(UTC) + timedelta(minutes=15)}
    session = jwt.encode(claims, KEY, algorithm="HS256")
    publish("SignedIn", account.model_dump_json())
    metrics.add_metric(name="SignedIn", unit=MetricUnit.Count, value=1)
    logger.info("signed in", user_id=account.id)
    return Response(200, "application/json", account, cookies=[Cookie("session", session)])


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    response: dict[str, Any] = app.resolve(event, context)
    return response
