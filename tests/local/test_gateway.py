"""The gateway answers as API Gateway's HTTP APIs do."""

import base64
import json
from collections.abc import Callable
from typing import Any

import requests

Ask = Callable[..., requests.Response]


def test_a_route_reaches_its_function_with_its_parameters(ask: Ask) -> None:
    assert ask("GET", "/api/notes/no-such").json() == {"message": "no such note"}
    assert ask("GET", "/api/notes/no-such").status_code == 404


def test_an_unknown_path_reaches_the_default_route(ask: Ask) -> None:
    event = ask("PATCH", "/api/other/echo?a=1&a=2&b=%20x", data="{}").json()
    assert event["routeKey"] == "$default"
    assert event["rawQueryString"] == "a=1&a=2&b=%20x"
    assert event["queryStringParameters"] == {"a": "1,2", "b": " x"}
    assert event["requestContext"]["http"]["method"] == "PATCH"
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert event["headers"]["x-forwarded-proto"] == "http"


def test_cookies_travel_in_a_list_of_their_own(ask: Ask) -> None:
    event = ask("GET", "/api/other/echo", cookie="a=1; b=2").json()
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]


def test_several_cookies_are_set_by_one_answer(ask: Ask) -> None:
    answer = ask("GET", "/api/other/cookies")
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1; Path=/", "b=2; Path=/"]
    assert answer.headers["x-two"] == "2"


def test_text_travels_as_text_and_bytes_as_base64(ask: Ask) -> None:
    text = ask("POST", "/api/other/echo", json={"ü": 1}).json()
    assert json.loads(text["body"]) == {"ü": 1}
    assert text["isBase64Encoded"] is False
    raw = ask("POST", "/api/other/echo", data=b"\x00\xff", headers={"Content-Type": "image/png"}).json()
    assert base64.b64decode(raw["body"]) == b"\x00\xff"
    assert raw["isBase64Encoded"] is True
    assert ask("GET", "/api/other/binary").content == b"\x00\x01\xff"


def test_an_answer_that_is_no_proxy_answer_is_the_body(ask: Ask) -> None:
    assert ask("GET", "/api/other/plain").json() == {"plain": True}


def test_without_the_identity_source_the_gateway_itself_answers_401(ask: Ask) -> None:
    answer = ask("POST", "/api/notes", cookie="", json={"id": "n"})
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


def test_whom_the_authorizer_refuses_gets_403(ask: Ask) -> None:
    answer = ask("POST", "/api/notes", cookie="other=1", json={"id": "n"})
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


def test_a_failing_authorizer_is_a_500(ask: Ask) -> None:
    assert ask("POST", "/api/notes", cookie="user=broken", json={"id": "n"}).status_code == 500


def test_a_function_that_fails_is_a_500_and_serves_the_next_caller(ask: Ask) -> None:
    for mishap in ("crash", "vanish"):
        answer = ask("GET", f"/api/other/{mishap}")
        assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
        assert ask("GET", "/api/other/plain").status_code == 200


def test_a_function_that_hangs_is_killed_at_its_timeout(ask: Ask) -> None:
    answer = ask("GET", "/api/other/slow")
    assert answer.status_code == 500
    assert 2.9 < answer.elapsed.total_seconds() < 30  # of the minute that it would have slept
    assert ask("GET", "/api/other/plain").status_code == 200


def test_more_than_ten_megabytes_are_refused(ask: Ask) -> None:
    assert ask("POST", "/api/other/echo", data=b"x" * (10 * 1024 * 1024 + 1)).status_code == 413


def test_every_answer_tells_the_time(ask: Ask) -> None:
    assert ask("GET", "/api/other/plain").headers["Date"].endswith("GMT")


def test_many_at_once_are_all_served(ask: Ask) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(16) as crowd:
        answers: list[Any] = list(crowd.map(lambda _: ask("GET", "/api/other/plain").status_code, range(64)))
    assert answers == [200] * 64
