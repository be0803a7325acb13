"""The accessibility rules (WCAG 2.2 A and AA) that a page breaks, by axe, in any size and colour scheme."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.e2e.browsers import DESKTOP, PHONE

SOURCE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that depend on the colour scheme
RUN = """async ([type, values]) => {
  const { violations } = await axe.run(document, { runOnly: { type, values }, resultTypes: ['violations'] })
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}"""
SCHEMES: dict[Literal["light", "dark"], tuple[str, list[str]]] = {
    "light": ("tag", TAGS),
    "dark": ("rule", COLOURS),
}
NEXT_FRAME = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"


def violations(page: Page) -> list[str]:
    """One line for each, on desktop and phone, light and dark."""
    page.evaluate(SOURCE.read_text())
    lines = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            page.evaluate(NEXT_FRAME)  # a page renders a new scheme with the next frame
            lines += [f"{scheme}, {size['width']} px: {each}" for each in page.evaluate(RUN, rules)]
    return lines
