"""Lambda's Invoke: one function calls another, in its worker pool.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import json
import re
from collections.abc import Callable, Collection

from werkzeug.wrappers import Response

from local.aws.answered_calls import Call, Operation, error
from local.aws.runtime import Invoke

PATH = re.compile(r"/2015-03-31/functions/(?P<FunctionName>[^/]+)/invocations")


def operation(functions: Collection[str], invoke: Invoke) -> Operation:
    """Invoke, for the functions with these ARNs."""
    return Operation("lambda", "Invoke", PATH, _answer_with(functions, invoke), is_json=False)


def _answer_with(functions: Collection[str], invoke: Invoke) -> Callable[[Call], Response]:
    def answer(call: Call) -> Response:
        name = call.parameters["FunctionName"]
        if name not in functions:
            return error(404, "ResourceNotFoundException", f"Function not found: {name}")
        result = invoke(name, json.loads(call.body or "{}"))
        failed = {"X-Amz-Function-Error": "Unhandled"} if result.failed else {}
        return Response(result.payload, 200, failed, content_type="application/json")

    return answer
