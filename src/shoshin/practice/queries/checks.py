"""What readers found: open flags by statement, warnings, and what sorting blind says of a pack's levels.

Nobody finds here how one reader sorted: only what all of them say together, once enough have sorted enough.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from shoshin.kit.policy import Hat
from shoshin.practice.models import BlindSort, Exercise, Flag, Pack, Statement
from shoshin.practice.queries.content import offered_packs
from shoshin.science.agreement import LEAST_READERS, LEAST_STATEMENTS, Agreement, agreement_with

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership

A_SET = 20  # statements sorted in one go


@dataclass(frozen=True)
class Question:
    """One reason to look at a statement: how many readers gave it, and how many blind readers raise it by sorting."""

    reason: Flag.Reason
    readers: int
    sorters: int


@dataclass(frozen=True)
class FlaggedStatement:
    """A statement with everything that is asked about it."""

    statement: Statement
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Sorting:
    """Where one reader stands: the statement to sort next, none at the end of a set or of the pack, and how many."""

    statement: Statement | None
    sorted_by_me: int
    statements: int

    @property
    def in_this_set(self) -> int:
        return self.sorted_by_me % A_SET

    @property
    def is_whole(self) -> bool:
        return self.sorted_by_me >= self.statements


def statements_met(member: "Membership", exercise: Exercise) -> QuerySet[Statement]:
    """The statements of an exercise that this person has answered: no other is shown outside of a round."""
    return exercise.statements.filter(attempts__member=member).distinct().order_by("level", "pk")


def statement_for(hat: Hat, pk: int) -> Statement:
    """A statement that this clinic is offered, or that somebody here has flagged; 404 for any other."""
    clinic = hat.member.clinic
    here = Q(exercise__pack__in=offered_packs(clinic)) | Q(flagged__clinic=clinic)
    found = Statement.objects.filter(here, pk=pk).select_related("exercise__pack").distinct().first()
    if found is None:
        raise Http404("No such statement here.")
    return found


def pack_for(hat: Hat, pk: int) -> Pack:
    """A pack that this clinic is offered; 404 for any other."""
    found = offered_packs(hat.member.clinic).filter(pk=pk).first()
    if found is None:
        raise Http404("No such pack here.")
    return found


def waiting_flags(clinic: "Clinic") -> list[FlaggedStatement]:
    """Every open question about a statement, by exercise; suggestions of blind sorting among them."""
    asked: dict[tuple[int, str], int] = defaultdict(int)
    for statement, reason in Flag.objects.filter(clinic=clinic, settled_at=None).values_list("statement_id", "reason"):
        asked[statement, reason] += 1
    sorters = misplaced(clinic)
    keys = sorted({*asked, *((pk, Flag.Reason.WRONG_LEVEL.value) for pk in sorters)})
    questions: dict[int, list[Question]] = defaultdict(list)
    for pk, reason in keys:
        by_sorting = sorters.get(pk, 0) if reason == Flag.Reason.WRONG_LEVEL else 0
        questions[pk].append(Question(Flag.Reason(reason), asked[pk, reason], by_sorting))
    rows = Statement.objects.filter(pk__in=questions).select_related("exercise")
    return [FlaggedStatement(row, tuple(questions[row.pk])) for row in rows.order_by("exercise__title", "level", "pk")]


def warned_statements(clinic: "Clinic", statements: Iterable[Statement]) -> set[int]:
    """Which of these a reader here found distressing, unless whoever looked last found otherwise."""
    found = Flag.objects.filter(clinic=clinic, statement__in=list(statements), reason=Flag.Reason.DISTRESSING)
    rows = found.values_list("statement_id", "is_so", "settled_at")
    waiting = {pk for pk, _so, settled_at in rows if settled_at is None}
    looked_at = sorted(((settled_at, pk, so) for pk, so, settled_at in rows if settled_at is not None))
    latest = {pk: so for _at, pk, so in looked_at}
    return waiting | {pk for pk, so in latest.items() if so}


def misplaced(clinic: "Clinic") -> dict[int, int]:
    """Statements that most of at least three blind readers put elsewhere than their writers, with how many readers.

    One that somebody has looked at already is asked about no more.
    """
    looked_at = Flag.objects.filter(clinic=clinic, reason=Flag.Reason.WRONG_LEVEL).exclude(settled_at=None)
    offered = BlindSort.objects.filter(clinic=clinic, statement__exercise__pack__in=offered_packs(clinic))
    rows = offered.exclude(statement__in=looked_at.values("statement"))
    elsewhere: dict[int, list[bool]] = defaultdict(list)
    for pk, level, meant in rows.values_list("statement_id", "level", "statement__level"):
        elsewhere[pk].append(level != meant)
    return {
        pk: len(votes) for pk, votes in elsewhere.items() if len(votes) >= LEAST_READERS and 2 * sum(votes) > len(votes)
    }


def sorting_of(member: "Membership", pack: Pack, *, goes_on: bool = False) -> Sorting:
    """What this reader sorts next. Everybody meets a pack's statements in one order, so that the same ones are sorted.

    After each set of twenty comes a rest, unless the reader goes on.
    """
    whole = list(Statement.objects.filter(exercise__pack=pack).select_related("exercise"))
    mine = set(BlindSort.objects.filter(sorted_by=member, statement__in=whole).values_list("statement_id", flat=True))
    left = sorted((each for each in whole if each.pk not in mine), key=_place)
    rests = bool(mine) and len(mine) % A_SET == 0 and not goes_on
    return Sorting(None if rests or not left else left[0], len(mine), len(whole))


def agreement_of(pack: Pack, clinic: "Clinic") -> Agreement:
    """How far readers here agree with the writers of a pack; no figure before three have sorted thirty of the same."""
    meant, readers, same = _sorted_alike(pack, clinic)
    return agreement_with([meant[pk] for pk in same], [[reader[pk] for pk in same] for reader in readers])


def blind_checked(exercises: Iterable[Exercise], clinic: "Clinic") -> set[int]:
    """Which exercises' levels were sorted blind: each statement by three readers here, in a pack with enough of it, or
    by outside readers, as the pack says of itself.
    """
    exercises = list(exercises)
    packs = {each.pack_id: each.pack for each in exercises}
    enough = {pk for pk, pack in packs.items() if _is_enough(*_sorted_alike(pack, clinic)[1:])}
    sorters: dict[int, int] = defaultdict(int)
    for pk in BlindSort.objects.filter(clinic=clinic, statement__exercise__in=exercises).values_list(
        "statement_id", flat=True
    ):
        sorters[pk] += 1
    parts: dict[int, list[int]] = defaultdict(list)
    for pk, exercise in Statement.objects.filter(exercise__in=exercises).values_list("pk", "exercise_id"):
        parts[exercise].append(sorters[pk])
    return {
        each.pk
        for each in exercises
        if packs[each.pack_id].manifest.get("blind_checked")
        or (each.pack_id in enough and all(count >= LEAST_READERS for count in parts[each.pk]))
    }


def _place(statement: Statement) -> str:
    """Where a statement stands in the order in which all readers sort: mixed, and the same for everybody."""
    return hashlib.sha256(f"{statement.exercise.slug}/{statement.slug}".encode()).hexdigest()


def _is_enough(readers: list[dict[int, int]], same: list[int]) -> bool:
    return len(readers) >= LEAST_READERS and len(same) >= LEAST_STATEMENTS


def _sorted_alike(pack: Pack, clinic: "Clinic") -> tuple[dict[int, int], list[dict[int, int]], list[int]]:
    """The writers' levels, as many readers as have sorted enough of the same statements, and those statements."""
    rows = BlindSort.objects.filter(clinic=clinic, statement__exercise__pack=pack)
    meant: dict[int, int] = {}
    given: dict[int, dict[int, int]] = defaultdict(dict)
    for reader, pk, level, own in rows.values_list("sorted_by_id", "statement_id", "level", "statement__level"):
        meant[pk], given[reader][pk] = own, level
    readers = sorted(given.values(), key=len, reverse=True)
    chosen = readers[:LEAST_READERS]
    same = _common(chosen)
    for count in range(LEAST_READERS + 1, len(readers) + 1):
        further = _common(readers[:count])
        if len(further) < LEAST_STATEMENTS:
            break
        chosen, same = readers[:count], further
    return meant, chosen, same


def _common(readers: list[dict[int, int]]) -> list[int]:
    return sorted(set.intersection(*(set(reader) for reader in readers))) if readers else []
