"""The risk ladder: who is told of an alert, in which order, until a named person has acknowledged it.

The rungs are data (content/risk_ladder.yaml); what they come to is arithmetic on the moment the answer was received.
A step that a dead worker missed is not skipped: whoever looks next takes every step that is due.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import yaml

from shoshin.care import queries as care

if TYPE_CHECKING:
    from shoshin.feedback.models import Alert
    from shoshin.people.models import Membership

FILE = Path(__file__).resolve().parents[1] / "content" / "risk_ladder.yaml"
Who = Literal["first", "leads", "duty", "everybody"]


@dataclass(frozen=True)
class Rung:
    """Who is told how long after the answer was received."""

    after: timedelta
    who: Who


@dataclass(frozen=True)
class Ladder:
    """The rungs in order, and how often everybody on them is told again after the last."""

    rungs: tuple[Rung, ...]
    repeat: timedelta

    def step(self, number: int) -> Rung:
        """The rung of a step: those of the file first, then everybody, again and again."""
        if number < len(self.rungs):
            return self.rungs[number]
        times = number - len(self.rungs) + 1
        return Rung(self.rungs[-1].after + times * self.repeat, "everybody")


@lru_cache(maxsize=1)
def ladder() -> Ladder:
    """The ladder of this installation, as its file says."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    rungs = tuple(Rung(timedelta(minutes=each["after_minutes"]), each["who"]) for each in told["rungs"])
    return Ladder(rungs, timedelta(minutes=told["repeat_minutes"]))


def step_due_at(alert: "Alert", number: int) -> datetime:
    """When a step of an alert is due, counted from when the server received the answer."""
    return alert.raised_at + ladder().step(number).after


def told_at(alert: "Alert", number: int, at: datetime) -> "tuple[Membership, ...]":
    """Whom a step of an alert tells, as things stand now: cover counts, and so does who has left. Each once."""
    responders = care.responders(alert.client, at)
    groups: dict[Who, Callable[[], tuple[Membership, ...]]] = {
        "first": lambda: responders.first or responders.leads or responders.duty,
        "leads": lambda: responders.leads or responders.duty,
        "duty": lambda: responders.duty or responders.leads,
        "everybody": lambda: (*responders.first, *responders.leads, *responders.duty),
    }
    return tuple({member.pk: member for member in groups[ladder().step(number).who]()}.values())
