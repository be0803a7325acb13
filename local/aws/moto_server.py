"""AWS on one machine: moto behind one HTTP address, for the workers and for the world itself."""

import logging
import os
from collections.abc import Iterable
from functools import cache
from typing import Any

from local.aws import moto_speedups
from local.aws.config import ACCOUNT, REGION
from local.aws.moto_patches import apply_patches
from local.aws.server import App, Server

ROOT_ACCESS_KEY = "AKIAWORLD00000000000"  # twenty characters, as moto wants them; may do everything


class MotoServer:
    """A running moto: its address, and clients to it."""

    def __init__(self, port: int = 0) -> None:
        """Listens at `port`, or where there is room if it is taken or 0."""
        os.environ |= {
            "AWS_DEFAULT_REGION": REGION,
            "MOTO_ACCOUNT_ID": ACCOUNT,
            "VALIDATE_LAMBDA_S3": "false",
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            "MOTO_DISABLE_GLOBAL_CORS": "true",  # no browser asks moto: headers for one are wasted
        }
        logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it regrets that nobody counts for it
        from moto.core.config import default_user_config

        default_user_config["stepfunctions"] = {"execute_state_machine": True}
        moto_speedups.apply()
        apply_patches()
        try:
            self._server = Server(port, _dispatcher())
        except (OSError, OverflowError):  # taken, or beyond 65535
            self._server = Server(0, _dispatcher())
        self.url = self._server.url
        self._server.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.close()

    @cache  # noqa: B019 - a process has one cloud
    def client(self, service: str) -> Any:
        """The world's own client: nothing is forbidden to it."""
        return self.client_as(service, ROOT_ACCESS_KEY)

    @cache  # noqa: B019
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
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=8),
        )


def _dispatcher() -> App:
    """moto's application, without its search through all services for each request's own."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    moto, known = DomainDispatcherApplication(create_backend_app), dict[tuple[str, str, bool], App]()

    def dispatch(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        signed = environ.get("HTTP_AUTHORIZATION", "").split("/")  # …Credential=key/date/region/service/…
        if len(signed) < 4:
            start_response("403 Forbidden", [("Content-Length", "0")])
            return []
        at_root = environ["PATH_INFO"] == "/" and not environ["QUERY_STRING"]
        who = signed[3], environ.get("HTTP_X_AMZ_TARGET", "").split(".")[0], at_root
        if who not in known:
            application = moto.get_application(environ)
            application.debug = False  # or Flask explains to itself, in each request, that no file was sent
            known[who] = (at_root and _direct(application)) or application
        return known[who](environ, start_response)

    return dispatch


def _direct(application: Any) -> App | None:
    """What answers at an application's root, where most of AWS is, without Flask's way there; if any does."""
    from flask import Response
    from werkzeug.exceptions import HTTPException

    at_root = [each.endpoint for each in application.url_map.iter_rules() if each.rule == "/"]
    if not at_root:
        return None
    answers = application.view_functions[at_root[0]].callback

    def direct(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = application.request_class(environ)
        try:
            status, headers, body = answers(request, request.raw_url, dict(request.headers))
            answer: App = Response(body, status, headers)
        except HTTPException as error:
            answer = error.get_response(environ)
        except Exception:
            logging.getLogger(__name__).exception("moto does not know what to answer")  # as Flask would
            answer = Response(status=500)
        return answer(environ, start_response)

    return direct
