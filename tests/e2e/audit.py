"""`python -m tests.e2e.audit`: the client's weight, Lighthouse and axe against their limits."""

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
from tests.e2e.browsers import FLAGS, MISSING, chromium, leave, profile
from tests.e2e.gallery import SCENES, Stage, set_stage
from tests.e2e.shopper import Shopper

WEB = Path(__file__).parents[2] / "web"
KB = 1000
LIMITS_KB = {"scripts": 130, "fonts": 75, "page": 250}
LEAST = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 100}
MOST = {"lcp": 2500, "cls": 0.1, "bytes": 250 * KB}


def main() -> int:
    """Prints a line for every measure; answers 1 if any missed its limit."""
    executable = chromium()
    if not executable:
        print(MISSING, file=sys.stderr)
        return 1
    missed = list(weigh())
    with running_environment() as world:
        stage = set_stage(world.url)
        missed += light(executable, world.url, stage)
        missed += axe(executable, world.url, stage)
    print("\nEvery limit is kept." if not missed else "\nMissed:\n" + "\n".join(missed))
    return 1 if missed else 0


def sizes() -> dict[str, int]:
    """Bytes on the wire: text gzipped, fonts as they are; the page is everything it may load."""
    files = [file for file in (WEB / "dist").rglob("*") if file.suffix in {".html", ".css", ".js", ".woff2"}]
    wire = {
        file: file.stat().st_size if file.suffix == ".woff2" else len(gzip.compress(file.read_bytes()))
        for file in files
    }
    return {
        "scripts": sum(size for file, size in wire.items() if file.suffix == ".js"),
        "fonts": sum(size for file, size in wire.items() if file.suffix == ".woff2"),
        "page": sum(wire.values()),
    }


def weigh() -> Iterator[str]:
    """What is too heavy."""
    for name, size in sizes().items():
        line = f"{name:<10} {size / KB:7.1f} kB of {LIMITS_KB[name]} kB"
        print(line)
        if size > LIMITS_KB[name] * KB:
            yield line


def light(executable: str, url: str, stage: Stage) -> Iterator[str]:
    """What Lighthouse scores below its limit, as the median of three runs on a slow phone."""
    ticket = f"/tickets/{stage.ticket['id']}"
    visitor = ["browse=/?city=Rotterdam", f"ticket={ticket}", "sign-in=/signin", "help=/help"]
    order = f"order=/orders/{stage.done['id']}"
    buyer = ["my-tickets=/orders", order, "sell=/sell", "selling=/selling", "account=/account"]
    cookie = "; ".join(f"{each.name}={each.value}" for each in stage.buyer.http.cookies if each.path == "/")
    yield from _lighthouse(executable, url, visitor)
    yield from _lighthouse(executable, url, buyer, cookie)


def _lighthouse(executable: str, url: str, pages: list[str], cookie: str = "") -> Iterator[str]:
    command = ["node", "scripts/lighthouse.mjs", url, *pages]
    environment = os.environ | {"CHROME_PATH": executable, "COOKIE": cookie}
    with subprocess.Popen(command, cwd=WEB, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        for line in running.stdout:
            yield from _missed(json.loads(line))
    if running.returncode:
        yield "Lighthouse did not get to its end"


def _missed(found: dict[str, Any]) -> Iterator[str]:
    """Prints a page's measures."""
    print(f"{found['name']:<10} " + "  ".join(f"{key} {found[key]:g}" for key in (*LEAST, *MOST)), flush=True)
    for key, least in LEAST.items():
        if found[key] < least:
            yield f"{found['name']}: {key} {found[key]} < {least} ({', '.join(found['failing'])})"
    for key, most in MOST.items():
        if found[key] > most:
            yield f"{found['name']}: {key} {found[key]:g} > {most}"


def axe(executable: str, url: str, stage: Stage) -> Iterator[str]:
    """What axe finds on any page, on phone and desktop, light and dark."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for scene in SCENES:
            context = browser.new_context(**profile(url, stage.person(scene.who), reduced_motion="reduce"))
            context.set_default_timeout(15_000)
            found = violations(scene.play(Shopper(context.new_page()), stage))
            print(f"axe        {scene.name}: {len(found)} violations")
            yield from (f"{scene.name}: {each}" for each in found)
            leave(context)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
