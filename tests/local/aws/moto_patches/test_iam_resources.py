"""A call is authorized for the resources that it names."""

from collections.abc import Callable

import pytest
import requests
from botocore.exceptions import ClientError

from local.aws.moto_server import client
from local.aws.process import ApplicationProcess


def test_a_role_for_one_table_reads_no_other(
    call: Callable[..., requests.Response], embedded_notes: ApplicationProcess
) -> None:
    environment = requests.get(f"{embedded_notes.url}/api/other/environment", timeout=30).json()
    other = embedded_notes.client("dynamodb").create_table(
        TableName="other",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )["TableDescription"]
    api = client("dynamodb", environment["AWS_ACCESS_KEY_ID"], embedded_notes.info["aws"])
    key = {"pk": {"S": "x"}}
    assert "Item" not in api.get_item(TableName=environment["TABLE_NAME"], Key=key)
    with pytest.raises(ClientError, match=f"not authorized to perform: .* on resource: {other['TableArn']}"):
        api.get_item(TableName="other", Key=key)
