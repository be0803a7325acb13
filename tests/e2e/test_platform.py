"""What the platform measures: security policy, size, speed, locale, offline use."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.audit import KB, LIMITS_KB, sizes
from tests.e2e.browsers import PHONE
from tests.e2e.conftest import OpenTab
from tests.e2e.scenes import SceneData
from tests.support.users import User

VITALS = """() => new Promise((resolve) => {
  const vitals = { lcp: 0, inp: 0 }
  const observe = (type, options, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({ type, buffered: true, ...options })
  observe('largest-contentful-paint', {}, (entry) => { vitals.lcp = entry.startTime })
  observe('event', { durationThreshold: 16 }, (entry) => {
    if (entry.interactionId) vitals.inp = Math.max(vitals.inp, entry.duration)
  })
  setTimeout(() => resolve(vitals), 500)
})"""
# Resolves when a service worker controls the page. `wait_for_function` needs eval, which the policy forbids.
CONTROLLED = """() => new Promise((resolve) => {
  if (navigator.serviceWorker.controller) resolve()
  else navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
})"""


def test_a_purchase_violates_no_content_security_policy(open_tab: OpenTab, seller: User, buyer: User) -> None:
    tab = open_tab(buyer)
    page = tab.page
    response = page.goto("/")
    assert response
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    page.add_init_script(
        """document.addEventListener('securitypolicyviolation', (event) =>
             console.error('CSP', event.violatedDirective, event.blockedURI))"""
    )
    tab.hold(seller.list_ticket())
    tab.pay()
    tab.expect_heading("You’re going.")
    for path in ("/orders", "/selling", "/sell", "/help", "/?q=marble"):
        tab.go_to(path)
    not_found = "Failed to load resource"  # a 404 until the event arrives, which the client retries
    assert [each for each in tab.console_errors if not_found not in each] == []


def test_the_bundle_stays_below_its_size_limits() -> None:
    for name, size in sizes().items():
        assert size <= LIMITS_KB[name] * KB, name


def test_the_front_page_paints_and_responds_fast(open_tab: OpenTab, scene_data: SceneData) -> None:
    # The best of three: other load slows some of them down, a slow page all of them.
    vitals = [measure_vitals(open_tab(viewport=PHONE).page) for _ in range(3)]
    assert all(each["lcp"] > 0 for each in vitals)
    assert min(each["lcp"] for each in vitals) < 2500
    assert min(each["inp"] for each in vitals) < 200


def measure_vitals(page: Page) -> dict[str, float]:
    """Largest contentful paint and interaction to next paint, in milliseconds."""
    page.goto("/?city=Rotterdam")
    expect(page.locator("article").first).to_be_visible()
    page.get_by_role("button", name="Music").click()
    expect(page.get_by_role("button", name="Music")).to_have_attribute("aria-pressed", "true")
    return dict(page.evaluate(VITALS))


def test_a_paid_ticket_opens_offline(open_tab: OpenTab, scene_data: SceneData) -> None:
    tab = open_tab(scene_data.buyer, service_workers="allow").go_to("/help")
    page = tab.page
    page.evaluate(CONTROLLED)
    tab.go_to(f"/orders/{scene_data.completed['id']}")
    tab.expect_heading("You’re going.")
    page.context.set_offline(True)
    page.reload()
    tab.expect_heading("You’re going.")
    expect(page.get_by_role("main")).to_contain_text("Deep Field")
    tab.go_to("/orders")
    page.get_by_role("link", name="Deep Field").click()
    tab.expect_heading("You’re going.")
    page.goto("/selling")  # not cached: an error page instead of a blank one
    tab.expect_heading(re.compile("Selling|offline"))


def test_signing_out_deletes_the_offline_copies(open_tab: OpenTab, scene_data: SceneData) -> None:
    tab = open_tab(scene_data.buyer, service_workers="allow").go_to("/help")
    page = tab.page
    page.evaluate(CONTROLLED)
    tab.go_to(f"/orders/{scene_data.completed['id']}")
    tab.expect_heading("You’re going.")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert page.evaluate("caches.keys()") == [
        name for name in page.evaluate("caches.keys()") if name.startswith("tiketz-shell-")
    ]
