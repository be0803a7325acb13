"""Least privilege: compares the granted permissions of every function with the required ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.fakes.patching import SimulatedRuntime
from tests.permissions.granted import SERVICES, Permission, Template
from tests.permissions.required import by_aws, by_code

ONE_MACHINE = re.compile(r"([^*:]*:){5}[^*:/]+:[^*:/]+:\*")  # the executions of one state machine


@dataclass(frozen=True)
class Verdict:
    """Which required permissions are not granted, and which granted ones are not required."""

    granted: frozenset[Permission]
    required: frozenset[Permission]

    @property
    def missing(self) -> list[Permission]:
        return sorted(
            each for each in self.required if not any(_covers(grant, each) for grant in self.granted)
        )

    @property
    def unused(self) -> list[Permission]:
        return sorted(each for each in self.granted if not any(_covers(each, use) for use in self.required))

    @property
    def unbounded(self) -> list[Permission]:
        """Granted on every resource of a kind: a `*` where a name should be."""
        return sorted(
            each
            for each in self.granted
            if "*" in each.action or ("*" in each.resource and not ONE_MACHINE.fullmatch(each.resource))
        )

    @property
    def table(self) -> str:
        principals = sorted({each.principal for each in self.granted | self.required})
        head = f"{'':<28}{'granted':>9}{'required':>9}{'missing':>9}{'unused':>8}{'on *':>6}"
        columns = (self.granted, self.required, self.missing, self.unused, self.unbounded)
        rows = [
            f"{principal:<28}"
            + "".join(
                f"{_count(column, principal):>{width}}"
                for column, width in zip(columns, (9, 9, 9, 8, 6), strict=True)
            )
            for principal in principals
        ]
        return "\n".join([head, *rows])

    @property
    def errors(self) -> list[str]:
        """Sentences that name the template to correct."""
        template = "functions/{}/template.yaml"
        problems = (
            ("does not grant", self.missing),
            ("grants an unused permission:", self.unused),
            ("grants an unbounded permission:", self.unbounded),
        )
        return [
            f"{template.format(each.principal.partition('.')[0])} {problem} {each}"
            for problem, permissions in problems
            for each in permissions
        ]


def verdict_of(runtime: SimulatedRuntime) -> Verdict:
    """Compare all templates with the code."""
    templates = [Template(service) for service in SERVICES]
    granted = frozenset(each for template in templates for each in template.granted)
    required = by_code(runtime) | {each for template in templates for each in by_aws(template)}
    return Verdict(granted, frozenset(required))


def _covers(grant: Permission, use: Permission) -> bool:
    same = (grant.principal, grant.action) == (use.principal, use.action)
    return same and fnmatchcase(use.resource, grant.resource)


def _count(permissions: Iterable[Permission], principal: str) -> int:
    return sum(each.principal == principal for each in permissions)
