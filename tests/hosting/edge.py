"""CloudFront as hosting.yaml configures it: which origin answers a path, and its functions, run by node."""

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
    """The cache behaviour that a path falls to: the first whose pattern fits, else the default."""
    distribution = resource("Distribution")["DistributionConfig"]
    fitting = (each for each in distribution["CacheBehaviors"] if _fits(each["PathPattern"], path))
    return dict(next(fitting, distribution["DefaultCacheBehavior"]))


def run(function: str, uri: str, headers: dict[str, str], viewer: str = "203.0.113.7") -> Request:
    """What a CloudFront function makes of a viewer's request."""
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
    ran = subprocess.run(["node", "-e", script], capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(ran.stdout))


def _fits(pattern: str, path: str) -> bool:
    """CloudFront's patterns: `*` stands for any characters, also none, `?` for one."""
    parts = {"*": ".*", "?": "."}
    return re.fullmatch("".join(parts.get(each, re.escape(each)) for each in pattern), path) is not None
