"""The web client in its bucket: assets first and the page last, which so names no file that is not there."""

import json
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.web import cache_control

STRIPE_JS = "https://js.stripe.com/v3/"
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True, slots=True)
class File:
    """One object of the bucket."""

    key: str
    content: bytes

    @property
    def type(self) -> str:
        kind = mimetypes.guess_type(self.key)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def files(dist: Path, openapi: Path, stripe_key: str) -> list[File]:
    """All that the site is, in the order of its upload. Old assets stay: an open page may want them."""
    built = [File(str(path.relative_to(dist)), path.read_bytes()) for path in _files(dist)]
    config = json.dumps({"stripeKey": stripe_key, "stripeJs": STRIPE_JS}).encode()
    made = [File("config.json", config), File("api/openapi.json", openapi.read_bytes())]
    return sorted(
        [*built, *made], key=lambda each: (not each.key.startswith("assets/"), each.key == "index.html")
    )


def upload(site: list[File], bucket: str, s3: Any) -> None:
    for each in site:
        s3.put_object(
            Bucket=bucket,
            Key=each.key,
            Body=each.content,
            ContentType=each.type,
            CacheControl=cache_control(f"/{each.key}"),
        )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
