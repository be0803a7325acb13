"""The web client goes to its bucket so that it works at every moment of the upload."""

from pathlib import Path

import boto3
import pytest

from operate import web

BUCKET = "tiketz-web"
PAGE = "text/html; charset=utf-8"


@pytest.fixture
def site(tmp_path: Path) -> list[web.File]:
    """A built client with one asset."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    for name in ("index.html", "sw.js", "manifest.webmanifest", "assets/index-3f.js"):
        (dist / name).write_text(name)
    openapi = tmp_path / "openapi.json"
    openapi.write_text("{}")
    return web.files(dist, openapi, "pk_test_1")


def test_assets_come_first_and_the_page_last(site: list[web.File]) -> None:
    keys = [each.key for each in site]
    assert keys[0] == "assets/index-3f.js"
    assert keys[-1] == "index.html"
    assert {"config.json", "api/openapi.json", "sw.js"} <= set(keys)


def test_the_client_is_told_stripes_key_and_script(site: list[web.File]) -> None:
    [config] = [each for each in site if each.key == "config.json"]
    assert config.content == b'{"stripeKey": "pk_test_1", "stripeJs": "https://js.stripe.com/v3/"}'


def test_what_never_changes_is_kept_and_the_rest_is_asked_for(aws: None, site: list[web.File]) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    web.upload(site, BUCKET, s3)
    said = {each.key: s3.get_object(Bucket=BUCKET, Key=each.key) for each in site}
    assert said["assets/index-3f.js"]["CacheControl"] == "public, max-age=31536000, immutable"
    kept = [key for key, each in said.items() if each["CacheControl"] != "no-cache"]
    assert kept == ["assets/index-3f.js"]
    assert said["index.html"]["ContentType"] == PAGE
    assert said["manifest.webmanifest"]["ContentType"] == "application/manifest+json"
    assert said["api/openapi.json"]["ContentType"] == "application/json"
