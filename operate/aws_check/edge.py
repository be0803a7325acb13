"""What CloudFront alone does: requests that go past it, what it keeps, and a new origin secret."""

import subprocess
import time
from collections.abc import Iterator

import requests

from operate import origin_secret, secrets
from operate.aws_check.deployments import FUNCTIONS, POLL_SECONDS, make_deploy
from operate.aws_check.run import Run
from operate.aws_check.shopper import TIMEOUT_SECONDS, Shopper
from operate.command import CommandError
from operate.stages import ROOT

PATHS = {
    "auth": "/api/health",
    "tickets": "/api/tickets",
    "orders": "/api/orders",
    "payments": "/api/payments/webhook",
}
REFUSED = (401, 403)  # the gateway's own, where a cookie is missing, and ours
REPEATS = 3  # CloudFront's location may have several caches


def request_directly(run: Run) -> None:
    """Each service's gateway refuses a request that did not come through CloudFront."""
    for service in FUNCTIONS:
        host = f"{run.stage.outputs(service)['ApiId']}.execute-api.{run.stage.region}.amazonaws.com"
        method = "POST" if service == "payments" else "GET"
        response = requests.request(method, f"https://{host}{PATHS[service]}", timeout=TIMEOUT_SECONDS)
        if response.status_code not in REFUSED:
            run.differs("origin-secret", f"{service}'s own address answers {response.status_code}")


def browse(run: Run) -> None:
    """The catalogue is kept for those without a session, and never for those with one."""
    if not any(_kept(run.site) for _ in range(REPEATS)):
        run.differs("edge-cache", "the anonymous catalogue is not kept")
    shopper = Shopper(run.site)
    for path in ("/api/tickets", "/api/tickets/mine"):
        for _ in range(REPEATS):
            response = shopper.get(path)
            if response.status_code != 200 or "Hit" in response.headers.get("X-Cache", ""):
                run.differs("edge-cache", f"{path} with a session answers {response.status_code}, kept")


def replace_secret(run: Run) -> None:
    """A new origin secret is deployed, and nobody who comes through CloudFront is refused meanwhile."""
    secrets.replace(run.stage, origin_secret.KIND, lambda _: "")
    deploying = subprocess.Popen(make_deploy(run.stage), cwd=ROOT)
    try:
        refused = set(_refusals(run.site, deploying))
    finally:
        failed = deploying.wait()
    if failed:
        raise CommandError("The deployment of a new origin secret failed; see above.")
    run.expect("origin-secret-replaced", [f"/api/health answered {status}" for status in sorted(refused)])


def _kept(site: str) -> bool:
    """Whether CloudFront answers the second of two requests by itself."""
    url = f"{site}/api/tickets?limit=1"
    requests.get(url, timeout=TIMEOUT_SECONDS)
    return "Hit" in requests.get(url, timeout=TIMEOUT_SECONDS).headers.get("X-Cache", "")


def _refusals(site: str, deploying: "subprocess.Popen[bytes]") -> Iterator[int]:
    while deploying.poll() is None:
        response = requests.get(f"{site}/api/health", timeout=TIMEOUT_SECONDS)
        if response.status_code != 200:
            yield response.status_code
        time.sleep(POLL_SECONDS)
