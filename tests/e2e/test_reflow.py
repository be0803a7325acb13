"""No page scrolls sideways on any phone, whatever the font and size of its text."""

import pytest

from tests.e2e.browsers import PHONE
from tests.e2e.conftest import OpenTab
from tests.e2e.scenes import SCENES, Scene, SceneData

WIDTHS = range(320, 431)
STYLES = {
    "own": "",
    "larger": "html { font-size: 102% }",
    "largest": "html { font-size: 125% }",
    "wider": "* { letter-spacing: 0.3px !important }",
    "other": "* { font-family: monospace !important }",
}
FORMS = {"browse-filters", "sell-errors", "listing", "sign-up-errors", "checkout", "ticket-many"}

# A constructed style sheet, which the Content-Security-Policy allows.
RESTYLE = """(css) => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  document.adoptedStyleSheets = [sheet]
}"""

# What makes the page wider than its window, and by how much.
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  return [...document.querySelectorAll('body *')]
    .filter((element) => !element.closest('svg, .chips'))
    .filter((element) => element.getBoundingClientRect().right > clientWidth)
    .map((element) => `${clientWidth} + ${scrollWidth - clientWidth} px: ${element.outerHTML.slice(0, 90)}`)
}"""


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_nothing_sticks_out_on_a_phone_in_any_font(
    open_tab: OpenTab, scene_data: SceneData, scene: Scene
) -> None:
    tab = open_tab(scene_data.user(scene.viewer), reduced_motion="reduce", viewport=PHONE)
    page = scene.show(tab, scene_data)
    for name, css in STYLES.items():
        page.evaluate(RESTYLE, css)
        step = 1 if scene.name in FORMS and name == "own" else 10
        for width in WIDTHS[::step]:
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            assert page.evaluate(TOO_WIDE) == [], name
