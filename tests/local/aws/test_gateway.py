"""The gateway responds as API Gateway's HTTP APIs do."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests

Call = Callable[..., requests.Response]


def test_a_route_reaches_its_function_with_its_parameters(call: Call) -> None:
    assert call("GET", "/api/notes/no-such").json() == {"message": "no such note"}
    assert call("GET", "/api/notes/no-such").status_code == 404


def test_an_unknown_path_reaches_the_default_route(call: Call) -> None:
    event = call("PATCH", "/api/other/echo?a=1&a=2&b=%20x", data="{}").json()
    assert event["routeKey"] == "$default"
    assert event["rawQueryString"] == "a=1&a=2&b=%20x"
    assert event["queryStringParameters"] == {"a": "1,2", "b": " x"}
    assert event["requestContext"]["http"]["method"] == "PATCH"
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert event["headers"]["x-forwarded-proto"] == "http"


def test_cookies_are_in_a_list_of_their_own(call: Call) -> None:
    event = call("GET", "/api/other/echo", cookie="a=1; b=2").json()
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]


def test_one_response_sets_several_cookies(call: Call) -> None:
    response = call("GET", "/api/other/cookies")
    assert response.raw.headers.getlist("Set-Cookie") == ["a=1; Path=/", "b=2; Path=/"]
    assert response.headers["x-two"] == "2"


def test_text_is_passed_as_text_and_bytes_as_base64(call: Call) -> None:
    text = call("POST", "/api/other/echo", json={"ü": 1}).json()
    assert json.loads(text["body"]) == {"ü": 1}
    assert text["isBase64Encoded"] is False
    raw = call("POST", "/api/other/echo", data=b"\x00\xff", headers={"Content-Type": "image/png"}).json()
    assert base64.b64decode(raw["body"]) == b"\x00\xff"
    assert raw["isBase64Encoded"] is True
    assert call("GET", "/api/other/binary").content == b"\x00\x01\xff"


def test_a_payload_in_another_format_is_the_body(call: Call) -> None:
    assert call("GET", "/api/other/plain").json() == {"plain": True}


def test_a_missing_identity_source_is_the_gateways_own_401(call: Call) -> None:
    response = call("POST", "/api/notes", cookie="", json={"id": "n"})
    assert (response.status_code, response.json()) == (401, {"message": "Unauthorized"})


def test_a_caller_whom_the_authorizer_denies_gets_403(call: Call) -> None:
    response = call("POST", "/api/notes", cookie="other=1", json={"id": "n"})
    assert (response.status_code, response.json()) == (403, {"message": "Forbidden"})


def test_a_failing_authorizer_is_a_500(call: Call) -> None:
    assert call("POST", "/api/notes", cookie="user=broken", json={"id": "n"}).status_code == 500


def test_a_failing_function_is_a_500_and_serves_the_next_caller(call: Call) -> None:
    for failure in ("crash", "exit"):
        response = call("GET", f"/api/other/{failure}")
        assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})
        assert call("GET", "/api/other/plain").status_code == 200


def test_a_function_that_hangs_is_killed_at_its_timeout(call: Call) -> None:
    response = call("GET", "/api/other/hang")
    assert response.status_code == 500
    assert 2.9 < response.elapsed.total_seconds() < 30  # of the minute that it would have slept
    assert call("GET", "/api/other/plain").status_code == 200


def test_a_body_of_more_than_ten_megabytes_is_a_413(call: Call) -> None:
    assert call("POST", "/api/other/echo", data=b"x" * (10 * 1024 * 1024 + 1)).status_code == 413


def test_every_response_has_a_date(call: Call) -> None:
    assert call("GET", "/api/other/plain").headers["Date"].endswith("GMT")


def test_many_requests_at_once_are_all_served(call: Call) -> None:
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: call("GET", "/api/other/plain").status_code, range(64)))
    assert statuses == [200] * 64
