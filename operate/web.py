"""Uploads the web client: assets first and index.html last, so that it never names a missing file."""

import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STRIPE_JS = "https://js.stripe.com/v3/"
IMMUTABLE = "public, max-age=31536000, immutable"
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True, slots=True)
class File:
    """One object of the bucket."""

    key: str
    content: bytes

    @property
    def type(self) -> str:
        """The Content-Type."""
        kind = mimetypes.guess_type(self.key)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    @property
    def cache_control(self) -> str:
        """An asset's name contains its hash; every other file is revalidated."""
        return IMMUTABLE if self.key.startswith("assets/") else "no-cache"


def files(dist: Path, docs: Path, stripe_key: str, hold_seconds: int) -> list[File]:
    """All files of the site in upload order. Old assets stay in the bucket, for pages that are open.

    `docs` has openapi.json and limits.json. config.json is what the client reads at start.
    """
    built = [
        File(str(path.relative_to(dist)), path.read_bytes()) for path in dist.rglob("*") if path.is_file()
    ]
    config = {
        "stripeKey": stripe_key,
        "stripeJs": STRIPE_JS,
        "holdSeconds": hold_seconds,
        "limits": json.loads((docs / "limits.json").read_text()),
    }
    generated = [
        File("config.json", json.dumps(config).encode()),
        File("api/openapi.json", (docs / "openapi.json").read_bytes()),
    ]
    return sorted(
        [*built, *generated],
        key=lambda each: (not each.key.startswith("assets/"), each.key == "index.html", each.key),
    )


def upload(site: list[File], bucket: str, s3: Any) -> None:
    """Put every file, one after the other."""
    for each in site:
        s3.put_object(
            Bucket=bucket,
            Key=each.key,
            Body=each.content,
            ContentType=each.type,
            CacheControl=each.cache_control,
        )
