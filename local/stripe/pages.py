"""The bank's pages of the 3-D Secure step."""

from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

from local.stripe.errors import Row
from local.stripe.params import CURRENCIES

CSP = "default-src 'none'; script-src 'self'; style-src 'self'"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{base}.css">
<script src="{base}/bank.js"></script>
</head>
<body class="bank">
<main{attributes}>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""

QUESTION = """<p>A test bank asks whether you want to pay <strong>{amount}</strong>. No real money moves.</p>
<form method="post">
<button name="outcome" value="complete">Complete</button>
<button class="quiet" name="outcome" value="fail">Fail</button>
</form>"""


def challenge(base: str, intent: Row) -> str:
    """The bank's question, with the two buttons of Stripe's own test page."""
    amount = f"{CURRENCIES[intent['currency']]}{intent['amount'] / 100:,.2f}"
    return PAGE.format(
        base=escape(base),
        title="3-D Secure test page",
        attributes="",
        content=QUESTION.format(amount=escape(amount)),
    )


def challenge_closed(base: str) -> str:
    """The page of a challenge that is closed. In a frame, it has the browser library close the frame."""
    return PAGE.format(
        base=escape(base),
        title="This step is complete",
        attributes=' data-closed="true"',
        content="<p>You can go back to the shop.</p>",
    )


def return_address(return_url: str, intent: Row) -> str:
    """`return_url` with the parameters that Stripe adds."""
    paid = intent["status"] in ("requires_capture", "succeeded", "processing")
    query = urlencode(
        {
            "payment_intent": intent["id"],
            "payment_intent_client_secret": intent["client_secret"],
            "redirect_status": "succeeded" if paid else "failed",
        }
    )
    parts = urlsplit(return_url)
    return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))
