"""What functions read of AWS's SDK: generated, complete, and enough to make every client."""

import ast
import json
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore import xform_name
from cryptography import x509
from tiketz_common import aws

from tools import sdk

ROOT = Path(__file__).parents[2]
connect = aws._open_connection  # before the tests' own fixture keeps it from connecting


def test_the_committed_data_are_those_of_the_pinned_sdk() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an authority's serial number
        wanted = sdk.files()
    operations = {
        str(path.relative_to(sdk.TARGET)): path.read_text()
        for path in sdk.TARGET.rglob("*")
        if path.is_file()
    }
    assert sorted(operations) == sorted(wanted)
    assert operations == wanted, "run `make sdk`"


def test_every_operation_that_is_called_is_described() -> None:
    """And no other operation."""
    offered = {xform_name(name) for names in sdk.OPERATIONS.values() for name in names}
    called = set()
    for path in [*ROOT.glob("functions/*/*/*.py"), *ROOT.glob("layers/common/tiketz_common/*.py")]:
        called |= {
            each.attr for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Attribute)
        }
    assert offered <= called


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1", "eu-central-3"])
@pytest.mark.parametrize("service", sdk.OPERATIONS)
def test_every_client_can_be_made_in_every_kind_of_region(
    service: str, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in one that opened after the data were written."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    for each in (aws.client, aws._session):
        each.cache_clear()
    made = aws.client(service)
    assert region in made.meta.endpoint_url
    assert {name for name in dir(made) if xform_name(name) in made.meta.method_to_api_mapping}
    for each in (aws.client, aws._session):
        each.cache_clear()


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # Starfield's is 0
def test_amazons_five_roots_are_valid_for_years() -> None:
    roots = x509.load_pem_x509_certificates((sdk.TARGET / "amazon_roots.pem").read_bytes())
    assert len(roots) == 5
    assert min(each.not_valid_after_utc for each in roots) > datetime.now(UTC) + timedelta(days=365)


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """An HTTP server in place of AWS that counts its connections."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        connections = 0

        def setup(self) -> None:
            super().setup()
            type(self).connections += 1

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            content = json.dumps({"Item": {}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening
        listening.shutdown()


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No client made yet, and clients that connect."""
    monkeypatch.setattr(aws, "_open_connection", connect)
    aws.client.cache_clear()
    yield monkeypatch
    aws.client.cache_clear()


def test_the_first_call_finds_the_connection_open(
    fresh: pytest.MonkeyPatch, server: ThreadingHTTPServer
) -> None:
    fresh.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    aws.client("dynamodb")
    assert server.RequestHandlerClass.connections == 0  # type: ignore[attr-defined]
    dynamodb = aws.connected_client("dynamodb")
    assert server.RequestHandlerClass.connections == 1  # type: ignore[attr-defined]
    dynamodb.get_item(TableName="t", Key={"pk": {"S": "1"}})
    assert server.RequestHandlerClass.connections == 1  # type: ignore[attr-defined]


def test_a_function_starts_though_aws_is_out_of_reach(fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert aws.connected_client("dynamodb") is aws.client("dynamodb")
