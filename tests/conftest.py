"""The worlds that tests live in."""

import os
from collections.abc import Iterator

import pytest
from moto import mock_aws

os.environ |= {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "POWERTOOLS_METRICS_NAMESPACE": "Tiketz",
    "POWERTOOLS_SERVICE_NAME": "test",
}


@pytest.fixture
def aws() -> Iterator[None]:
    """An AWS account, empty, played by moto."""
    from tiketz_common import aws as clients

    with mock_aws():
        clients.client.cache_clear()
        yield
        clients.client.cache_clear()
