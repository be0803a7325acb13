"""Limits that clients check input against, read from the models that enforce them: docs/limits.json."""

from typing import Any, get_args

from auth.addresses import ADDRESS_OCTETS
from auth.model import PASSWORD_LENGTH
from orders.model import MAX_EXTENSIONS, MAX_HELD_UNITS, MAX_ORDER_QUANTITY
from tickets.forms import MAX_LINE, MAX_TEXT, ListTicket
from tickets.model import MAX_PRICE, MAX_QUANTITY, MIN_PRICE
from tiketz_common.http import CurrencyCode


def limits() -> dict[str, Any]:
    """Prices in minor units, lengths in characters (code points), the rest in units of a ticket or counts."""
    line = {"maxLength": MAX_LINE}
    return {
        "currencies": list(get_args(CurrencyCode)),
        "defaultCurrency": ListTicket.model_fields["currency"].default,
        "price": {"min": MIN_PRICE, "max": MAX_PRICE},
        "listingQuantity": {"min": 1, "max": MAX_QUANTITY},
        "orderQuantity": {"min": 1, "max": MAX_ORDER_QUANTITY},
        "heldUnits": {"max": MAX_HELD_UNITS},
        "extensions": {"max": MAX_EXTENSIONS},
        "search": line,
        "title": {"minLength": 1, **line},
        "venue": line,
        "city": line,
        "category": line,
        "description": {"maxLength": MAX_TEXT},
        "email": {"maxLength": ADDRESS_OCTETS},
        "password": {"minLength": PASSWORD_LENGTH.start, "maxLength": PASSWORD_LENGTH.stop - 1},
    }
