"""The web client is served as CloudFront serves it."""

import gzip
from pathlib import Path

import pytest
from werkzeug.test import Client

from local.static_site import StaticSite

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
  ClientRoutes:
    Type: AWS::CloudFront::Function
    Properties:
      FunctionCode: |
        var ROUTES = /^\\/(?:(?:tickets\\/[^\\/]+|orders|signin)\\/?)?$/
        function handler(event) {
          var request = event.request
        }
"""


@pytest.fixture
def site(tmp_path: Path) -> Client:
    """A built web client with a page and a script, and a secret outside of it."""
    (tmp_path / "web/dist/assets").mkdir(parents=True)
    (tmp_path / "web/dist/index.html").write_text("<!doctype html><title>built</title>")
    (tmp_path / "web/dist/assets/app-1a2b.js").write_text("run()")
    (tmp_path / "web/secret.txt").write_text("secret")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/openapi.json").write_text('{"openapi": "3.1.0"}')
    (tmp_path / "hosting.yaml").write_text(HOSTING)
    return Client(StaticSite(tmp_path, {"stripeKey": "pk_test_1"}).wsgi)


@pytest.mark.parametrize("path", ["/", "/tickets/123", "/orders", "/signin"])
def test_every_path_of_the_client_is_its_page(site: Client, path: str) -> None:
    response = site.get(path)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "built" in response.text
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/nope", "/sellers", "/tickets/123/seat", "/v1.2/about"])
def test_a_path_that_is_no_route_is_the_page_with_404(site: Client, path: str) -> None:
    response = site.get(path, headers={"If-None-Match": site.get("/").headers["ETag"]})
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "built" in response.text


def test_assets_are_cached_for_ever(site: Client) -> None:
    response = site.get("/assets/app-1a2b.js")
    assert response.mimetype == "text/javascript"
    assert "immutable" in response.headers["Cache-Control"]


def test_text_is_compressed_where_the_client_accepts_it(site: Client, tmp_path: Path) -> None:
    script = "run(1)\n" * 500
    (tmp_path / "web/dist/assets/long-3c4d.js").write_text(script)
    plain = site.get("/assets/long-3c4d.js")
    assert (plain.text, plain.headers["Vary"]) == (script, "Accept-Encoding")
    compressed = site.get("/assets/long-3c4d.js", headers={"Accept-Encoding": "gzip, br"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.data).decode() == script
    short = site.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers


def test_a_known_etag_is_a_304(site: Client) -> None:
    headers = {"If-None-Match": site.get("/").headers["ETag"]}
    response = site.get("/orders", headers=headers)
    assert (response.status_code, response.data) == (304, b"")


@pytest.mark.parametrize("path", ["/assets/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/.env"])
def test_a_file_that_does_not_exist_is_a_404(site: Client, path: str) -> None:
    assert site.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/config.json", "/api/openapi.json"])
def test_static_files_are_read_only(site: Client, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = site.open(path, method=method)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert site.head(path).status_code == 200


def test_headers_are_those_of_production_without_https_and_stripe(site: Client) -> None:
    headers = site.get("/").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'"
    )
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_config_json_is_served(site: Client) -> None:
    assert site.get("/config.json").json == {"stripeKey": "pk_test_1"}


def test_openapi_json_is_served(site: Client) -> None:
    assert site.get("/api/openapi.json").json == {"openapi": "3.1.0"}


def test_an_unbuilt_client_says_how_to_build_it(site: Client, tmp_path: Path) -> None:
    (tmp_path / "web/dist/index.html").unlink()
    response = site.get("/")
    assert response.status_code == 200
    assert "make dev" in response.text
