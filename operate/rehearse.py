"""A deployment of every stack into a local world of its own, which must then answer."""

import sys
import urllib.error
import urllib.request

from local.process import running_environment
from operate.stages import CannotDo, run

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


def main() -> None:
    """Raises CannotDo where an answer is another than expected."""
    with running_environment() as world:
        found = {path: _status(world.url + path) for path in EXPECTED}
        services = sorted(world.info["outputs"])
    wrong = [
        f"{path} answers {found[path]}, not {want}" for path, want in EXPECTED.items() if found[path] != want
    ]
    if wrong:
        raise CannotDo("; ".join(wrong))
    print(f"{', '.join(services)}: deployed into a local world, and answering")


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


if __name__ == "__main__":
    sys.exit(run(main))
