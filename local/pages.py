"""The world's own pages: the live flow of events under /_local/, the API's reference at /api/docs."""

import json
from collections.abc import Iterator
from pathlib import Path

from werkzeug.wrappers import Request, Response

from local.feed import Feed

PAGE = Path(__file__).with_name("page")
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


class Live:
    """Answers /api/docs, and everything below /_local/ but the Stripe stand-in."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def __call__(self, request: Request) -> Response:
        """The page, its parts, the events as JSON, or as they come."""
        name = request.path.removeprefix("/_local").lstrip("/")
        asked = request.args
        after = int(asked["after"]) if asked.get("after", "").isdecimal() else 0
        if name == "events":
            found = self._feed.events(
                asked.get("correlation", ""), asked.get("order", ""), asked.get("name", ""), after
            )
            return Response(json.dumps(found), content_type="application/json")
        if name == "events/live":
            last = request.headers.get("Last-Event-ID", "")
            stream = self._stream(int(last) if last.isdecimal() else after)
            return Response(stream, content_type="text/event-stream", headers={"Cache-Control": "no-cache"})
        if name in FILES:
            file = PAGE / FILES[name]
            return Response(
                file.read_bytes(),
                content_type=f"{TYPES[file.suffix]}; charset=utf-8",
                headers={"Content-Security-Policy": "default-src 'self'", "Cache-Control": "no-cache"},
            )
        return Response("Nothing here.\n", 404, content_type="text/plain")

    def _stream(self, after: int) -> Iterator[bytes]:
        """Server-sent events; after a silence the browser asks again, so nobody's thread is held for ever."""
        yield b"retry: 500\n\n"
        for event in self._feed.follow(after, SILENCE_SECONDS):
            yield f"id: {event['number']}\ndata: {json.dumps(event)}\n\n".encode()
