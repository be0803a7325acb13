"""AWS clients: the only place that makes one.

What botocore reads to make a client is in `sdk/` (docs/performance.md has the reason): descriptions of the
operations that we call, and the certificates of Amazon's authorities. `make sdk` writes it.
"""

from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader
from botocore.session import Session

_SDK = Path(__file__).with_name("sdk")
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    tcp_keepalive=True,
)


@cache
def client(service: str) -> Any:
    """The process's one client of an AWS service. Calls give up after about ten seconds."""
    return _session().create_client(service, config=_CONFIG, verify=str(_SDK / "amazon_roots.pem"))


def connected_client(service: str) -> Any:
    """The same, connected: for a function that starts and will call the service later."""
    connected = client(service)
    _open_connection(connected)
    return connected


@cache
def _session() -> Session:
    session = Session()
    loader = Loader(extra_search_paths=[str(_SDK / "data")], include_default_search_paths=False)
    session.register_component("data_loader", loader)
    return session


def _open_connection(of: Any) -> None:
    """Connect before the first call: a function has a whole processor while it starts, later a third of one.

    Requests the endpoint's root, which needs no permission. An error is left to the first call.
    """
    with suppress(BotoCoreError):
        of._endpoint.http_session.send(AWSRequest("GET", of.meta.endpoint_url).prepare())
