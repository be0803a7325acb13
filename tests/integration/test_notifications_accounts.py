"""Mails about accounts: links go to whom auth's directory names, and nowhere else."""

import logging
from io import StringIO

import pytest

from tests.support.notifications_service import URL, NotificationsService

TOKEN = "r1.5e5e5e5e"
ADA, NEW = "ada@tiketz.test", "ada@new.tiketz.test"
TWO_DAYS_AGO = "2026-06-29T11:59:59.000Z"


@pytest.mark.parametrize(
    ("kind", "template", "page"),
    [("VerificationRequested", "verify", "verify"), ("PasswordResetRequested", "reset", "reset")],
)
def test_a_link_goes_to_the_accounts_owner_once(
    notifications: NotificationsService, kind: str, template: str, page: str
) -> None:
    notifications.open_request(TOKEN, owner=ADA)
    for _ in range(3):
        assert notifications.account(kind)
    [mail] = notifications.ses.mails
    assert mail.to == ADA
    for part in (mail.text, mail.html):
        assert f"{URL}/{page}#{TOKEN}" in part
    assert notifications.states() == {f"{template}#r1#owner": "sent"}


def test_a_new_address_gets_the_link_and_the_old_one_a_warning(notifications: NotificationsService) -> None:
    notifications.open_request(TOKEN, new=NEW, old=ADA)
    assert notifications.account("EmailChangeRequested")
    assert notifications.account("EmailChangeRequested")
    link, warning = notifications.ses.mails
    assert (link.to, warning.to) == (NEW, ADA)
    assert f"{URL}/confirm#{TOKEN}" in link.text
    assert TOKEN not in warning.text + warning.html
    assert NEW not in warning.text + warning.html


def test_the_old_address_is_told_of_the_change(notifications: NotificationsService) -> None:
    notifications.open_request(None, old=ADA)
    assert notifications.account("EmailChanged", userId="ada")
    assert notifications.mails() == [(ADA, "Your e-mail address was changed")]
    assert notifications.states() == {"email_changed#r1#old": "sent"}


def test_a_user_is_told_of_a_new_password(notifications: NotificationsService) -> None:
    assert notifications.account("PasswordChanged", userId="ann")
    assert notifications.account("PasswordChanged", userId="ann")
    assert notifications.mails() == [("ann@tiketz.test", "Your password was changed")]


@pytest.mark.parametrize(
    "kind", ["VerificationRequested", "PasswordResetRequested", "EmailChangeRequested", "EmailChanged"]
)
def test_a_closed_request_is_told_to_nobody(notifications: NotificationsService, kind: str) -> None:
    assert notifications.account(kind, userId="nobody")
    assert notifications.mails() == []
    assert set(notifications.states().values()) == {"suppressed no_recipient"}


def test_a_request_without_its_token_sends_no_link(notifications: NotificationsService) -> None:
    notifications.open_request(None, owner=ADA)
    assert notifications.account("PasswordResetRequested")
    assert notifications.states() == {"reset#r1#owner": "suppressed no_recipient"}


def test_a_request_of_two_days_ago_is_not_mailed(notifications: NotificationsService) -> None:
    notifications.open_request(TOKEN, owner=ADA)
    assert notifications.account("PasswordResetRequested", occurred_at=TWO_DAYS_AGO)
    assert notifications.states() == {"reset#r1#owner": "suppressed too_old"}
    assert notifications.directory.questions == []


def test_no_row_and_no_log_line_has_an_address_or_a_token(
    notifications: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged = StringIO()
    for handler in logging.getLogger("test").handlers:
        monkeypatch.setattr(handler, "stream", logged)
    notifications.open_request(TOKEN, new=NEW, old=ADA)
    assert notifications.account("EmailChangeRequested")
    assert notifications.completed()
    assert '"handled"' in logged.getvalue()
    for secret in (TOKEN, "5e5e", "@"):
        assert secret not in str(notifications.rows()) + logged.getvalue()
