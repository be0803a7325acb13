"""What a stage lets sellers offer: how tickets are handed over, and at which price."""

from dataclasses import dataclass

from tiketz_common.errors import BadRequest

from tickets.model import Delivery, Ticket

MAX_FILE_QUANTITY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A stage's terms. `max_markup_percent` is how much a price may exceed the face value; None: any."""

    file_delivery: bool = False
    max_markup_percent: int | None = None

    def check(self, ticket: Ticket, before: Ticket | None = None) -> None:
        """Raises BadRequest for a new listing, or an edit of `before`, that the terms do not allow.

        What is offered already stays valid when the terms change.
        """
        if ticket.delivery is Delivery.FILE:
            self._check_file(ticket, before)
        unpriced = before and (before.price, before.face_value) == (ticket.price, ticket.face_value)
        if self.max_markup_percent is not None and not unpriced:
            self._check_price(ticket, self.max_markup_percent)

    def _check_file(self, ticket: Ticket, before: Ticket | None) -> None:
        if not self.file_delivery and (before is None or before.delivery is not Delivery.FILE):
            raise BadRequest(
                "Tickets can't be handed over as files here.", code="file_delivery_off", field="delivery"
            )
        if ticket.quantity > MAX_FILE_QUANTITY:
            raise BadRequest(
                f"Offer at most {MAX_FILE_QUANTITY} tickets as files.",
                code="quantity_too_high",
                field="quantity",
            )

    def _check_price(self, ticket: Ticket, percent: int) -> None:
        if ticket.face_value is None:
            raise BadRequest("Say what you paid for it.", code="face_value_missing", field="faceValue")
        highest = ticket.face_value * (100 + percent) // 100
        if ticket.price > highest:
            raise BadRequest(
                f"The price can be {highest // 100}.{highest % 100:02} at most.",
                code="price_too_high",
                field="price",
            )


STANDARD = Terms()
