"""Every address reaches the one who answers for it."""

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
    found = edge.behaviour(route.replace("{id}", "8c5e0f4e"))
    assert found["TargetOriginId"] == service
    assert set(found["AllowedMethods"]) >= {"GET", "POST", "PUT", "DELETE"}


@pytest.mark.parametrize("path", ["/", "/sell", "/orders/8c5e0f4e", "/assets/index-3f.js", "/config.json"])
def test_the_client_comes_from_the_bucket(path: str) -> None:
    found = edge.behaviour(path)
    assert found["TargetOriginId"] == "web"
    assert found["FunctionAssociations"][0]["FunctionARN"] == {
        "Fn::GetAtt": ["ClientRoutes", "FunctionMetadata.FunctionARN"]
    }


def test_the_api_document_comes_from_the_bucket_under_its_own_name() -> None:
    found = edge.behaviour("/api/openapi.json")
    assert found["TargetOriginId"] == "web"
    assert edge.run("ClientRoutes", "/api/openapi.json", {})["uri"] == "/api/openapi.json"


def test_addresses_that_nobody_has_get_an_answer_from_the_api() -> None:
    assert edge.behaviour("/api/nothing")["TargetOriginId"] == "auth"


@pytest.mark.parametrize(
    "path", ["/api/users/signin", "/api/tickets", "/api/orders/1", "/api/payments", "/api/x"]
)
def test_the_api_is_never_cached_and_sees_the_whole_request_but_its_host(path: str) -> None:
    found = edge.behaviour(path)
    assert found["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert found["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert found["FunctionAssociations"][0]["FunctionARN"] == {
        "Fn::GetAtt": ["Introduce", "FunctionMetadata.FunctionARN"]
    }


# …/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html, but for 416, which it never keeps
KEPT_UNLESS_TOLD = {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}


def test_no_refusal_is_kept_for_others_or_for_later_and_none_becomes_a_page() -> None:
    told = edge.resource("Distribution")["DistributionConfig"]["CustomErrorResponses"]
    assert {each["ErrorCode"] for each in told} == KEPT_UNLESS_TOLD
    assert all(set(each) == {"ErrorCode", "ErrorCachingMinTTL"} for each in told)
    assert {each["ErrorCachingMinTTL"] for each in told} == {0}


@pytest.mark.parametrize("origin", SERVICES)
def test_every_service_is_told_the_secret_and_the_bucket_is_not(origin: str) -> None:
    origins = {each["Id"]: each for each in edge.resource("Distribution")["DistributionConfig"]["Origins"]}
    [_, headers, _] = origins[origin]["OriginCustomHeaders"]["Fn::If"]
    assert headers == [{"HeaderName": "x-origin-secret", "HeaderValue": {"Ref": "OriginSecret"}}]
    assert "OriginCustomHeaders" not in origins["web"]


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("/", "/index.html"),
        ("/sell", "/index.html"),
        ("/orders/8c5e0f4e/pay", "/index.html"),
        ("/v1.2/about", "/index.html"),
        ("/assets/index-3f.js", "/assets/index-3f.js"),
        ("/config.json", "/config.json"),
    ],
)
def test_the_clients_own_routes_answer_its_page(uri: str, file: str) -> None:
    assert edge.run("ClientRoutes", uri, {"host": "tiketz.test"})["uri"] == file


def test_the_api_learns_who_asks_and_for_which_site() -> None:
    given = {"host": "tiketz.test", "cookie": "a=b"}
    told = edge.run("Introduce", "/api/orders", given, viewer="2001:db8::7")["headers"]
    assert told["x-forwarded-host"] == {"value": "tiketz.test"}
    assert told["x-viewer-ip"] == {"value": "2001:db8::7"}
    assert told["cookie"] == {"value": "a=b"}


def test_nobody_can_introduce_themselves_as_somebody_else() -> None:
    forged = {"host": "tiketz.test", "x-viewer-ip": "192.0.2.1", "x-forwarded-host": "evil.test"}
    told = edge.run("Introduce", "/api/users/signin", forged)["headers"]
    assert told["x-viewer-ip"] == {"value": "203.0.113.7"}
    assert told["x-forwarded-host"] == {"value": "tiketz.test"}


def test_the_documents_paths_all_fall_to_the_api() -> None:
    paths = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    assert {path for path in paths if edge.behaviour(path)["TargetOriginId"] == "web"} == {
        "/api/openapi.json"
    }
