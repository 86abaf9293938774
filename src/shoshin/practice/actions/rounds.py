"""A round of practice: begin, answer, rate, react, stop. Each step may arrive twice and counts once."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.practice.actions.abilities import learn_from, schedule_return
from shoshin.practice.actions.goals import count_round
from shoshin.practice.actions.recordings import join_recording
from shoshin.practice.models import Attempt, Exercise, Goal, Mode, Rating, Reaction, Round, Statement, Stopped
from shoshin.practice.models.packs import LEVELS
from shoshin.practice.queries.enough import enough_for_today
from shoshin.practice.queries.recordings import waiting_recordings
from shoshin.practice.queries.steps import beginning_level, step_after

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_TEXT = 4000
FELT = ("body", "emotion", "urge", "shame", "self_criticism", "words")
LONGEST_FELT = 300


class CannotPractise(ValueError):
    """Something in a step does not fit its round. The message says what is kept and what to do."""


@dataclass(frozen=True)
class Answer:
    """One's own answer, before anything is compared. `key` is made where it was given, so that a copy counts once."""

    key: uuid.UUID
    kind: str
    text: str = ""
    given_at: datetime | None = None


@dataclass(frozen=True)
class Felt:
    """How hard it was, and on the optional second step how it felt. Shame and self-criticism: 0 none to 10 extreme."""

    reaction: str
    more: dict[str, Any] = field(default_factory=dict)


@action("practice.start_round")
def start_round(
    *,
    exercise: Exercise,
    key: uuid.UUID,
    criterion: str = "",
    level: int | None = None,
    mode: str = Mode.SOLO,
    by: "Membership",
    at: datetime,
) -> Round:
    """Begin an exercise at the level chosen, or else at the one the person's own record suggests."""
    known = Round.objects.filter(member=by, key=key).first()
    if known is not None:
        return known
    first = exercise.criteria[0]["id"]
    suggested = beginning_level(by, exercise, at)
    begins = level if level in LEVELS else suggested
    return Round.objects.create(
        clinic=by.clinic,
        member=by,
        exercise=exercise,
        goal=Goal.objects.filter(member=by, ended_at=None).first(),
        key=key,
        mode=mode,
        criterion=criterion if exercise.criterion(criterion) else first,
        began_level=begins,
        asked=begins > suggested,
        level=begins,
        began_at=at,
    )


@action("practice.record_attempt")
def record_attempt(*, round: Round, statement: Statement, answer: Answer, by: "Membership", at: datetime) -> Attempt:
    """Keep an answer as it was first given. The same key with the same words is the same attempt."""
    digest = _digest(statement, answer)
    Round.objects.select_for_update().only("pk").get(pk=round.pk)  # a copy that comes at the same moment waits here
    before = Attempt.objects.filter(Q(key=answer.key) | Q(round=round) | Q(statement=statement), member=by)
    tried = list(before.values_list("key", "round", "statement"))
    if any(key == answer.key for key, _there, _said in tried):
        known = Attempt.objects.get(member=by, key=answer.key)
        if known.digest != digest:
            raise CannotPractise(_("Another answer is kept under this key. It stays as it was; begin the next try."))
        return known
    _check(round, statement, answer)
    attempt = Attempt.objects.create(
        clinic=by.clinic,
        round=round,
        member=by,
        statement=statement,
        key=answer.key,
        digest=digest,
        number=sum(there == round.pk for _key, there, _said in tried) + 1,
        is_first=all(said != statement.pk for _key, _there, said in tried),
        answer=answer.kind,
        text=answer.text.strip(),
        answered_at=min(answer.given_at or at, at),
        received_at=at,
    )
    if answer.kind != "silent" and waiting_recordings(by, answer.key).exists():
        join_recording(attempt=attempt, by=by, at=at)
    return attempt


@action("practice.rate_attempt")
def rate_attempt(*, attempt: Attempt, rating: int, by: "Membership", at: datetime) -> Attempt:
    """Say whether the answer met the round's one criterion: before the model answers are shown, and once."""
    if attempt.rating is None:
        if rating not in Rating.values:
            raise CannotPractise(_("Choose one of the three. Your answer is kept."))
        _once(attempt, Q(rating=None), rating=rating)
    return attempt


