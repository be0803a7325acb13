"""A typical create-order: verify the session, read the ticket, take a unit, write the order, publish."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.event_handler.exceptions import BadRequestError, NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field
from service import app, caller, logger, metrics, publish, table, tracer  # type: ignore[import-not-found]


class NewOrder(BaseModel):
    ticketId: str = Field(min_length=1, max_length=64)
    quantity: int = Field(1, ge=1, le=10)


class OrderedTicket(BaseModel):
    id: str
    title: str
    price: int


class Order(BaseModel):
    id: str
    userId: str
    status: str
    quantity: int
    total: int
    expiresAt: datetime
    ticket: OrderedTicket


@app.post("/api/orders", summary="Place an order")
@tracer.capture_method
def create_order(body: NewOrder) -> Order:
    buyer = caller()
    ticket = table.get_item(Key={"pk": f"TICKET#{body.ticketId}"}, ConsistentRead=True).get("Item")
    if not ticket:
        raise NotFoundError("no such ticket")
    if ticket["available"] < body.quantity:
        raise BadRequestError("not available")
    order = Order(
        id=str(uuid4()),
        userId=buyer,
        status="created",
        quantity=body.quantity,
        total=int(ticket["price"]) * body.quantity,
        expiresAt=datetime.now(UTC) + timedelta(minutes=15),
        ticket=OrderedTicket(id=body.ticketId, title=ticket["title"], price=int(ticket["price"])),
    )
    table.update_item(
        Key={"pk": f"TICKET#{body.ticketId}"},
        UpdateExpression="SET available = available - :n",
        ConditionExpression="available >= :n",
        ExpressionAttributeValues={":n": body.quantity},
    )
    table.put_item(Item={"pk": f"ORDER#{order.id}", **order.model_dump(mode="json")})
    publish("OrderCreated", order.model_dump_json())
    metrics.add_metric(name="OrderPlaced", unit=MetricUnit.Count, value=1)
    logger.info("order placed", order_id=order.id)
    return order


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    response: dict[str, Any] = app.resolve(event, context)
    return response
