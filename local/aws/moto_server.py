"""moto behind one HTTP address: for workers, for this process, and for anything else that speaks to AWS."""

import logging
import os
from typing import Any

from local.aws import moto_speedups
from local.aws.answered_calls import AnsweredCalls
from local.aws.config import ACCOUNT, REGION, ROOT_ACCESS_KEY, SECRET_ACCESS_KEY
from local.aws.http_server import listen
from local.aws.moto_patches import apply_patches


class MotoServer:
    """Patched moto, serving. One per process: moto's state is global."""

    def __init__(self, port: int = 0) -> None:
        """Listens at `port`, or at a free port if that is taken or 0. Raises CannotStart."""
        os.environ |= {
            "AWS_DEFAULT_REGION": REGION,
            "MOTO_ACCOUNT_ID": ACCOUNT,
            "VALIDATE_LAMBDA_S3": "false",
            # boto3 would send DescribeStream to a host that begins with the account's id.
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            "MOTO_DISABLE_GLOBAL_CORS": "true",  # no browser calls it
        }
        moto_speedups.apply()
        apply_patches()
        from moto.core.config import default_user_config

        default_user_config["stepfunctions"] = {"execute_state_machine": True}
        logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it warns that it sends no metrics
        self._server = listen(port)
        self.url = self._server.url
        self.answered = AnsweredCalls()
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._server.start(self.answered.before(moto_speedups.application()))

    def close(self) -> None:
        """Stop serving."""
        self._server.close()

    def client(self, service: str) -> Any:
        """A boto3 client to which everything is allowed."""
        return self.client_as(service, ROOT_ACCESS_KEY)

    def client_as(self, service: str, access_key: str, endpoint: str | None = None) -> Any:
        """A boto3 client with an access key, made once. `endpoint`: another server than this."""
        key = (service, access_key, endpoint or self.url)
        if key not in self._clients:
            self._clients[key] = client(*key)
        return self._clients[key]


def client(service: str, access_key: str, endpoint: str) -> Any:
    """A new boto3 client that doesn't retry."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=8),
    )
