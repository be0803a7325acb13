"""The web client is uploaded so that it works at every moment of the upload."""

import json
from pathlib import Path

import boto3
import pytest

from local.static_site import cache_control
from operate import web

BUCKET = "tiketz-web"
LIMITS = {"price": {"min": 50}}


@pytest.fixture
def site(tmp_path: Path) -> list[web.File]:
    """A built client with one asset."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    for name in ("index.html", "sw.js", "manifest.webmanifest", "assets/index-3f.js"):
        (dist / name).write_text(name)
    (tmp_path / "openapi.json").write_text("{}")
    (tmp_path / "limits.json").write_text(json.dumps(LIMITS))
    return web.files(dist, tmp_path, "pk_test_1", 900)


def test_assets_are_uploaded_first_and_the_page_last(site: list[web.File]) -> None:
    keys = [each.key for each in site]
    assert keys[0] == "assets/index-3f.js"
    assert keys[-1] == "index.html"
    assert {"config.json", "api/openapi.json", "sw.js"} <= set(keys)


def test_the_configuration_has_stripes_key_the_hold_and_the_limits(site: list[web.File]) -> None:
    [config] = [each for each in site if each.key == "config.json"]
    assert json.loads(config.content) == {
        "stripeKey": "pk_test_1",
        "stripeJs": "https://js.stripe.com/v3/",
        "holdSeconds": 900,
        "limits": LIMITS,
    }


def test_assets_are_cached_and_other_files_revalidated(aws: None, site: list[web.File]) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    web.upload(site, BUCKET, s3)
    objects = {each.key: s3.get_object(Bucket=BUCKET, Key=each.key) for each in site}
    assert objects["assets/index-3f.js"]["CacheControl"] == "public, max-age=31536000, immutable"
    assert [key for key, each in objects.items() if each["CacheControl"] != "no-cache"] == [
        "assets/index-3f.js"
    ]
    assert objects["index.html"]["ContentType"] == "text/html; charset=utf-8"
    assert objects["manifest.webmanifest"]["ContentType"] == "application/manifest+json"
    assert objects["api/openapi.json"]["ContentType"] == "application/json"


def test_the_local_environment_sends_the_same_cache_headers(site: list[web.File]) -> None:
    assert [each.cache_control for each in site] == [cache_control(f"/{each.key}") for each in site]
