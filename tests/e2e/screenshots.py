"""`python -m tests.e2e.screenshots`: every page and state, light and dark, to web/screens."""

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from local.process import running_environment
from tests.e2e.browsers import DESKTOP, FLAGS, MISSING, PHONE, chromium, leave, profile
from tests.e2e.gallery import SCENES, Scene, Stage, set_stage
from tests.e2e.shopper import Shopper

SCREENS = Path(__file__).parents[2] / "web/screens"
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "device_scale_factor": 2},
}


def main(wanted: list[str]) -> int:
    """All scenes, or those named."""
    executable = chromium()
    if not executable:
        print(MISSING, file=sys.stderr)
        return 1
    if not wanted:
        shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(exist_ok=True)
    scenes = [scene for scene in SCENES if not wanted or scene.name in wanted]
    with running_environment() as world, sync_playwright() as playwright:
        stage = set_stage(world.url)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for scene in scenes:
            for device in DEVICES:
                photograph(browser, world.url, stage, scene, device)
            print(scene.name)
        browser.close()
    print(f"{len(scenes) * 4} screens in {SCREENS}")
    return 0


def photograph(browser: Browser, url: str, stage: Stage, scene: Scene, device: str) -> None:
    """One scene on one device, light then dark; a phone's whole page, for it scrolls."""
    looks = profile(url, stage.person(scene.who), reduced_motion="reduce", **DEVICES[device])
    context = browser.new_context(**looks)
    context.set_default_timeout(15_000)
    page = scene.play(Shopper(context.new_page()), stage)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(100)
        whole = page.locator("dialog[open]").count() == 0  # what is behind a dialog does not scroll
        page.screenshot(path=SCREENS / f"{scene.name}-{device}-{scheme}.png", full_page=whole)
    leave(context)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
