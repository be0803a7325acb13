"""Screenshots of every page, state and mail to web/screens, on desktop and phone, light and dark.

python -m tests.e2e.screenshots [SCENE …]
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from local.process import running_environment
from tests.e2e.browsers import DESKTOP, FLAGS, MISSING, PHONE, chromium, close_context, new_context
from tests.e2e.mail_samples import samples
from tests.e2e.pictures import save_pictures
from tests.e2e.scenes import SCENES, Scene, SceneData, create_scene_data
from tests.e2e.tab import Tab

MAILS = "mails"
PICTURES = "pictures"  # the README's
SCREENS = Path(__file__).parents[2] / "web/screens"
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "device_scale_factor": 2},
}


def main() -> int:
    """Exit code 0; 1 without Chromium, 2 for a scene that does not exist."""
    names = [*(scene.name for scene in SCENES), MAILS, PICTURES]
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.screenshots")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=f"all by default: {', '.join(names)}")
    chosen = parser.parse_args().scenes
    if unknown := set(chosen) - set(names):
        parser.error(f"there is no scene {', '.join(sorted(unknown))}")
    executable = chromium()
    if not executable:
        print(MISSING, file=sys.stderr)
        return 1
    if not chosen:
        shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(exist_ok=True)
    scenes = [scene for scene in SCENES if not chosen or scene.name in chosen]
    with running_environment() as env, sync_playwright() as playwright:
        data = create_scene_data(env.url)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for scene in scenes:
            for device in DEVICES:
                take_screenshots(browser, env.url, data, scene, device)
            print(scene.name)
        mails = samples() if not chosen or MAILS in chosen else {}
        for name, html in mails.items():
            take_mail_screenshots(browser, name, html)
            print(f"mail {name}")
        if not chosen or PICTURES in chosen:
            save_pictures(browser, env.url, data)
        browser.close()
    print(f"{len(scenes) * 4 + len(mails) * 2} screenshots in {SCREENS}")
    return 0


def take_mail_screenshots(browser: Browser, name: str, html: str) -> None:
    """A whole mail on a phone, light and dark."""
    page = browser.new_page(**DEVICES["phone"])
    page.set_content(html)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENS / f"mail-{name}-{scheme}.png", full_page=True)
    page.close()


def take_screenshots(browser: Browser, url: str, data: SceneData, scene: Scene, device: str) -> None:
    """One scene on one device, light and dark: the whole page, or the viewport where a dialog is open."""
    user = data.user(scene.viewer)
    context = new_context(browser, url, user, reduced_motion="reduce", **DEVICES[device])
    page = scene.show(Tab(context.new_page()), data)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(100)
        is_scrollable = page.locator("dialog[open]").count() == 0
        page.screenshot(path=SCREENS / f"{scene.name}-{device}-{scheme}.png", full_page=is_scrollable)
    close_context(context)


if __name__ == "__main__":
    sys.exit(main())
