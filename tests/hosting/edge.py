"""CloudFront as hosting.yaml configures it: the origin of a path, its functions, run by node, and its cache.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
"""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from tests.support.handlers import HttpResponse
from tests.support.templates import ROOT

UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # Managed-CachingDisabled

Request = dict[str, Any]


@cache
def resource(name: str) -> dict[str, Any]:
    """The properties of a resource of hosting.yaml."""
    template = yaml_parse((ROOT / "hosting.yaml").read_text())
    return dict(template["Resources"][name]["Properties"])


def behaviour(path: str) -> dict[str, Any]:
    """The cache behaviour of a path: the first whose pattern matches, else the default."""
    distribution = resource("Distribution")["DistributionConfig"]
    matching = (each for each in distribution["CacheBehaviors"] if _matches(each["PathPattern"], path))
    return dict(next(matching, distribution["DefaultCacheBehavior"]))


def function(behaviour: dict[str, Any]) -> str:
    """The name of a behaviour's function on viewer requests."""
    first = behaviour["FunctionAssociations"][0]
    assert first["EventType"] == "viewer-request"
    return str(first["FunctionARN"]["Fn::GetAtt"][0])


def run(
    function: str,
    uri: str,
    headers: Mapping[str, str],
    viewer: str = "203.0.113.7",
    *,
    method: str = "GET",
    cookies: Mapping[str, str] | None = None,
) -> Request:
    """The request that a CloudFront function returns for a viewer's request.

    Cookies are apart from the headers:
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
    """
    request = {
        "method": method,
        "uri": uri,
        "querystring": {},
        "headers": {name: {"value": value} for name, value in headers.items()},
        "cookies": {name: {"value": value} for name, value in (cookies or {}).items()},
    }
    return _run(function, {"viewer": {"ip": viewer}, "request": request})


def run_on_response(function: str, uri: str, status: int = 200) -> dict[str, Any]:
    """The response that a CloudFront function returns for the origin's response."""
    return _run(function, {"request": {"uri": uri}, "response": {"statusCode": status, "headers": {}}})


def _run(function: str, event: dict[str, Any]) -> dict[str, Any]:
    script = (
        resource(function)["FunctionCode"] + f"\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    )
    result = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(result.stdout))


def _matches(pattern: str, path: str) -> bool:
    """CloudFront's patterns: `*` matches any characters, `?` matches one."""
    parts = {"*": ".*", "?": "."}
    return re.fullmatch("".join(parts.get(each, re.escape(each)) for each in pattern), path) is not None


class Edge:
    """One of CloudFront's locations: what it keeps, and for how long."""

    def __init__(self, origin: Callable[[str, Request, str], HttpResponse]) -> None:
        """`origin` answers (origin's id, request, query string)."""
        self.now = 0.0
        self.kept: dict[tuple[str, ...], tuple[float, HttpResponse]] = {}
        self._origin = origin

    def send(self, method: str, path: str, query: str = "", **cookies: str) -> HttpResponse:
        """The response to a viewer's request. Cookies begin with __Host-."""
        named = {f"__Host-{name}": value for name, value in cookies.items()}
        matched = behaviour(path)
        request = run(function(matched), path, {"host": "tiketz.test"}, method=method, cookies=named)
        policy = matched["CachePolicyId"]
        if policy == UNCACHED or method not in ("GET", "HEAD"):
            return self._origin(matched["TargetOriginId"], request, query)
        config = resource(policy["Ref"])["CachePolicyConfig"]
        key = (method, request["uri"], *_key(config, request, query))
        until, response = self.kept.get(key, (0.0, None))
        if response is None or until <= self.now:
            response = self._origin(matched["TargetOriginId"], request, query)
            if seconds := _seconds(config, response):
                self.kept[key] = self.now + seconds, response
        return response


def _key(config: dict[str, Any], request: Request, query: str) -> list[str]:
    """What of a request distinguishes responses, beside its path."""
    parameters = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert parameters["CookiesConfig"] == {"CookieBehavior": "none"}
    assert parameters["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    headers = parameters["HeadersConfig"]["Headers"]
    return [query, *(request["headers"].get(name, {"value": ""})["value"] for name in headers)]


def _seconds(config: dict[str, Any], response: HttpResponse) -> float:
    """How long a response is kept. Errors aren't: ErrorCachingMinTTL is 0."""
    control = response.headers.get("cache-control")
    if control is None:
        return float(config["DefaultTTL"])
    age = re.search(r"max-age=(\d+)", control)
    if response.status != 200 or not age or re.search("no-store|no-cache|private", control):
        return float(config["MinTTL"])
    return float(min(max(int(age[1]), config["MinTTL"]), config["MaxTTL"]))
