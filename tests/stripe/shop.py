"""A shop's checkout page on one origin with the stand-in, with a strict content security policy."""

from collections.abc import Callable, Iterable
from typing import Any

CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'"

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Checkout</title>
<link rel="stylesheet" href="/shop.css"></head>
<body><main><h1>Pay</h1><form aria-label="Payment"><div id="card"></div><button>Pay</button></form>
<p id="outcome" role="status"></p></main>
<script src="/_local/stripe.js"></script></body></html>
"""

STYLE = (
    ":root { color-scheme: light dark } body { background: light-dark(#f4f4f8, #12111c); color: CanvasText }"
)


def shop(stripe: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Serves the page at every path that is not Stripe's or the style sheet's."""

    def respond(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_local/stripe"):
            return stripe(environ, start_response)
        kind, body = ("css", STYLE) if environ["PATH_INFO"] == "/shop.css" else ("html", PAGE)
        headers = [("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Security-Policy", CSP)]
        start_response("200 OK", headers)
        return [body.encode()]

    return respond
