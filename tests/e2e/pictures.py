"""The README's pictures: the client on a desktop and a phone, and the local page of live events."""

from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsers import PHONE, close_context, new_context
from tests.e2e.scenes import SceneData
from tests.e2e.tab import Tab

FOLDER = Path(__file__).parents[2] / "docs/pictures"
MAX_KB = 400  # together
QUALITY = 80  # of JPEG
FRAME = """<style>
  body { margin: 0; padding: 32px; display: flex; gap: 32px; align-items: center; background: #dcdbe6 }
  img { border-radius: 12px; box-shadow: 0 8px 30px rgb(23 21 43 / 0.25) }
</style>"""


def save_pictures(browser: Browser, url: str, data: SceneData) -> None:
    """Writes both files."""
    FOLDER.mkdir(exist_ok=True)
    context = new_context(browser, url, reduced_motion="reduce", viewport={"width": 1180, "height": 800})
    page = context.new_page()
    Tab(page).go_to("/?city=Rotterdam")
    expect(page.locator("article").first).to_be_visible()
    desktop = _shown(page)
    page.set_viewport_size(PHONE)
    Tab(page).go_to(f"/tickets/{data.ticket['id']}")
    expect(page.get_by_role("button", name="Hold").filter(visible=True)).to_be_visible()
    phone = _shown(page)
    page.set_viewport_size({"width": 1180, "height": 640})
    page.goto("/_local/")
    expect(page.locator("#events li").first).to_be_visible()
    page.screenshot(path=FOLDER / "events.jpg", type="jpeg", quality=QUALITY)
    close_context(context)
    _side_by_side(browser, desktop, phone)


def _shown(page: Page) -> str:
    """What a page shows, as the address of an image."""
    page.evaluate("document.fonts.ready.then(() => undefined)")
    page.wait_for_timeout(300)
    return f"data:image/png;base64,{b64encode(page.screenshot()).decode()}"


def _side_by_side(browser: Browser, desktop: str, phone: str) -> None:
    page = browser.new_page(viewport={"width": 1648, "height": 864})
    page.set_content(f'{FRAME}<img src="{desktop}" height="800"><img src="{phone}" height="800">')
    page.screenshot(path=FOLDER / "client.jpg", type="jpeg", quality=QUALITY, full_page=True)
    page.close()
