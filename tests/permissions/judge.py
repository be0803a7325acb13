"""Least privilege, judged: what is granted against what is needed, function by function."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.fakes.patching import SimulatedRuntime
from tests.permissions.grants import SERVICES, Permission, Template
from tests.permissions.needed import by_aws, by_code

OF_ONE = re.compile(r"([^*:]*:){5}[^*:/]+:[^*:/]+:\*")  # as the executions of one machine: no name before


@dataclass(frozen=True)
class Verdict:
    """What is needed and not granted, and what is granted and not needed."""

    granted: frozenset[Permission]
    needed: frozenset[Permission]

    @property
    def missing(self) -> list[Permission]:
        return sorted(need for need in self.needed if not any(_covers(each, need) for each in self.granted))

    @property
    def idle(self) -> list[Permission]:
        return sorted(each for each in self.granted if not any(_covers(each, need) for need in self.needed))

    @property
    def boundless(self) -> list[Permission]:
        """Granted on everything of a kind: a `*` where a name should be."""
        stars = (each for each in self.granted if "*" in each.action + each.resource)
        return sorted(each for each in stars if "*" in each.action or not OF_ONE.fullmatch(each.resource))

    @property
    def table(self) -> str:
        bearers = sorted({each.bearer for each in self.granted | self.needed})
        head = f"{'':<28}{'granted':>8}{'needed':>8}{'missing':>8}{'idle':>6}{'on *':>6}"
        columns = (self.granted, self.needed, self.missing, self.idle, self.boundless)
        rows = [
            f"{bearer:<28}"
            + "".join(
                f"{_count(column, bearer):>{width}}"
                for column, width in zip(columns, (8, 8, 8, 6, 6), strict=True)
            )
            for bearer in bearers
        ]
        return "\n".join([head, *rows])

    @property
    def faults(self) -> list[str]:
        """Sentences that name the template to mend."""
        where = "functions/{}/template.yaml"
        said = (
            ("does not grant", self.missing),
            ("grants what nothing needs:", self.idle),
            ("grants without bounds:", self.boundless),
        )
        return [
            f"{where.format(each.bearer.partition('.')[0])} {how} {each}"
            for how, permissions in said
            for each in permissions
        ]


def judge(runtime: SimulatedRuntime) -> Verdict:
    """All templates against the code."""
    templates = [Template(service) for service in SERVICES]
    granted = frozenset(each for template in templates for each in template.granted)
    needed = by_code(runtime) | {each for template in templates for each in by_aws(template)}
    return Verdict(granted, frozenset(needed))


def _covers(grant: Permission, need: Permission) -> bool:
    same = (grant.bearer, grant.action) == (need.bearer, need.action)
    return same and fnmatchcase(need.resource, grant.resource)


def _count(permissions: Iterable[Permission], bearer: str) -> int:
    return sum(each.bearer == bearer for each in permissions)
