"""The services with their handlers, each on its own table."""

import pytest

from tests.support.auth_service import AuthService, Browser
from tests.support.notifications_service import NotificationsService
from tests.support.payments_service import PaymentsService
from tests.support.service import Service
from tests.support.tickets_service import TicketsService


@pytest.fixture
def auth(aws: None, monkeypatch: pytest.MonkeyPatch) -> AuthService:
    """AuthService without accounts at noon."""
    return AuthService(monkeypatch)


@pytest.fixture
def ada(auth: AuthService) -> Browser:
    """A browser in which Ada has just signed up."""
    browser = auth.browser()
    browser.sign_up()
    return browser


@pytest.fixture
def orders(aws: None, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The orders service, without tickets."""
    return Service("orders", monkeypatch, HOLD_SECONDS="900")


@pytest.fixture
def notifications(aws: None, monkeypatch: pytest.MonkeyPatch) -> NotificationsService:
    """A notifications service at noon that sent nothing yet."""
    return NotificationsService(monkeypatch)


@pytest.fixture
def payments(aws: None, monkeypatch: pytest.MonkeyPatch) -> PaymentsService:
    """A payments service without rows, at noon, and the Stripe account it uses."""
    return PaymentsService(monkeypatch)


@pytest.fixture
def tickets(aws: None, monkeypatch: pytest.MonkeyPatch) -> TicketsService:
    """A tickets service at noon without tickets."""
    return TicketsService(monkeypatch)
