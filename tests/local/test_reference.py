"""The API's reference at /api/docs: our own files alone, drawn from the document that the API serves."""

import re

import requests

from local.process import EnvironmentProcess


def test_the_reference_is_served_with_nothing_from_elsewhere(local_env: EnvironmentProcess) -> None:
    page = requests.get(f"{local_env.url}/api/docs", timeout=30)
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"] == "default-src 'self'"
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert "/_local/reference.js" in parts
    assert all(each.startswith("/") for each in parts)
    for each in parts:
        assert requests.get(local_env.url + each, timeout=30).status_code == 200


def test_the_reference_has_nothing_inline(local_env: EnvironmentProcess) -> None:
    page = requests.get(f"{local_env.url}/api/docs", timeout=30).text
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", page)
