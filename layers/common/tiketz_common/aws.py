"""AWS clients: the only place that makes one.

What botocore reads to make a client is in `sdk/` (docs/performance.md tells why): descriptions of the
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
    """The same, connected: for a function that starts and will call it, not for one that calls it now."""
    made = client(service)
    _open_connection(made)
    return made


@cache
def _session() -> Session:
    session = Session()
    loader = Loader(extra_search_paths=[str(_SDK / "data")], include_default_search_paths=False)
    session.register_component("data_loader", loader)
    return session


def _open_connection(made: Any) -> None:
    """Connect before the first call: while a function starts it has a whole processor, later a third of one.

    This asks for a service's front page, which needs no permission. Where it fails, the first call will tell.
    """
    with suppress(BotoCoreError):
        made._endpoint.http_session.send(AWSRequest("GET", made.meta.endpoint_url).prepare())
