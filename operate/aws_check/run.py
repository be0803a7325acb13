"""One run of aws-check: its steps, and what differed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError
from requests import RequestException

from operate.command import CommandError
from operate.stages import LocalStage, Stage


class NotPlayed(Exception):
    """Why a step can't be played on this stage."""


@dataclass(frozen=True)
class Step:
    """A part of a run, and the assumptions of docs/aws.md that it shows, by name."""

    name: str
    play: Callable[["Run"], None]
    shows: tuple[str, ...]
    aws_only: str = ""  # the service that no local environment has


@dataclass
class Run:
    """What the steps share."""

    stage: Stage
    say: Callable[[str], None]
    order: dict[str, str] = field(default_factory=dict)  # the completed order: its id, ticketId, expiresAt
    played: list[str] = field(default_factory=list)
    not_played: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def local(self) -> bool:
        """Whether this is a local environment."""
        return isinstance(self.stage, LocalStage)

    @property
    def site(self) -> str:
        """The site's address."""
        return str(
            self.stage.ready["url"] if isinstance(self.stage, LocalStage) else self.stage.outputs()["Url"]
        )

    def play(self, step: Step) -> bool:
        """Play a step and say how it went: False where it failed, which differs from what is assumed."""
        try:
            if step.aws_only and self.local:
                raise NotPlayed(f"a local environment has no {step.aws_only}")
            step.play(self)
        except NotPlayed as reason:
            self.not_played.append(step.name)
            self.say(f"{step.name:<14} not played: {reason}")
            return True
        except (CommandError, BotoCoreError, ClientError, RequestException) as error:
            self.differs(step.shows[0], str(error))
            return False
        self.played.append(step.name)
        self.say(f"{step.name:<14} played: {', '.join(step.shows)}")
        return True

    def differs(self, assumption: str, what: str) -> None:
        """Something is not as docs/aws.md has it."""
        self.differences.append(assumption)
        self.say(f"DIFFERS        {assumption}: {what}")

    def expect(self, assumption: str, wrong: Iterable[str]) -> None:
        """Each of these is a difference."""
        for each in wrong:
            self.differs(assumption, each)

    @property
    def summary(self) -> str:
        """One line: what was played, what was not, what differed."""
        played = f"{len(self.played)} steps played, {len(self.not_played)} not played"
        return f"aws-check {self.stage.name}: {played}, {len(self.differences)} differ from docs/aws.md"
