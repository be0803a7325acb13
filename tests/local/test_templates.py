"""Tiketz's templates run locally as they are."""

from pathlib import Path

import pytest

from local.aws.template import translate
from local.aws.template_checks import check_queue_policies
from local.settings import TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.parent.name)
def test_a_services_template_is_supported_and_stays_unchanged(template: Path) -> None:
    before = template.read_text()
    source = translate(template, {"AuthorizerArn": "arn:aws:lambda:eu-west-1:123456789012:function:x"})
    check_queue_policies(source)
    assert source.of("AWS::Lambda::Function")
    assert template.read_text() == before
