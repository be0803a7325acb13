"""A typical list: query an index, return a page."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.conditions import Key
from pydantic import BaseModel
from service import app, logger, metrics, table, tracer  # type: ignore[import-not-found]


class Ticket(BaseModel):
    id: str
    title: str
    price: int
    currency: str
    quantity: int
    startsAt: str | None
    venue: str | None
    city: str | None
    category: str | None
    description: str | None
    version: int


@app.get("/api/tickets", summary="Tickets for sale")
@tracer.capture_method
def browse(limit: Annotated[int, Query(ge=1, le=100)] = 50) -> list[Ticket]:
    page = table.query(
        IndexName="soonest",
        KeyConditionExpression=Key("shelf").eq("all"),
        Limit=limit,
    )
    metrics.add_metric(name="Browsed", unit=MetricUnit.Count, value=1)
    logger.info("browsed", count=len(page["Items"]))
    return [Ticket.model_validate(each["ticket"]) for each in page["Items"]]


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    response: dict[str, Any] = app.resolve(event, context)
    return response
