"""AWS on one machine: moto behind one HTTP address, for the workers and for the world itself."""

import logging
import os
import threading
from functools import cache
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from local.settings import ACCOUNT, REGION

ROOT_KEY = "AKIAWORLD00000000000"  # twenty characters, as moto wants them; may do everything


class QuietHandler(WSGIRequestHandler):  # type: ignore[misc]
    """Answers without a log line for each request."""

    server_version = "tiketz"
    sys_version = ""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the world prints its own lines."""

    def version_string(self) -> str:
        return self.server_version


class Cloud:
    """A running moto: its address, and clients to it."""

    def __init__(self) -> None:
        os.environ |= {
            "AWS_DEFAULT_REGION": REGION,
            "MOTO_ACCOUNT_ID": ACCOUNT,
            "VALIDATE_LAMBDA_S3": "false",
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        }
        logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it regrets that nobody counts for it
        from moto.core.config import default_user_config
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        default_user_config["stepfunctions"] = {"execute_state_machine": True}
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1",
            0,
            DomainDispatcherApplication(create_backend_app),
            threaded=True,
            request_handler=QuietHandler,
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, name="aws", daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()

    @cache  # noqa: B019 - a process has one cloud
    def client(self, service: str) -> Any:
        """The world's own client: nothing is forbidden to it."""
        return self.client_as(service, ROOT_KEY)

    def client_as(self, service: str, access_key: str, endpoint: str | None = None) -> Any:
        """A client with somebody's access key."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            service,
            endpoint_url=endpoint or self.url,
            region_name=REGION,
            aws_access_key_id=access_key,
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=4),
        )
