"""Every path reaches the origin that serves it, with the headers that the origin needs."""

import json

import pytest

from tests.hosting import edge
from tests.support.templates import ROOT, service_template

SERVICES = ("auth", "tickets", "orders", "payments")
ROUTES = [
    (service, event["Properties"]["Path"])
    for service in SERVICES
    for function in service_template(service)["Resources"].values()
    if function["Type"] == "AWS::Serverless::Function"
    for event in function["Properties"].get("Events", {}).values()
    if event["Type"] == "HttpApi" and "Path" in event["Properties"]
]


@pytest.mark.parametrize(("service", "route"), ROUTES)
def test_a_route_reaches_its_service(service: str, route: str) -> None:
    behaviour = edge.behaviour(route.replace("{id}", "8c5e0f4e"))
    assert behaviour["TargetOriginId"] == service
    assert set(behaviour["AllowedMethods"]) >= {"GET", "POST", "PUT", "DELETE"}


@pytest.mark.parametrize("path", ["/", "/sell", "/orders/8c5e0f4e", "/assets/index-3f.js", "/config.json"])
def test_the_web_client_is_served_from_the_bucket(path: str) -> None:
    behaviour = edge.behaviour(path)
    assert behaviour["TargetOriginId"] == "web"
    assert behaviour["FunctionAssociations"][0]["FunctionARN"] == {
        "Fn::GetAtt": ["ClientRoutes", "FunctionMetadata.FunctionARN"]
    }


def test_the_openapi_document_is_served_from_the_bucket() -> None:
    behaviour = edge.behaviour("/api/openapi.json")
    assert behaviour["TargetOriginId"] == "web"
    assert edge.run("ClientRoutes", "/api/openapi.json", {})["uri"] == "/api/openapi.json"


def test_unknown_api_paths_reach_an_api() -> None:
    assert edge.behaviour("/api/nothing")["TargetOriginId"] == "auth"


@pytest.mark.parametrize(
    "path", ["/api/users/signin", "/api/tickets/mine", "/api/orders/1", "/api/payments", "/api/x"]
)
def test_api_responses_are_not_cached_and_requests_pass_without_their_host(path: str) -> None:
    behaviour = edge.behaviour(path)
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert behaviour["FunctionAssociations"][0]["FunctionARN"] == {
        "Fn::GetAtt": ["Introduce", "FunctionMetadata.FunctionARN"]
    }


# …/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html, except 416, which it never caches
CACHED_BY_DEFAULT = {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}


def test_error_responses_are_neither_cached_nor_replaced() -> None:
    responses = edge.resource("Distribution")["DistributionConfig"]["CustomErrorResponses"]
    assert {each["ErrorCode"] for each in responses} == CACHED_BY_DEFAULT
    assert all(set(each) == {"ErrorCode", "ErrorCachingMinTTL"} for each in responses)
    assert {each["ErrorCachingMinTTL"] for each in responses} == {0}


@pytest.mark.parametrize("origin", SERVICES)
def test_every_service_receives_the_origin_secret_and_the_bucket_does_not(origin: str) -> None:
    origins = {each["Id"]: each for each in edge.resource("Distribution")["DistributionConfig"]["Origins"]}
    [_, headers, _] = origins[origin]["OriginCustomHeaders"]["Fn::If"]
    assert headers == [{"HeaderName": "x-origin-secret", "HeaderValue": {"Ref": "OriginSecret"}}]
    assert "OriginCustomHeaders" not in origins["web"]


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("/", "/index.html"),
        ("/sell", "/index.html"),
        ("/orders/8c5e0f4e", "/index.html"),
        ("/orders/8c5e0f4e/", "/index.html"),
        ("/orders/8c5e0f4e/pay", "/404.html"),
        ("/v1.2/about", "/404.html"),
        ("/nope", "/404.html"),
        ("/sellers", "/404.html"),
        ("/assets/index-3f.js", "/assets/index-3f.js"),
        ("/config.json", "/config.json"),
    ],
)
def test_the_clients_routes_return_its_page(uri: str, file: str) -> None:
    assert edge.run("ClientRoutes", uri, {"host": "tiketz.test"})["uri"] == file


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("/404.html", 404),  # as ClientRoutes rewrote it
        ("/nope", 404),  # as the viewer sent it
        ("/index.html", 200),
        ("/", 200),
        ("/sell", 200),
        ("/assets/index-3f.js", 200),
    ],
)
def test_a_path_that_is_no_route_is_a_404(uri: str, status: int) -> None:
    """Whichever address a function on responses sees: AWS's documentation does not say."""
    [_, association] = edge.behaviour("/nope")["FunctionAssociations"]
    assert association["EventType"] == "viewer-response"
    name = association["FunctionARN"]["Fn::GetAtt"][0]
    assert edge.run_on_response(name, uri)["statusCode"] == status


def test_the_api_receives_the_viewers_address_and_host() -> None:
    headers = {"host": "tiketz.test", "cookie": "a=b"}
    result = edge.run("Introduce", "/api/orders", headers, viewer="2001:db8::7")["headers"]
    assert result["x-forwarded-host"] == {"value": "tiketz.test"}
    assert result["x-viewer-ip"] == {"value": "2001:db8::7"}
    assert result["cookie"] == {"value": "a=b"}


@pytest.mark.parametrize("function", ["Introduce", "IntroduceAnybody"])
@pytest.mark.parametrize(
    ("uri", "normalised"),
    [
        ("/api/orders/", "/api/orders"),
        ("/api/orders/1//", "/api/orders/1"),
        ("/api/orders", "/api/orders"),
        ("/api/", "/api"),
    ],
)
def test_a_trailing_slash_is_dropped_before_routing(function: str, uri: str, normalised: str) -> None:
    assert edge.run(function, uri, {"host": "tiketz.test"})["uri"] == normalised


def test_a_viewer_cannot_forge_address_and_host() -> None:
    forged = {"host": "tiketz.test", "x-viewer-ip": "192.0.2.1", "x-forwarded-host": "evil.test"}
    result = edge.run("Introduce", "/api/users/signin", forged)["headers"]
    assert result["x-viewer-ip"] == {"value": "203.0.113.7"}
    assert result["x-forwarded-host"] == {"value": "tiketz.test"}


def test_all_documented_paths_reach_an_api() -> None:
    paths = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    assert {path for path in paths if edge.behaviour(path)["TargetOriginId"] == "web"} == {
        "/api/openapi.json"
    }
