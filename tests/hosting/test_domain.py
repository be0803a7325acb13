"""A domain of its own, a certificate and a web ACL are parameters of hosting.yaml."""

import re

import pytest
from samtranslator.yaml_helper import yaml_parse

from tests.hosting import edge
from tests.support.templates import ROOT

ACCOUNT = "123456789012"
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/8c5e0f4e-0000-4000-8000-000000000000"
WEB_ACL = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/tiketz/8c5e0f4e-0000-4000-8000-000000000000"
NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("parameter", "value", "accepted"),
    [
        ("CertificateArn", "", True),
        ("CertificateArn", CERTIFICATE, True),
        ("CertificateArn", CERTIFICATE.replace("us-east-1", "eu-west-1"), False),
        ("WebAclArn", "", True),
        ("WebAclArn", WEB_ACL, True),
        ("WebAclArn", WEB_ACL.replace("us-east-1", "eu-west-1"), False),
        ("WebAclArn", WEB_ACL.replace("global", "regional"), False),
    ],
)
def test_certificate_and_web_acl_are_cloudfronts(parameter: str, value: str, accepted: bool) -> None:
    """CloudFront reads both in us-east-1 only."""
    pattern = yaml_parse((ROOT / "hosting.yaml").read_text())["Parameters"][parameter]["AllowedPattern"]
    assert (re.search(pattern, value) is not None) is accepted


def test_without_a_domain_cloudfronts_own_is_served() -> None:
    config = edge.resource("Distribution")["DistributionConfig"]
    assert config["Aliases"]["Fn::If"] == ["HasDomain", [{"Ref": "DomainName"}], NO_VALUE]
    assert config["ViewerCertificate"]["Fn::If"][2] == {"CloudFrontDefaultCertificate": True}
    assert config["WebACLId"]["Fn::If"] == ["HasWebAcl", {"Ref": "WebAclArn"}, NO_VALUE]
