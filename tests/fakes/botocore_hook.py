"""boto3 calls answered in this process: no request is serialized, sent or parsed."""

from collections.abc import Callable
from typing import Any

from tests.fakes.aws_errors import AwsError

Call = Callable[[str, str, dict[str, Any]], dict[str, Any]]
"""Takes a service, an operation and its parameters; returns the response. Raises AwsError."""


def hook(client: Any, call: Call) -> None:
    """From now on `call` answers the calls of this client."""
    service, events = client.meta.service_model, client.meta.events

    def keep_params(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        assert None not in params.values(), f"botocore takes no None: {params}"
        context["call_params"] = params

    def respond(model: Any, context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        """botocore takes what a `before-call` handler returns instead of sending the request."""
        try:
            return _OK, {**call(service.service_name, model.name, context["call_params"]), **_METADATA}
        except AwsError as error:
            return _BAD, {**error.response, **_METADATA}

    events.register(f"before-parameter-build.{service.service_id.hyphenize()}", keep_params)
    events.register(f"before-call.{service.service_id.hyphenize()}", respond)
    # No request is sent, so none is serialized: that would take most of the time.
    client._ruleset_resolver = None
    client._convert_to_request_dict = lambda context, **_: {"context": context, "headers": {}}


class _Response:
    """As much of an HTTP response as botocore reads."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code
        self.headers: dict[str, str] = {}


_OK, _BAD = _Response(200), _Response(400)
_METADATA: dict[str, Any] = {"ResponseMetadata": {}}
