"""The local environment's own pages: live feed and mailbox under /_local/, the API reference at /api/docs."""

import json
from collections.abc import Iterator
from pathlib import Path

from werkzeug.wrappers import Request, Response

from local.feed import Feed
from local.mail.pages import PATH as MAIL_PATH
from local.mail.pages import MailPages

FOLDER = Path(__file__).with_name("page")
FILES = {
    "": "index.html",
    "page.js": "page.js",
    "page.css": "page.css",
    "api/docs": "reference.html",
    "reference.js": "reference.js",
    "reference.css": "reference.css",
}
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
SILENCE_SECONDS = 15


class LocalPages:
    """Serves /api/docs, and everything below /_local/ except the Stripe stand-in."""

    def __init__(self, feed: Feed, mail: MailPages) -> None:
        self._feed, self._mail = feed, mail

    def __call__(self, request: Request) -> Response:
        """A page or one of its files, the feed's events as JSON, or the live stream."""
        if request.path == f"{MAIL_PATH}.json" or f"{request.path}/".startswith(f"{MAIL_PATH}/"):
            return self._mail(request)
        name = request.path.removeprefix("/_local").lstrip("/")
        params = request.args
        after = int(params["after"]) if params.get("after", "").isdecimal() else 0
        if name == "events":
            events = self._feed.events(
                params.get("correlation", ""), params.get("order", ""), params.get("name", ""), after
            )
            return Response(json.dumps(events), content_type="application/json")
        if name == "events/live":
            last = request.headers.get("Last-Event-ID", "")
            stream = self._stream(int(last) if last.isdecimal() else after)
            return Response(stream, content_type="text/event-stream", headers={"Cache-Control": "no-cache"})
        if name in FILES:
            file = FOLDER / FILES[name]
            return Response(
                file.read_bytes(),
                content_type=f"{TYPES[file.suffix]}; charset=utf-8",
                headers={"Content-Security-Policy": "default-src 'self'", "Cache-Control": "no-cache"},
            )
        return Response("Not found\n", 404, content_type="text/plain")

    def _stream(self, after: int) -> Iterator[bytes]:
        """Server-sent events. Ends after a silence, which frees the thread; the browser reconnects."""
        yield b"retry: 500\n\n"
        for event in self._feed.follow(after, SILENCE_SECONDS):
            yield f"id: {event['number']}\ndata: {json.dumps(event)}\n\n".encode()
