"""moto's WSGI application, without Flask where a service has only one address."""

import logging
from collections.abc import Iterable
from typing import Any

from local.aws.http_server import WsgiApp


def application() -> WsgiApp:
    """Finds a request's service once for each kind of request, and calls moto's own view function.

    Upstream: moto/moto_server/werkzeug_app.py, `DomainDispatcherApplication.infer_service_region_host`
    matches each request with the addresses of all services.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    moto, apps = DomainDispatcherApplication(create_backend_app), dict[tuple[str, str, bool], WsgiApp]()

    def dispatch(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        signed = environ.get("HTTP_AUTHORIZATION", "").split("/")  # …Credential=key/date/region/service/…
        if len(signed) < 4:
            start_response("403 Forbidden", [("Content-Length", "0")])
            return []
        at_root = environ["PATH_INFO"] == "/" and not environ["QUERY_STRING"]
        kind = signed[3], environ.get("HTTP_X_AMZ_TARGET", "").split(".")[0], at_root
        if kind not in apps:
            flask = moto.get_application(environ)
            flask.debug = False  # else Flask inspects each request for missing files
            apps[kind] = (at_root and _view_at_root(flask)) or flask
        return apps[kind](environ, start_response)

    return dispatch


def _view_at_root(flask: Any) -> WsgiApp | None:
    """What Flask would call for "/", where most services are; None where it has nothing there."""
    from flask import Response
    from werkzeug.exceptions import HTTPException

    endpoints = [rule.endpoint for rule in flask.url_map.iter_rules() if rule.rule == "/"]
    if not endpoints:
        return None
    view = flask.view_functions[endpoints[0]].callback

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = flask.request_class(environ)
        try:
            status, headers, body = view(request, request.raw_url, dict(request.headers))
            response: WsgiApp = Response(body, status, headers)
        except HTTPException as error:
            response = error.get_response(environ)
        except Exception:
            logging.getLogger(__name__).exception("moto failed")  # as Flask does
            response = Response(status=500)
        return response(environ, start_response)

    return call
