"""The version of moto that the patches and speedups were verified with."""

from importlib.metadata import version

from local.aws.config import CannotStart

MOTO_VERSION = "5.2.5"


def check_moto_version() -> None:
    """Raises CannotStart for another version: a patch may no longer fit, or no longer be needed."""
    installed = version("moto")
    if installed != MOTO_VERSION:
        raise CannotStart(
            f"moto {installed} is installed, but local/aws/moto_patches was verified with {MOTO_VERSION}: "
            "run tests/local/aws against it, then change MOTO_VERSION in local/aws/moto_patches/version.py."
        )
