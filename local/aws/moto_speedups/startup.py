"""What moto loads when it starts."""

from unittest.mock import patch

from local.aws.config import REGION


def load_one_region() -> None:
    """Leave out other regions, and the kinds of hardware that EC2 has: CloudFormation imports all services.

    Upstream: moto/core/base_backend.py, `AccountSpecificBackend._generate_regions`; moto/ec2/models, which
    reads its instance types and offerings at import.
    """
    import boto3
    from moto.core.base_backend import AccountSpecificBackend
    from moto.utilities import utils

    regions = [REGION, "us-east-1"]  # where moto looks up every service's addresses
    AccountSpecificBackend._generate_regions = lambda self, service: regions
    with (
        patch.object(boto3.Session, "get_available_regions", return_value=regions),
        patch.object(utils, "load_resource", return_value={}),
    ):
        import moto.ec2.models  # noqa: F401
