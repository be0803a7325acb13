"""The address for containers: AWS for one function's role at a time, and the Stripe stand-in.

`sam local` runs a function in a container, which can't reach 127.0.0.1 and doesn't get the credentials of its
role: SAM sets only variables that the template declares, and no template may declare AWS_ACCESS_KEY_ID. So
each function has an endpoint, /aws/<service>/<Function>. A call there is its role's, whoever signed it.
"""

import json
import re
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from typing import Any

import requests
from werkzeug.wrappers import Request, Response

from local.aws.answered_calls import CREDENTIAL
from local.aws.application import Application
from local.aws.http_server import LOOPBACK, HttpServer, listen
from local.aws.resources import Function

HOST = "host.docker.internal"  # samconfig.toml has containers resolve it to the bridge's address
VARIABLES_FILE = "containers.json"  # in the data folder, for `sam local`'s --env-vars
BRIDGE = b"docker0"
SIOCGIFADDR, SIOCGIFNETMASK = 0x8915, 0x891B  # man 7 netdevice
NOT_FORWARDED = {"host", "connection", "content-length", "content-encoding", "transfer-encoding"}


class ContainerSite:
    """The WSGI application for containers."""

    def __init__(self, aws: Application, stripe: Callable[..., Iterable[bytes]]) -> None:
        self._aws, self._stripe = aws, stripe

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_local/stripe/v1/"):
            return self._stripe(environ, start_response)
        body: Iterable[bytes] = self._call_aws(Request(environ))(environ, start_response)
        return body

    def _call_aws(self, request: Request) -> Response:
        """AWS's response to the function that the path names."""
        _, prefix, *names = request.environ["RAW_URI"].split("/", 4)
        access_key = self._aws.access_keys.get("/".join(names[:2]))
        signed = CREDENTIAL.search(request.headers.get("Authorization", ""))
        if prefix != "aws" or access_key is None or signed is None:
            return Response("Signed AWS calls at /aws/<service>/<Function>, nothing else.\n", 404)
        headers = _forwarded(request.headers)
        headers["Authorization"] = re.sub(
            r"Credential=[^/]+", f"Credential={access_key}", headers["Authorization"]
        )
        response = requests.request(
            request.method,
            f"{self._aws.endpoint(signed[2])}/{names[2] if len(names) > 2 else ''}",
            data=request.get_data(),
            headers=headers,
            timeout=60,
        )
        return Response(response.content, response.status_code, _forwarded(response.headers))


def interface(wanted: bool | None) -> IPv4Interface | None:
    """Where to listen for containers; None for nowhere.

    `wanted`: None where Docker's bridge exists. Without a bridge, True is 127.0.0.1: Docker Desktop forwards
    what containers send to host.docker.internal there.
    """
    if wanted is False:
        return None
    bridge = _bridge()
    if bridge and bridge.ip.is_private:  # never on an address that others reach
        return bridge
    return LOOPBACK if wanted else None


def serve(
    interface: IPv4Interface, port: int, aws: Application, stripe: Callable[..., Iterable[bytes]]
) -> HttpServer:
    """Serve containers at `port`, or at a free one where that is taken."""
    server = listen(port, interface)
    server.start(ContainerSite(aws, stripe))
    return server


def write_variables(file: Path, functions: Iterable[Function], port: int, origin: str) -> None:
    """The variables of every function, as `sam local`'s --env-vars takes them."""
    url = f"http://{HOST}:{port}"
    variables = {sam_name(each.name): _variables(each, url, origin) for each in functions}
    file.write_text(json.dumps(variables, indent=2) + "\n")


def sam_name(function: str) -> str:
    """The name that SAM gives a function: its path in template.yaml ("orders/Api" is Orders/Api)."""
    service, name = function.split("/")
    return f"{service.capitalize()}/{name}"


def _variables(function: Function, url: str, origin: str) -> dict[str, str]:
    """What the function's template sets, with addresses that a container reaches."""
    own = {
        name: value.replace(f"{origin}/_local/", f"{url}/_local/")
        for name, value in function.environment.items()
    }
    return {**own, "AWS_ENDPOINT_URL": f"{url}/aws/{function.name}"}


def _forwarded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in NOT_FORWARDED}


def _bridge() -> IPv4Interface | None:
    """The address and network of Docker's default bridge, which only Linux has."""
    if sys.platform != "linux":
        return None
    from fcntl import ioctl

    name = struct.pack("256s", BRIDGE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            address, mask = (
                IPv4Address(ioctl(probe, each, name)[20:24]) for each in (SIOCGIFADDR, SIOCGIFNETMASK)
            )
        except OSError:
            return None
    return IPv4Interface(f"{address}/{mask}")
