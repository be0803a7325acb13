"""What axe finds on a page (WCAG 2.2 A and AA), at any size and in either colour scheme."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.e2e.browsers import DESKTOP, PHONE

SOURCE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a colour scheme can change
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
    """On desktop and phone, light and dark: one line each, empty if all is well."""
    page.evaluate(SOURCE.read_text())
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            page.evaluate(NEXT_FRAME)  # pages hear of a new scheme with the next frame
            found += [f"{scheme}, {size['width']} px: {each}" for each in page.evaluate(RUN, rules)]
    return found
