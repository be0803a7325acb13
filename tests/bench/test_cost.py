"""What `make bench-cost` counts."""

import pytest

from bench.counted_environment import access_log_line
from local.aws.template import resources
from tests.support.templates import ROOT


@pytest.mark.parametrize("service", ["auth", "tickets", "orders", "payments"])
def test_a_request_is_billed_for_its_services_access_log_line(service: str) -> None:
    [stage] = (
        each["Properties"]
        for each in resources(ROOT / f"functions/{service}/template.yaml").values()
        if each["Type"] == "AWS::ApiGatewayV2::Stage"
    )
    line = access_log_line(stage["AccessLogSettings"]["Format"], {"routeKey": "GET /api/orders/{id}"})
    assert "$" not in line
    assert '"route":"GET /api/orders/{id}"' in line
