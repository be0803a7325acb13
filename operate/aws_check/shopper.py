"""A user of the deployed API, with cookies as a browser has them."""

import secrets
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from operate.command import CommandError

PATIENCE_SECONDS = 60
TIMEOUT_SECONDS = 30


class Shopper:
    """A new account."""

    def __init__(self, site: str) -> None:
        self._site, self._session = site, requests.Session()
        # Browsers keep Secure cookies of http://127.0.0.1; Python's jar does only with this policy.
        self._session.cookies.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))
        email = f"aws-check-{secrets.token_hex(6)}@example.com"
        self.send("POST", "/api/users/signup", email=email, password=secrets.token_urlsafe(24))

    def send(self, method: str, path: str, **body: Any) -> Any:
        """The JSON of a successful response; a response with Retry-After is retried.

        Raises CommandError for another one.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            response = self._session.request(
                method,
                self._site + path,
                json=body or None,
                headers=self._cookie(path),
                timeout=TIMEOUT_SECONDS,
            )
            if response.ok:
                return response.json() if response.content else None
            if "Retry-After" not in response.headers or time.monotonic() > until:
                raise CommandError(f"{method} {path} answered {response.status_code}: {response.text[:200]}")
            time.sleep(1)

    def get(self, path: str) -> requests.Response:
        """The response as it is."""
        return self._session.get(self._site + path, headers=self._cookie(path), timeout=TIMEOUT_SECONDS)

    def _cookie(self, path: str) -> dict[str, str]:
        """The Cookie header, which requests leaves out where the address is not https."""
        pairs = [f"{each.name}={each.value}" for each in self._session.cookies if path.startswith(each.path)]
        return {"Cookie": "; ".join(pairs)} if pairs else {}

    def wait_for(self, path: str, status: str, seconds: int = PATIENCE_SECONDS) -> Any:
        """Return when what is at the path has this status. Raises CommandError after so many seconds."""
        until = time.monotonic() + seconds
        while (current := self.send("GET", path))["status"] != status:
            if time.monotonic() > until:
                raise CommandError(f"{path} is {current['status']} after {seconds} s, not {status}.")
            time.sleep(1)
        return current

    def pay(self, order: str, stripe_base: str, publishable_key: str) -> None:
        """Pay an order with Stripe's test card, as the browser does. Raises CommandError."""
        secret = self.send("POST", "/api/payments", orderId=order)["clientSecret"]
        intent = secret.partition("_secret_")[0]
        response = requests.post(
            f"{stripe_base}/v1/payment_intents/{intent}/confirm",
            data={"key": publishable_key, "client_secret": secret, "payment_method": "pm_card_visa"},
            timeout=TIMEOUT_SECONDS,
        )
        if not response.ok:
            raise CommandError(f"Stripe answered {response.status_code}: {response.text[:200]}")
