"""CloudFront as hosting.yaml configures it: the origin of a path, and its functions, run by node."""

import json
import re
import subprocess
from functools import cache
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from tests.support.templates import ROOT

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


def run(function: str, uri: str, headers: dict[str, str], viewer: str = "203.0.113.7") -> Request:
    """The request that a CloudFront function returns for a viewer's request."""
    event = {
        "viewer": {"ip": viewer},
        "request": {
            "method": "GET",
            "uri": uri,
            "querystring": {},
            "headers": {name: {"value": value} for name, value in headers.items()},
            "cookies": {},
        },
    }
    script = (
        resource(function)["FunctionCode"] + f"\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    )
    result = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(result.stdout))


def _matches(pattern: str, path: str) -> bool:
    """CloudFront's patterns: `*` matches any characters, `?` matches one."""
    parts = {"*": ".*", "?": "."}
    return re.fullmatch("".join(parts.get(each, re.escape(each)) for each in pattern), path) is not None
