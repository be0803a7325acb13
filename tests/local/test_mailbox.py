"""The mailbox: what SES is given is kept on disk and shown, and its HTML can do nothing."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from local.mail.mailbox import Mailbox
from local.process import EnvironmentProcess

CSP = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
ATTACHMENT = {"name": "ticket.ics", "type": "text/calendar"}


def message(subject: str = "Grüße") -> bytes:
    """A message with a text, an HTML part and a file."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "tickets@tiketz.test", subject
    mail.set_content("Plain <text>")
    mail.add_alternative("<p>Rich</p><script>alert(1)</script>", subtype="html")
    mail.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="ticket.ics")
    return mail.as_bytes()


def send(environment: EnvironmentProcess, to: str, raw: bytes) -> str:
    """Send a raw message with SES; its id."""
    response = environment.client("sesv2").send_email(
        FromEmailAddress="tickets@tiketz.test",
        Destination={"ToAddresses": [to]},
        Content={"Raw": {"Data": raw}},
    )
    return str(response["MessageId"])


def mails(environment: EnvironmentProcess, to: str) -> Any:
    return requests.get(f"{environment.url}/_local/mail.json", {"to": to}, timeout=30).json()


def test_a_mail_is_shown_as_json_newest_first(local_env: EnvironmentProcess) -> None:
    to = "json@tiketz.test"
    send(local_env, to, message("First"))
    send(local_env, to, message("Second"))
    second, first = mails(local_env, to)
    assert (second["subject"], first["subject"]) == ("Second", "First")
    assert second == {
        "to": to,
        "subject": "Second",
        "text": "Plain <text>\n",
        "html": "<p>Rich</p><script>alert(1)</script>\n",
        "attachments": [ATTACHMENT],
        "at": second["at"],
    }
    assert mails(local_env, "nobody@tiketz.test") == []


def test_a_mails_html_has_its_own_address_and_can_do_nothing(local_env: EnvironmentProcess) -> None:
    path = f"{local_env.url}/_local/mail/{send(local_env, 'html@tiketz.test', message())}"
    html = requests.get(path, timeout=30)
    assert html.text == "<p>Rich</p><script>alert(1)</script>\n"
    assert html.headers["Content-Security-Policy"] == CSP
    text = requests.get(f"{path}/text", timeout=30)
    assert (text.text, text.headers["Content-Type"]) == ("Plain <text>\n", "text/plain; charset=utf-8")
    calendar = requests.get(f"{path}/ticket.ics", timeout=30)
    assert (calendar.text, calendar.headers["Content-Type"]) == ("BEGIN:VCALENDAR\n", "text/calendar")
    assert "Subject:" in requests.get(f"{path}/source", timeout=30).text
    assert [requests.get(each, timeout=30).status_code for each in (f"{path}/x", f"{path}x")] == [404, 404]


def test_the_list_links_each_mail_and_escapes_what_it_says(local_env: EnvironmentProcess) -> None:
    mail_id = send(local_env, "list@tiketz.test", message("<b>Bold</b>"))
    page = requests.get(f"{local_env.url}/_local/mail?to=list@tiketz.test", timeout=30)
    assert page.headers["Content-Security-Policy"] == "default-src 'self'"
    assert f'<a href="/_local/mail/{mail_id}">&lt;b&gt;Bold&lt;/b&gt;</a>' in page.text
    assert "bounced" not in page.text
    assert 'href="/_local/mail"' in requests.get(f"{local_env.url}/_local/", timeout=30).text


def test_a_mail_to_the_bounce_simulator_is_shown_as_bounced(local_env: EnvironmentProcess) -> None:
    send(local_env, "bounce@simulator.amazonses.com", message())
    page = requests.get(f"{local_env.url}/_local/mail", timeout=30)
    assert "<strong>bounced</strong>" in page.text


def test_ses_refuses_what_is_no_raw_message(local_env: EnvironmentProcess) -> None:
    simple = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}
    with pytest.raises(ClientError) as raised:
        local_env.client("sesv2").send_email(
            FromEmailAddress="tickets@tiketz.test",
            Destination={"ToAddresses": ["a@tiketz.test"]},
            Content={"Simple": simple},
        )
    assert raised.value.response["Error"]["Code"] == "BadRequestException"


def test_mails_outlive_the_process_that_took_them(tmp_path: Path) -> None:
    file = tmp_path / "mails.jsonl"
    line = {
        "id": "1",
        "to": "ann@tiketz.test",
        "at": "2026-07-01T12:00:00.000Z",
        "raw": "U3ViamVjdDogSGkKCg==",
    }
    file.write_text(json.dumps(line) + "\n" + json.dumps(line)[:40])
    assert len(Mailbox(file).mails()) == 1
    file.write_text(file.read_text() + json.dumps({**line, "id": "2"}) + "\n")
    second, first = Mailbox(file).mails("ANN@tiketz.test")
    assert (first.id, first.subject, second.id) == ("1", "Hi", "2")
