"""The web client's routes are the ones that hosting.yaml answers with 200."""

import re

from local.static_site import client_routes
from tests.support.templates import ROOT

PATHS = re.findall(r'<Route path="([^"*]+)"', (ROOT / "web/src/App.tsx").read_text())


def test_every_route_of_the_client_is_hosted_and_no_other() -> None:
    routes = client_routes(ROOT / "hosting.yaml")
    assert PATHS
    for path in ["", *PATHS]:
        address = "/" + re.sub(r":\w+", "8c5e0f4e", path)
        assert routes.search(address), f"{path} is missing in hosting.yaml: ROUTES"
        assert not routes.search(f"{address}/8c5e0f4e/nope"), path
    assert not any(map(routes.search, ("/nope", "/sellers", "/tickets", "/index", "//")))


def test_both_functions_of_the_edge_have_the_same_routes() -> None:
    patterns = re.findall(r"var ROUTES = (.+)", (ROOT / "hosting.yaml").read_text())
    assert len(patterns) == 2
    assert len(set(patterns)) == 1
