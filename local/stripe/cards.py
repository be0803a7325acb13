"""Stripe's test cards, and what each does when it is charged (https://docs.stripe.com/testing)."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from local.stripe.errors import Row


@dataclass(frozen=True, slots=True)
class Decline:
    """Why an issuer declined: the error's `code`, its `decline_code` and the sentence for the buyer."""

    code: str
    decline_code: str
    message: str


def _declined(decline_code: str, message: str = "Your card was declined.") -> Decline:
    return Decline("card_declined", decline_code, message)


GENERIC = _declined("generic_decline")
INSUFFICIENT_FUNDS = _declined("insufficient_funds", "Your card has insufficient funds.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
INCORRECT_NUMBER = Decline("incorrect_number", "incorrect_number", "Your card number is incorrect.")
INVALID_MONTH = Decline(
    "invalid_expiry_month", "invalid_expiry_month", "Your card's expiration month is invalid."
)
INVALID_YEAR = Decline(
    "invalid_expiry_year", "invalid_expiry_year", "Your card's expiration year is invalid."
)
INVALID_CVC = Decline("invalid_cvc", "invalid_cvc", "Your card's security code is invalid.")
NOT_A_TEST_CARD = _declined(
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card. "
    "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
)


@dataclass(frozen=True, slots=True)
class TestCard:
    """A number, its names at Stripe (`pm_card_…`), and what its issuer does."""

    number: str
    names: tuple[str, ...] = ()
    decline: Decline | None = None
    three_d_secure: bool = False
    refund: Literal["fails", "is pending"] | None = None  # later; None: it succeeds at once
    dispute: Literal["fraudulent", "product_not_received", "inquiry"] | None = None  # after the capture

    @property
    def fingerprint(self) -> str:
        """Identifies the number without containing it. Nothing else of a card number is stored."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]

    @property
    def brand(self) -> str:
        return BRANDS[self.number[0]]


BRANDS = {"2": "mastercard", "3": "amex", "4": "visa", "5": "mastercard", "6": "discover"}

TEST_CARDS = (
    TestCard("4242424242424242", ("visa",)),
    TestCard("4000056655665556", ("visa_debit",)),
    TestCard("5555555555554444", ("mastercard",)),
    TestCard("2223003122003222"),
    TestCard("5200828282828210", ("mastercard_debit",)),
    TestCard("378282246310005", ("amex",)),
    TestCard("6011111111111117", ("discover",)),
    TestCard("4000002760003184", ("authenticationRequired",), three_d_secure=True),
    TestCard("4000002500003155", ("authenticationRequiredOnSetup",), three_d_secure=True),
    TestCard("4000000000003220", ("threeDSecure2Required",), three_d_secure=True),
    TestCard("4000008400001629", ("threeDSecureRequiredChargeDeclined",), GENERIC, three_d_secure=True),
    TestCard(
        "4000008260003178",
        ("authenticationRequiredChargeDeclinedInsufficientFunds",),
        INSUFFICIENT_FUNDS,
        three_d_secure=True,
    ),
    TestCard("4000000000000002", ("chargeDeclined", "visa_chargeDeclined"), GENERIC),
    TestCard(
        "4000000000009995",
        ("chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds"),
        INSUFFICIENT_FUNDS,
    ),
    TestCard("4000000000009987", ("visa_chargeDeclinedLostCard",), _declined("lost_card")),
    TestCard("4000000000009979", ("visa_chargeDeclinedStolenCard",), _declined("stolen_card")),
    TestCard("4000000000000069", ("chargeDeclinedExpiredCard",), EXPIRED),
    TestCard("4000000000000127", ("chargeDeclinedIncorrectCvc",), INCORRECT_CVC),
    TestCard("4000000000000119", ("chargeDeclinedProcessingError",), PROCESSING_ERROR),
    TestCard("4000000000005126", ("refundFail",), refund="fails"),
    TestCard("4000000000007726", ("pendingRefund",), refund="is pending"),
    TestCard("4000000000000259", ("createDispute",), dispute="fraudulent"),
    TestCard("4000000000002685", ("createDisputeProductNotReceived",), dispute="product_not_received"),
    TestCard("4000000000001976", ("createDisputeInquiry",), dispute="inquiry"),
)

BY_NUMBER = {card.number: card for card in TEST_CARDS}
BY_FINGERPRINT = {card.fingerprint: card for card in TEST_CARDS}
BY_NAME = {f"pm_card_{name}": card for card in TEST_CARDS for name in card.names}


def luhn(number: str) -> bool:
    """Whether the check digit is right, for 12 to 19 digits."""
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def card_problem(card: Row, today: tuple[int, int]) -> tuple[str, Decline] | None:
    """What is wrong with entered card details: the parameter and the decline. None where they are valid.

    `today` is (year, month), `card` holds number, exp_month, exp_year (two or four digits), optionally cvc.
    """
    year = full_year(card["exp_year"])
    month, cvc = card["exp_month"], card.get("cvc")
    if not luhn(card["number"]):
        return "number", INCORRECT_NUMBER
    if not 1 <= month <= 12:
        return "exp_month", INVALID_MONTH
    if not today[0] <= year <= today[0] + 50:
        return "exp_year", INVALID_YEAR
    if (year, month) < today:
        return "exp_month", INVALID_MONTH
    if cvc is not None and not _cvc_fits(cvc, card["number"]):
        return "cvc", INVALID_CVC
    if card["number"] not in BY_NUMBER:
        return "number", NOT_A_TEST_CARD
    return None


def full_year(year: int) -> int:
    return year + 2000 if year < 100 else year


def _cvc_fits(cvc: str, number: str) -> bool:
    return cvc.isascii() and cvc.isdigit() and len(cvc) == (4 if number.startswith("3") else 3)
