"""The mailbox's pages: the list, each message's parts, and everything as JSON."""

import json
from html import escape
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from local.mail.mailbox import Mail, Mailbox

PATH = "/_local/mail"
LIST_CSP = "default-src 'self'"
MAIL_CSP = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>Tiketz: mail</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/_local/page.css">
</head>
<body>
<header>
<h1>Mail</h1>
<p id="state">{state}</p>
<a href="/_local/">Live events</a>
</header>
<main>
{content}
</main>
</body>
</html>
"""

ITEM = """<li class="notifications"><article>
<h2><a href="{path}">{subject}</a></h2>
<p>to {to}, <time datetime="{at}">{at}</time>{bounced}</p>
<p>{parts}</p>
</article></li>"""


class MailPages:
    """Serves /_local/mail, /_local/mail.json and what is below."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def __call__(self, request: Request) -> Response:
        """`?to=` has only the mails to one address."""
        to = request.args.get("to", "")
        if request.path == f"{PATH}.json":
            mails = [each.described() for each in self._mailbox.mails(to)]
            return _response(json.dumps(mails), "application/json", LIST_CSP)
        if request.path.rstrip("/") == PATH:
            return _response(_list(self._mailbox.mails(to), to), "text/html; charset=utf-8", LIST_CSP)
        mail_id, _, part = request.path.removeprefix(f"{PATH}/").partition("/")
        mail = self._mailbox.mail(mail_id)
        return _part(mail, part) if mail else _not_found()


def _list(mails: list[Mail], to: str) -> str:
    state = f"{len(mails)} to {to}" if to else f"{len(mails)}, newest first"
    items = "\n".join(map(_item, mails))
    empty = '<p>No mails yet. <a href="/signup">Sign up</a>, or buy a ticket: what is sent appears here.</p>'
    return PAGE.format(state=escape(state), content=f"<ol>\n{items}\n</ol>" if mails else empty)


def _item(mail: Mail) -> str:
    path = f"{PATH}/{mail.id}"
    links = [("Text", f"{path}/text"), ("Source", f"{path}/source")]
    links += [(each.name, f"{path}/{quote(each.name)}") for each in mail.attachments]
    return ITEM.format(
        path=escape(path),
        subject=escape(mail.subject),
        to=escape(mail.to),
        at=escape(mail.at),
        bounced=" <strong>bounced</strong>" if mail.bounced else "",
        parts=" · ".join(f'<a href="{escape(url)}">{escape(name)}</a>' for name, url in links),
    )


def _part(mail: Mail, part: str) -> Response:
    """The HTML part at the message's own address; its text, its source and its files below."""
    match part:
        case "":
            return _response(mail.html, "text/html; charset=utf-8", MAIL_CSP)
        case "text":
            return _response(mail.text, "text/plain; charset=utf-8", MAIL_CSP)
        case "source":
            return _response(mail.raw, "text/plain; charset=utf-8", MAIL_CSP)
    for each in mail.attachments:
        if each.name == part:
            return _response(each.content, each.type, MAIL_CSP)
    return _not_found()


def _response(content: str | bytes, kind: str, policy: str) -> Response:
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    return Response(content, content_type=kind, headers={**headers, "Cache-Control": "no-store"})


def _not_found() -> Response:
    return Response("Not found\n", 404, content_type="text/plain")
