"""Lambda's Invoke from one function to another, which moto lacks, judged by the caller's role."""

from collections.abc import Callable

import pytest
import requests
from botocore.exceptions import ClientError

from local.aws.answered_calls import CREDENTIAL
from local.aws.process import ApplicationProcess

Call = Callable[..., requests.Response]
INVOKE = "/api/other/invoke"


def test_a_function_invokes_another_in_its_pool(call: Call) -> None:
    response = call("POST", INVOKE, json={"cookies": ["user=ann"]})
    answer = {"isAuthorized": True, "context": {"userId": "ann"}}
    assert response.json() == {"payload": answer, "error": None}


def test_an_error_of_an_invoked_function_is_its_payload(call: Call) -> None:
    answer = call("POST", INVOKE, json={"cookies": ["user=broken"]}).json()
    assert answer["error"] == "Unhandled"
    assert answer["payload"]["errorType"] == "ValueError"


def test_a_role_without_the_permission_may_not_invoke(notes: ApplicationProcess, call: Call) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:other"
    assert call("POST", INVOKE, json={"function": arn}).status_code == 500
    denied = "functions/notes/template.yaml: ApiRole does not allow notes/Api lambda:InvokeFunction on "
    assert denied + arn in notes.logs()


def test_an_unknown_function_is_not_found(notes: ApplicationProcess) -> None:
    with pytest.raises(ClientError) as raised:
        notes.client("lambda").invoke(FunctionName="arn:aws:lambda:eu-west-1:123456789012:function:none")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_credential_names_key_and_service() -> None:
    header = "AWS4-HMAC-SHA256 Credential=ASIAAAAAAAAAAAAAAAAA/20261128/eu-west-1/ses/aws4_request, Signed…"
    match = CREDENTIAL.search(header)
    assert match
    assert match.groups() == ("ASIAAAAAAAAAAAAAAAAA", "ses")
