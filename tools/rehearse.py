"""Deploys every stack into a local environment of its own, and checks what it answers."""

import sys
import urllib.error
import urllib.request

from local.process import running_environment
from operate.command import Parser

EXPECTED = {
    "/": 200,
    "/config.json": 200,
    "/api/openapi.json": 200,
    "/api/health": 200,
    "/api/users/jwks.json": 200,
    "/api/tickets": 200,
    "/api/orders": 401,
    "/api/payments/nothing": 401,
}


def main() -> int:
    """Exit code 1, with one sentence, where a status differs from the expected one."""
    Parser(prog="python -m tools.rehearse", description=__doc__).parse_args()
    with running_environment() as environment:
        statuses = {path: _status(environment.url + path) for path in EXPECTED}
        services = sorted(environment.info["outputs"])
    wrong = [
        f"{path} answers {statuses[path]}, not {expected}"
        for path, expected in EXPECTED.items()
        if statuses[path] != expected
    ]
    if wrong:
        print("; ".join(wrong), file=sys.stderr)
        return 1
    print(f"{', '.join(services)}: deployed to a local environment, all answer")
    return 0


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


if __name__ == "__main__":
    sys.exit(main())
