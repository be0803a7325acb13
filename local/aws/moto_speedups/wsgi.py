"""moto's WSGI application with a faster choice of the service."""

from collections.abc import Iterable
from typing import Any

from local.aws.http_server import WsgiApp


def application() -> WsgiApp:
    """Finds the service of each kind of request once.

    Upstream: moto/moto_server/werkzeug_app.py, `DomainDispatcherApplication.infer_service_region_host`
    matches each request with the addresses of all services.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    moto, apps = DomainDispatcherApplication(create_backend_app), dict[tuple[str, str], WsgiApp]()

    def dispatch(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        signed = environ.get("HTTP_AUTHORIZATION", "").split("/")  # …Credential=key/date/region/service/…
        if len(signed) < 4:
            start_response("403 Forbidden", [("Content-Length", "0")])
            return []
        kind = signed[3], environ.get("HTTP_X_AMZ_TARGET", "").split(".")[0]
        if kind not in apps:
            app = moto.get_application(environ)
            app.debug = False  # else Flask inspects each request for missing files
            apps[kind] = app
        return apps[kind](environ, start_response)

    return dispatch
