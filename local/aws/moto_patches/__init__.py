"""Corrections of moto, one module per part of it. `apply_patches()` applies them all."""

from functools import cache

from local.aws.moto_patches import dynamodb, eventbridge, stepfunctions


@cache
def apply_patches() -> None:
    """Replace the faulty parts of moto in this process. Further calls do nothing."""
    dynamodb.apply()
    eventbridge.apply()
    stepfunctions.apply()
