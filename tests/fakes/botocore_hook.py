"""boto3's calls answered in this process: no request is worded, sent or parsed."""

from collections.abc import Callable
from typing import Any

from tests.fakes.aws_errors import AwsError

Call = Callable[[str, str, dict[str, Any]], dict[str, Any]]
"""Of a service, its operation and what is asked of it. Raises AwsError."""


def hook(client: Any, call: Call) -> None:
    """From now on `call` answers what is asked of this client."""
    service, events = client.meta.service_model, client.meta.events

    def keep_asked(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        assert None not in params.values(), f"botocore takes no None: {params}"
        context["asked"] = params

    def answer(model: Any, context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        """botocore takes what `before-call` answers instead of sending the request."""
        try:
            return _OK, {**call(service.service_name, model.name, context["asked"]), **_METADATA}
        except AwsError as refused:
            return _BAD, {**refused.answer, **_METADATA}

    events.register(f"before-parameter-build.{service.service_id.hyphenize()}", keep_asked)
    events.register(f"before-call.{service.service_id.hyphenize()}", answer)
    # No request is sent, so none is worded: that would take most of the time.
    client._ruleset_resolver = None
    client._convert_to_request_dict = lambda context, **_: {"context": context, "headers": {}}


class _Response:
    """As much of an HTTP response as botocore looks at."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code
        self.headers: dict[str, str] = {}


_OK, _BAD = _Response(200), _Response(400)
_METADATA: dict[str, Any] = {"ResponseMetadata": {}}
