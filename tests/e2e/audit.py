"""Checks the web client's size, Lighthouse scores and axe violations against their limits.

python -m tests.e2e.audit
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from local.process import running_environment
from tests.e2e.axe import violations
from tests.e2e.browsers import FLAGS, MISSING, chromium, close_context, new_context
from tests.e2e.scenes import SCENES, SceneData, create_scene_data
from tests.e2e.tab import Tab

WEB = Path(__file__).parents[2] / "web"
KB = 1000
LIMITS_KB = {"scripts": 130, "fonts": 75, "page": 250}
MIN_SCORES = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 100}
MAX_VALUES = {"lcp": 2500, "cls": 0.1, "bytes": 250 * KB}  # milliseconds, score, bytes


def main() -> int:
    """Prints a line per measurement. Exit code 1 where a limit is exceeded."""
    argparse.ArgumentParser(prog="python -m tests.e2e.audit").parse_args()
    executable = chromium()
    if not executable:
        print(MISSING, file=sys.stderr)
        return 1
    failures = list(check_sizes())
    with running_environment() as env:
        data = create_scene_data(env.url)
        failures += run_lighthouse(executable, env.url, data)
        failures += run_axe(executable, env.url, data)
    print("\nAll limits are met." if not failures else "\nExceeded:\n" + "\n".join(failures))
    return 1 if failures else 0


def sizes() -> dict[str, int]:
    """Bytes transferred: text gzipped, fonts as they are; `page` is everything that a page may load."""
    files = [file for file in (WEB / "dist").rglob("*") if file.suffix in {".html", ".css", ".js", ".woff2"}]
    transferred = {
        file: file.stat().st_size if file.suffix == ".woff2" else len(gzip.compress(file.read_bytes()))
        for file in files
    }
    return {
        "scripts": sum(size for file, size in transferred.items() if file.suffix == ".js"),
        "fonts": sum(size for file, size in transferred.items() if file.suffix == ".woff2"),
        "page": sum(transferred.values()),
    }


def check_sizes() -> Iterator[str]:
    """The sizes above their limits."""
    for name, size in sizes().items():
        line = f"{name:<10} {size / KB:7.1f} kB of {LIMITS_KB[name]} kB"
        print(line)
        if size > LIMITS_KB[name] * KB:
            yield line


def run_lighthouse(executable: str, url: str, data: SceneData) -> Iterator[str]:
    """What Lighthouse measures outside the limits, as the median of three runs on a slow phone."""
    ticket = f"/tickets/{data.ticket['id']}"
    visitor = ["browse=/?city=Rotterdam", f"ticket={ticket}", "sign-in=/signin", "help=/help"]
    order = f"order=/orders/{data.completed['id']}"
    buyer = ["my-tickets=/orders", order, "sell=/sell", "selling=/selling", "account=/account"]
    cookie = "; ".join(f"{each.name}={each.value}" for each in data.buyer.http.cookies if each.path == "/")
    yield from _lighthouse(executable, url, visitor)
    yield from _lighthouse(executable, url, buyer, cookie)


def _lighthouse(executable: str, url: str, pages: list[str], cookie: str = "") -> Iterator[str]:
    command = ["node", "scripts/lighthouse.mjs", url, *pages]
    environment = os.environ | {"CHROME_PATH": executable, "COOKIE": cookie}
    with subprocess.Popen(command, cwd=WEB, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            yield from _exceeded(json.loads(line))
    if process.returncode:
        yield f"Lighthouse failed with exit code {process.returncode}"


def _exceeded(page: dict[str, Any]) -> Iterator[str]:
    """Prints a page's measurements; those outside the limits."""
    values = "  ".join(f"{key} {page[key]:g}" for key in (*MIN_SCORES, *MAX_VALUES))
    print(f"{page['name']:<10} {values}", flush=True)
    for key, score in MIN_SCORES.items():
        if page[key] < score:
            yield f"{page['name']}: {key} {page[key]} < {score} ({', '.join(page['failing'])})"
    for key, value in MAX_VALUES.items():
        if page[key] > value:
            yield f"{page['name']}: {key} {page[key]:g} > {value}"


def run_axe(executable: str, url: str, data: SceneData) -> Iterator[str]:
    """The violations that axe finds in every scene."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for scene in SCENES:
            context = new_context(browser, url, data.user(scene.viewer), reduced_motion="reduce")
            lines = violations(scene.show(Tab(context.new_page()), data))
            print(f"axe        {scene.name}: {len(lines)} violations")
            yield from (f"{scene.name}: {each}" for each in lines)
            close_context(context)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
