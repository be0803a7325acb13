"""The secret that CloudFront adds to its requests: who sends it came through CloudFront."""

from collections.abc import Mapping
from hmac import compare_digest
from typing import NamedTuple

from tiketz_common.errors import Forbidden

HEADER = "x-origin-secret"


class Origin(NamedTuple):
    """Settings of every HTTP handler: the secrets that CloudFront may send now, and whether it must.

    While one replaces the other, CloudFront sends either (operate/origin_secret.py). An empty one is none.
    """

    origin_secret: str
    previous_origin_secret: str
    origin_secret_required: str  # "true" or "false", as CloudFormation has it

    def check(self, headers: Mapping[str, str]) -> None:
        """Raises Forbidden for a request that went past CloudFront, where the secret is required."""
        if self.origin_secret_required == "true" and not self._carries_secret(headers):
            raise Forbidden("Requests go to the site's own address.", code="not_through_site")

    def trusted(self, headers: Mapping[str, str], name: str) -> str | None:
        """A header that CloudFront sets; None where the request did not come through CloudFront."""
        return headers.get(name) if self._carries_secret(headers) else None

    def _carries_secret(self, headers: Mapping[str, str]) -> bool:
        """Compares bytes: `compare_digest` raises for text that is not ASCII."""
        secret = headers.get(HEADER, "").encode(errors="surrogatepass")
        accepted = [each.encode() for each in (self.origin_secret, self.previous_origin_secret) if each]
        return any(compare_digest(secret, each) for each in accepted)
