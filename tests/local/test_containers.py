"""Containers reach AWS as their function's role, and the Stripe stand-in, on Docker's bridge alone."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from ipaddress import IPv4Interface
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from local import containers
from local.aws.dynamodb_local import server as dynamodb_local
from local.aws.http_server import HttpServer
from local.containers import HOST, VARIABLES_FILE, sam_name
from local.process import EnvironmentProcess, running_environment
from tests.support.requirements import require
from tests.support.templates import service_template
from tools.samples import EXPECTED, judge

Variables = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def environment() -> Iterator[EnvironmentProcess]:
    with running_environment(containers=True) as process:
        yield process


@pytest.fixture(scope="module")
def variables(environment: EnvironmentProcess) -> Variables:
    """What `sam local` gives each function."""
    return dict(json.loads((environment.data / VARIABLES_FILE).read_text()))


def reachable(environment: EnvironmentProcess, address: str) -> str:
    """A container's address, as this process reaches it."""
    [served] = [line for line in environment.logs().splitlines() if "Containers are served" in line]
    host = served.split("http://")[1].split(":")[0]
    return address.replace(HOST, host)


def call(url: str, service: str, operation: str, **parameters: Any) -> Any:
    """A call that is signed with an access key nobody has, as in a container."""
    client = boto3.client(
        service,
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id="defaultkey",
        aws_secret_access_key="defaultsecret",
    )
    return getattr(client, operation)(**parameters)


def declared(function: str) -> dict[str, Any]:
    """A function's variables, as its template sets them."""
    service, name = function.split("/")
    template = service_template(service)
    shared = template.get("Globals", {}).get("Function", {})
    result: dict[str, Any] = {}
    for each in (shared, template["Resources"][name]["Properties"]):
        result |= each.get("Environment", {}).get("Variables", {})
    return result


def may_be_empty(function: str, value: Any) -> bool:
    """Whether it refers to a parameter that is empty by default."""
    parameters = service_template(function.split("/")[0])["Parameters"]
    return isinstance(value, dict) and parameters.get(value.get("Ref"), {}).get("Default") == ""


@pytest.mark.parametrize("function", EXPECTED)
def test_every_reference_of_a_function_has_a_value(function: str, variables: Variables) -> None:
    given, template = variables[sam_name(function)], declared(function)
    references = {name for name, value in template.items() if not isinstance(value, str)}
    assert "AWS_ENDPOINT_URL" in references
    missing = {
        each for each in references if not given.get(each) and not may_be_empty(function, template[each])
    }
    assert missing == set()
    assert references <= set(given)


def test_a_call_is_judged_as_the_functions_role(
    environment: EnvironmentProcess, variables: Variables
) -> None:
    own = variables["Orders/Api"]
    url, table = reachable(environment, own["AWS_ENDPOINT_URL"]), own["TABLE_NAME"]
    row = call(url, "dynamodb", "get_item", TableName=table, Key={"pk": {"S": "nothing"}})
    assert "Item" not in row
    with pytest.raises(ClientError) as denied:
        call(url, "dynamodb", "scan", TableName=table)
    answer = json.dumps({"errorType": "ClientError", "errorMessage": str(denied.value)})
    assert judge(answer, "").error.endswith("(functions/orders/template.yaml: ApiRole does not allow it)")


def test_every_kind_of_call_arrives(environment: EnvironmentProcess, variables: Variables) -> None:
    webhook, consumer = variables["Payments/Webhook"], variables["Expiration/Consumer"]
    name = webhook["STRIPE_WEBHOOK_SECRET_PARAMETER"]
    url = reachable(environment, webhook["AWS_ENDPOINT_URL"])
    secret = call(url, "ssm", "get_parameter", Name=name, WithDecryption=True)["Parameter"]["Value"]
    assert secret == environment.info["keys"]["webhook_secret"]
    url = reachable(environment, consumer["AWS_ENDPOINT_URL"])
    arn = consumer["STATE_MACHINE_ARN"]
    started = call(url, "stepfunctions", "start_execution", stateMachineArn=arn, name="sample", input="{}")
    assert started["executionArn"]


def test_stripes_api_is_reached_and_no_other_page(
    environment: EnvironmentProcess, variables: Variables
) -> None:
    stripe = reachable(environment, variables["Payments/Api"]["STRIPE_API_BASE"])
    key = environment.info["keys"]["stripe_secret"]
    listed = requests.get(f"{stripe}/v1/payment_intents", auth=(key, ""), timeout=10)
    assert listed.json()["data"] == []
    server = stripe.removesuffix("/_local/stripe")
    for path in ("/", "/api/tickets", "/_local/", "/_local/stripe/dashboard/x", "/aws/orders/Nothing"):
        assert requests.get(server + path, timeout=10).status_code == 404


def test_an_unsigned_call_is_refused(environment: EnvironmentProcess, variables: Variables) -> None:
    url = reachable(environment, variables["Orders/Api"]["AWS_ENDPOINT_URL"])
    assert requests.post(url, json={}, timeout=10).status_code == 404


def test_dynamodb_local_is_reached_where_it_is_the_engine() -> None:
    require(dynamodb_local.installed(), "DynamoDB Local needs Java 17 and Maven: then `make dynamodb-local`.")
    with running_environment(containers=True, engine="local") as process:
        own = json.loads((process.data / VARIABLES_FILE).read_text())["Orders/Api"]
        client = process.client("dynamodb")
        client.put_item(TableName=own["TABLE_NAME"], Item={"pk": {"S": "sample"}})
        url = reachable(process, own["AWS_ENDPOINT_URL"])
        row = call(url, "dynamodb", "get_item", TableName=own["TABLE_NAME"], Key={"pk": {"S": "sample"}})
        assert row["Item"] == {"pk": {"S": "sample"}}


@pytest.mark.parametrize(
    ("bridge", "wanted", "address"),
    [
        ("172.17.0.1/16", None, "172.17.0.1/16"),
        ("172.17.0.1/16", True, "172.17.0.1/16"),
        ("172.17.0.1/16", False, None),
        ("8.8.8.8/24", None, None),
        (None, None, None),
        (None, True, "127.0.0.1/8"),
    ],
)
def test_only_dockers_private_bridge_is_listened_on(
    monkeypatch: pytest.MonkeyPatch, bridge: str | None, wanted: bool | None, address: str | None
) -> None:
    monkeypatch.setattr(containers, "_bridge", lambda: bridge and IPv4Interface(bridge))
    assert containers.interface(wanted) == (address and IPv4Interface(address))


def test_a_client_outside_of_the_network_is_refused() -> None:
    server = HttpServer(0, IPv4Interface("127.0.0.1/32"))
    server.start(lambda environ, start_response: start_response("204 No Content", []) or [])
    try:
        assert _status(server, "127.0.0.1") == 204
        with pytest.raises(OSError, match=r"reset|closed|Remote end"):
            _status(server, "127.0.0.2")
    finally:
        server.close()


def _status(server: HttpServer, client: str) -> int:
    """The status of a request that comes from an address of this machine."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10, source_address=(client, 0))
    connection.request("GET", "/")
    return connection.getresponse().status
