"""Every mail on a phone and a desktop, light and dark: readable, and not wider than the screen."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.axe import violations
from tests.e2e.browsers import PHONE
from tests.e2e.mail_samples import samples

SAMPLES = samples()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mail_is_readable_in_both_schemes(browser: Browser, name: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.set_content(SAMPLES[name])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
    page.close()
