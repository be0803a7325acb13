"""The web client works with a keyboard, a screen reader, a small screen and reduced motion."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import DESKTOP, PHONE
from tests.e2e.conftest import OpenTab
from tests.e2e.scenes import SCENES, Scene, SceneData
from tests.e2e.tab import Tab

OpenScene = Callable[..., Page]
SMALLEST: ViewportSize = {"width": 320, "height": 640}
WIDEST: ViewportSize = {"width": 1440, "height": 900}

# Touch targets below 44 px. A card's link covers the card, and a label belongs to its checkbox.
SMALL_TARGETS = """() => {
  const covers = (element) => element.closest('article.ticket') && element.matches('.title a')
    ? element.closest('article') : element.matches('[type=checkbox]') ? element.closest('label') : element
  const hidden = (element) => !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  return [...document.querySelectorAll('a, button, input, select, textarea, summary')]
    .filter((element) => !hidden(element) && !element.closest('.prose p') && !element.closest('.sr'))
    .map((element) => [element.outerHTML.slice(0, 90), covers(element).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 43.9 || height < 43.9)
    .map(([html, { width, height }]) => `${html} is ${width} x ${height}`)
}"""

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# What extends over the edge without making the page wider, as in a sticky bar. Chips scroll.
CUT_OFF = """() => [...document.querySelectorAll('a, button, input, select, textarea, h1, h2, .price')]
  .filter((element) => element.getClientRects().length > 0 && !element.closest('.chips, .sr'))
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture
def open_scene(open_tab: OpenTab, scene_data: SceneData) -> OpenScene:
    """Opens a scene as its viewer."""

    def open_new(scene: Scene, size: ViewportSize = DESKTOP) -> Page:
        tab = open_tab(scene_data.user(scene.viewer), reduced_motion="reduce", viewport=size)
        return scene.show(tab, scene_data)

    return open_new


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_scene_passes_axe_cuts_nothing_off_and_has_large_targets(
    open_scene: OpenScene, scene: Scene
) -> None:
    page = open_scene(scene)
    assert violations(page) == []
    for size in (SMALLEST, PHONE, DESKTOP, WIDEST):
        page.set_viewport_size(size)
        assert page.evaluate(OVERFLOW) <= 0, f"{size['width']} px"
        assert page.evaluate(CUT_OFF) == [], f"{size['width']} px"
        assert page.evaluate(SMALL_TARGETS) == [], f"{size['width']} px"


@pytest.mark.parametrize("path", ["/", "/signin", "/help", "/tickets/{ticket}", "/nowhere"])
def test_the_skip_link_is_first_and_leads_to_the_content(
    open_tab: OpenTab, scene_data: SceneData, path: str
) -> None:
    page = open_tab().go_to(path.format(ticket=scene_data.ticket["id"])).page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


# The focused element, where a sticky bar covers its centre.
COVERED = """() => {
  const focused = document.activeElement
  if (focused === document.body) return null // past the last element: nothing has the focus
  const { left, right, top, bottom } = focused.getBoundingClientRect()
  const [x, y] = [(left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2]
  const bar = document.elementFromPoint(x, y)?.closest('.hold, .action-bar, .bottom-bar, .reminder')
  return bar && !bar.contains(focused) ? focused.outerHTML.slice(0, 120) : null
}"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE, SMALLEST], ids=["desktop", "phone", "smallest"])
@pytest.mark.parametrize("name", ["checkout", "ticket-many"])
def test_the_focus_is_never_under_a_sticky_bar(open_scene: OpenScene, name: str, size: ViewportSize) -> None:
    [scene] = [each for each in SCENES if each.name == name]
    page = open_scene(scene, size)
    for key in ("Tab", "Shift+Tab"):
        for _ in range(30):
            page.keyboard.press(key)
            assert page.evaluate(COVERED) is None


def test_nothing_moves_for_users_who_prefer_reduced_motion(open_scene: OpenScene) -> None:
    [scene] = [each for each in SCENES if each.name == "order-confirming"]
    page = open_scene(scene)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap((element) => ['', '::before'].map((part) => {
          const style = getComputedStyle(element, part || undefined)
          const durations = `${style.animationDuration},${style.transitionDuration}`
          return Math.max(...durations.split(',').map(parseFloat))
        })).filter((seconds) => seconds > 0.001).length"""
    )
    assert moving == 0


def test_a_route_change_focuses_the_h1_and_sets_the_title(open_tab: OpenTab, scene_data: SceneData) -> None:
    tab = open_tab(scene_data.buyer).go_to("/?city=Rotterdam")
    page = tab.page
    expect(page).to_have_title("Browse tickets – Tiketz")
    header = page.get_by_role("navigation", name="Main")
    steps: list[tuple[Locator, str]] = [
        (page.get_by_role("link", name="Marble Arcade").first, "Marble Arcade – Tiketz"),
        (header.get_by_role("link", name="My tickets"), "My tickets – Tiketz"),
        (header.get_by_role("link", name="Selling"), "Selling – Tiketz"),
        (header.get_by_role("link", name="Sell a ticket"), "Sell a ticket – Tiketz"),
        (header.get_by_role("link", name="Browse"), "Browse tickets – Tiketz"),
    ]
    for link, title in steps:
        link.click()
        expect(page).to_have_title(title)
        expect(tab.h1).to_be_focused()
    page.go_back()
    expect(page).to_have_title("Sell a ticket – Tiketz")
    expect(tab.h1).to_be_focused()


def test_errors_describe_their_fields_and_the_first_field_is_focused(
    open_tab: OpenTab, scene_data: SceneData
) -> None:
    tab = open_tab(scene_data.seller).go_to("/sell")
    page = tab.page
    page.get_by_label("What is it for?").fill("Marble Arcade")
    page.get_by_label("Price of one").fill("a lot")
    page.get_by_label("How many").fill("0")
    page.get_by_role("button", name="Put it up for sale").click()
    price, quantity = page.get_by_label("Price of one"), page.get_by_label("How many")
    expect(price).to_be_focused()
    for field, text in ((price, "Write the price"), (quantity, "Sell between")):
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(text))
    expect(page.get_by_label("What is it for?")).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("path", "kind"), [("/signin", "current-password"), ("/signup", "new-password")], ids=["in", "up"]
)
def test_password_managers_and_paste_work(open_tab: OpenTab, path: str, kind: str) -> None:
    tab: Tab = open_tab(permissions=["clipboard-read", "clipboard-write"]).go_to(path)
    page = tab.page
    password = page.get_by_label("Password", exact=True)
    expect(page.get_by_label("E-mail")).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", kind)
    expect(password).to_have_attribute("type", "password")
    assert page.locator("form:has([name=email]):has([name=password]) [type=submit]").count() == 1
    page.evaluate("navigator.clipboard.writeText('correct horse battery')")
    password.focus()
    page.keyboard.press("Control+V")
    expect(password).to_have_value("correct horse battery")
