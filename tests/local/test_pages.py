"""The local pages: the feed under /_local/, the API reference at /api/docs. All files are our own."""

import re

import pytest
import requests


@pytest.mark.parametrize(("path", "script"), [("/_local/", "page.js"), ("/api/docs", "reference.js")])
def test_a_page_loads_its_own_files_and_nothing_else(local_url: str, path: str, script: str) -> None:
    page = requests.get(local_url + path, timeout=30)
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"] == "default-src 'self'"
    files = re.findall(r'(?:src|href)="(/_local/[^"]+)"', page.text)
    assert f"/_local/{script}" in files
    for each in files:
        assert requests.get(local_url + each, timeout=30).status_code == 200
    assert not re.search(r'(?:src|href)="(?!/)', page.text)


@pytest.mark.parametrize("path", ["/_local/", "/api/docs"])
def test_a_page_has_no_inline_code(local_url: str, path: str) -> None:
    page = requests.get(local_url + path, timeout=30).text
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", page)


def test_other_paths_are_404(local_url: str) -> None:
    assert requests.get(f"{local_url}/_local/other", timeout=30).status_code == 404


def test_the_stripe_stand_in_is_below_local(local_url: str) -> None:
    script = requests.get(f"{local_url}/_local/stripe.js", timeout=30)
    assert script.headers["Content-Type"].startswith("text/javascript")
    intent = f"{local_url}/_local/stripe/v1/payment_intents/pi_none"
    assert requests.get(intent, timeout=30).status_code == 401
