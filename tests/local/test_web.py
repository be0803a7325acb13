"""The web client is served as CloudFront would serve it; what is local lives under /_local/."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from werkzeug.test import Client

from local import credentials
from local.web import Web

HOSTING = """
Resources:
  Headers:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: !Sub "${AWS::StackName}-web"
        SecurityHeadersConfig:
          StrictTransportSecurity: {AccessControlMaxAgeSec: 63072000, Override: true}
          ContentTypeOptions: {Override: true}
          FrameOptions: {FrameOption: DENY, Override: true}
          ReferrerPolicy: {ReferrerPolicy: strict-origin-when-cross-origin, Override: true}
          ContentSecurityPolicy:
            Override: true
            ContentSecurityPolicy: >-
              default-src 'none'; script-src 'self' https://js.stripe.com https://*.js.stripe.com;
              connect-src 'self' https://api.stripe.com; frame-src https://js.stripe.com https://hooks.stripe.com;
              frame-ancestors 'none'; upgrade-insecure-requests
        CustomHeadersConfig:
          Items: [{Header: Cross-Origin-Opener-Policy, Value: same-origin, Override: true}]
"""


@pytest.fixture
def site(tmp_path: Path) -> Client:
    """A built web client with a page, a script and a secret next door."""
    (tmp_path / "web/dist/assets").mkdir(parents=True)
    (tmp_path / "web/dist/index.html").write_text("<!doctype html><title>built</title>")
    (tmp_path / "web/dist/assets/app-1a2b.js").write_text("run()")
    (tmp_path / "web/secret.txt").write_text("secret")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/openapi.json").write_text('{"openapi": "3.1.0"}')
    (tmp_path / "docs/limits.json").write_text('{"price": {"min": 50}}')
    (tmp_path / "hosting.yaml").write_text(HOSTING)
    return Client(Web(tmp_path, credentials.load_or_create(tmp_path), 900).wsgi)


@pytest.mark.parametrize("path", ["/", "/tickets/123", "/orders", "/sign-in"])
def test_every_path_of_the_client_answers_its_page(site: Client, path: str) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "built" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_assets_are_kept_for_ever_because_their_names_change(site: Client) -> None:
    answer = site.get("/assets/app-1a2b.js")
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]


def test_text_is_compressed_for_whoever_can_read_it(site: Client, tmp_path: Path) -> None:
    script = "run(1)\n" * 500
    (tmp_path / "web/dist/assets/long-3c4d.js").write_text(script)
    plain = site.get("/assets/long-3c4d.js")
    assert (plain.text, plain.headers["Vary"]) == (script, "Accept-Encoding")
    small = site.get("/assets/long-3c4d.js", headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data).decode() == script
    assert (
        "Content-Encoding" not in site.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"}).headers
    )


def test_who_has_the_page_already_is_not_sent_it_again(site: Client) -> None:
    has = {"If-None-Match": site.get("/").headers["ETag"]}
    again = site.get("/orders", headers=has)
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/assets/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/.env"])
def test_what_is_not_there_is_404(site: Client, path: str) -> None:
    assert site.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/config.json", "/api/openapi.json"])
def test_what_is_static_is_only_read(site: Client, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = site.open(path, method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert site.head(path).status_code == 200


def test_the_headers_are_those_of_production_without_what_needs_https_or_stripe(site: Client) -> None:
    headers = site.get("/").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'"
    )
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_the_client_learns_where_stripe_is(site: Client) -> None:
    config = site.get("/config.json").json
    assert config is not None
    assert config["stripeJs"] == "/_local/stripe.js"
    assert config["stripeKey"].startswith("pk_test_")
    assert config["holdSeconds"] == 900
    assert config["limits"] == {"price": {"min": 50}}


def test_the_configuration_has_no_limits_where_there_are_none(tmp_path: Path) -> None:
    web = Web(tmp_path, credentials.load_or_create(tmp_path), None)
    assert set(Client(web.wsgi).get("/config.json").json or {}) == {"stripeKey", "stripeJs"}


def test_the_api_describes_itself(site: Client) -> None:
    assert site.get("/api/openapi.json").json == {"openapi": "3.1.0"}


def test_an_unbuilt_client_says_so(ask: Callable[..., requests.Response]) -> None:
    answer = ask("GET", "/")
    assert answer.status_code == 200
    assert "make" in answer.text


def test_the_page_of_events_runs_no_inline_code(ask: Callable[..., requests.Response]) -> None:
    page = ask("GET", "/_local/")
    assert page.headers["Content-Security-Policy"] == "default-src 'self'"
    for part in ("page.js", "page.css"):
        assert f"/_local/{part}" in page.text
        assert ask("GET", f"/_local/{part}").status_code == 200
    assert ask("GET", "/_local/other").status_code == 404


def test_stripe_is_played_under_local(ask: Callable[..., requests.Response]) -> None:
    assert ask("GET", "/_local/stripe.js").headers["Content-Type"].startswith("text/javascript")
    assert ask("GET", "/_local/stripe/v1/payment_intents/pi_none").status_code == 401
