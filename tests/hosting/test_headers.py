"""The response headers of hosting.yaml, and that the local environment sends the same."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request

from local.static_site import StaticSite
from tests.hosting import edge
from tests.support.templates import ROOT

OVER_HTTPS_ONLY = "upgrade-insecure-requests"
STRIPE = "stripe.com"  # locally the stand-in has the same origin: 'self'


def directives(policy: str) -> dict[str, set[str]]:
    """The directives of a content security policy with their sources."""
    parts = [each.split() for each in policy.split(";") if each.strip()]
    return {name: set(sources) for name, *sources in parts}


@pytest.fixture
def hosted() -> dict[str, dict[str, object]]:
    """The response headers policy of hosting.yaml."""
    return dict(edge.resource("Headers")["ResponseHeadersPolicyConfig"])


@pytest.fixture
def local() -> dict[str, str]:
    """The headers of a file in the local environment."""
    site = StaticSite(ROOT, {})
    return dict(Client(Request.application(site)).get("/config.json").headers)


def test_the_local_policy_is_the_hosted_one_with_stripe_at_the_same_origin(
    hosted: dict[str, dict[str, dict[str, str]]], local: dict[str, str]
) -> None:
    expected = directives(hosted["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    del expected[OVER_HTTPS_ONLY]
    same_origin = {
        name: {each for each in sources if STRIPE not in each} or {"'self'"}
        for name, sources in expected.items()
    }
    assert directives(local["Content-Security-Policy"]) == same_origin


def test_the_policy_forbids_inline_code_and_framing(hosted: dict[str, dict[str, dict[str, str]]]) -> None:
    policy = directives(hosted["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    assert policy["default-src"] == {"'none'"}
    assert policy["frame-ancestors"] == {"'none'"}
    unsafe = {"'unsafe-inline'", "'unsafe-eval'", "*"}
    assert not [name for name, sources in policy.items() if sources & unsafe]


def test_the_other_headers_are_the_same_in_both(
    hosted: dict[str, dict[str, list[dict[str, str]]]], local: dict[str, str]
) -> None:
    for item in hosted["CustomHeadersConfig"]["Items"]:
        assert local[item["Header"]] == item["Value"]
    assert local["X-Content-Type-Options"] == "nosniff"
    assert local["X-Frame-Options"] == "DENY"


def test_files_that_may_change_are_revalidated(local: dict[str, str]) -> None:
    assert local["Cache-Control"] == "no-cache"