@action("practice.record_reaction")
def record_reaction(*, attempt: Attempt, felt: Felt, by: "Membership", at: datetime) -> Attempt:
    """Say how hard it was. What comes next follows from this first, and from the rating second."""
    if attempt.reaction:
        return attempt
    if attempt.rating is None:
        raise CannotPractise(_("Rate the criterion first. Your answer is kept."))
    if felt.reaction not in Reaction.values:
        raise CannotPractise(_("Choose how hard it was. Your answer is kept."))
    if not _once(attempt, Q(reaction=""), reaction=felt.reaction, felt=_cleaned(felt.more)):
        return attempt
    step = step_after(attempt, learn_from(attempt=attempt, by=by, at=at))
    attempt.step = {"level": step.level, "ended": step.ended, "reason": asdict(step.reason)}
    attempt.save(update_fields=["step"])
    if attempt.round.level != step.level:
        attempt.round.level = step.level
        attempt.round.save(update_fields=["level"])
    if step.ended:
        stop_round(round=attempt.round, because=Stopped.TWICE_TOO_HARD, by=by, at=at)
    return attempt


@action("practice.choose_level")
def choose_level(*, round: Round, level: int, by: "Membership", at: datetime) -> Round:
    """Step down, whenever wished and without a reason. Stepping up past a "too hard" waits for a later round."""
    marked = round.attempts.filter(reaction=Reaction.TOO_HARD).exists()
    if level not in LEVELS or (level > round.level and marked):
        raise CannotPractise(_("This round stays here or becomes easier. In a next round you may begin higher."))
    round.level = level
    round.save(update_fields=["level"])
    return round


@action("practice.stop_round")
def stop_round(*, round: Round, because: str = "", by: "Membership | Actor", at: datetime) -> Round:
    """End a round. Stopping is always right, and never a failure.

    Where no cause is given, it is enough for today if the stop rule says so, and otherwise the person chose.
    """
    if round.ended_at is None:
        enough = not because and round.attempts.exists() and enough_for_today(round.member, at).suggested
        round.ended_at, round.stopped = at, because or (Stopped.ENOUGH if enough else Stopped.CHOSE)
        round.save(update_fields=["ended_at", "stopped"])
        schedule_return(round=round, by=by, at=at)
        count_round(round=round, by=by, at=at)
    return round


@action("practice.keep_mistake")
def keep_mistake(*, attempt: Attempt, lesson: str, keep: bool, by: "Membership", at: datetime) -> Attempt:
    """Keep an attempt among the useful mistakes, with what it taught in a line; or let it go again."""
    attempt.is_useful, attempt.lesson = keep, " ".join(lesson.split())[:240] if keep else ""
    attempt.save(update_fields=["is_useful", "lesson"])
    return attempt


def _once(attempt: Attempt, still: Q, **said: Any) -> bool:
    """Write what was said of an attempt, if `still` holds of it in the database: of two copies at once, one counts."""
    is_first = Attempt.objects.filter(still, pk=attempt.pk).update(**said) == 1
    if is_first:
        for name, value in said.items():
            setattr(attempt, name, value)
    else:
        attempt.refresh_from_db(fields=[*said, "step"])
    return is_first


def _digest(statement: Statement, answer: Answer) -> str:
    whole = json.dumps([statement.pk, answer.kind, answer.text.strip()], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def _check(round: Round, statement: Statement, answer: Answer) -> None:
    given_before_its_end = (
        answer.given_at is not None and round.ended_at is not None and answer.given_at < round.ended_at
    )
    if round.ended_at is not None and not given_before_its_end:
        raise CannotPractise(_("This round has ended. What you tried in it is kept; begin a new one."))
    if statement.exercise_id != round.exercise_id:
        raise CannotPractise(_("This statement belongs to another exercise. Nothing was changed."))
    silent = answer.kind == "silent"
    if silent != round.exercise.is_silent:
        raise CannotPractise(_("This exercise is answered another way. Nothing was changed."))
    if answer.kind == "typed" and not answer.text.strip():
        raise CannotPractise(_("Write what you would say, even roughly."))
    if len(answer.text) > LONGEST_TEXT:
        raise CannotPractise(_("An answer fits in 4,000 characters. Your words are still on this page; shorten them."))


def _cleaned(more: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in FELT:
        value = more.get(name)
        if name in ("shame", "self_criticism") and isinstance(value, int) and 0 <= value <= 10:
            kept[name] = value
        elif name not in ("shame", "self_criticism") and isinstance(value, str) and value.strip():
            kept[name] = " ".join(value.split())[:LONGEST_FELT]
    return kept
