"""What a browser is told beside the page: hosting.yaml decides, and the local world says the same."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request

from local.static_site import StaticSite
from tests.hosting import edge
from tests.support.templates import ROOT

OVER_HTTPS_ONLY = "upgrade-insecure-requests"
STRIPES = "stripe.com"  # played at home: 'self' stands for its addresses


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy: each directive with its sources."""
    parts = [each.split() for each in policy.split(";") if each.strip()]
    return {name: set(sources) for name, *sources in parts}


@pytest.fixture
def hosted() -> dict[str, dict[str, object]]:
    """The response headers policy of hosting.yaml."""
    return dict(edge.resource("Headers")["ResponseHeadersPolicyConfig"])


@pytest.fixture
def local() -> dict[str, str]:
    """The headers that the local environment sends with a file."""
    site = StaticSite(ROOT, {})
    return dict(Client(Request.application(site)).get("/config.json").headers)


def test_the_local_policy_is_the_hosted_one_with_stripe_played_at_home(
    hosted: dict[str, dict[str, dict[str, str]]], local: dict[str, str]
) -> None:
    wanted = directives(hosted["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    del wanted[OVER_HTTPS_ONLY]
    at_home = {
        name: {each for each in sources if STRIPES not in each} or {"'self'"}
        for name, sources in wanted.items()
    }
    assert directives(local["Content-Security-Policy"]) == at_home


def test_the_policy_lets_nothing_inline_and_nobody_frame_us(
    hosted: dict[str, dict[str, dict[str, str]]],
) -> None:
    policy = directives(hosted["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    assert policy["default-src"] == {"'none'"}
    assert policy["frame-ancestors"] == {"'none'"}
    assert not [
        name for name, sources in policy.items() if sources & {"'unsafe-inline'", "'unsafe-eval'", "*"}
    ]


def test_the_other_headers_are_the_same_in_both(
    hosted: dict[str, dict[str, list[dict[str, str]]]], local: dict[str, str]
) -> None:
    for item in hosted["CustomHeadersConfig"]["Items"]:
        assert local[item["Header"]] == item["Value"]
    assert local["X-Content-Type-Options"] == "nosniff"
    assert local["X-Frame-Options"] == "DENY"


def test_what_may_change_is_asked_for_each_time(local: dict[str, str]) -> None:
    assert local["Cache-Control"] == "no-cache"
