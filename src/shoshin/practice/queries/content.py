"""What can be practised here now."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from shoshin.kit.policy import Hat
from shoshin.practice.models import Exercise, Family, Pack, Skill
from shoshin.practice.models.packs import LEVELS, vocabulary

if TYPE_CHECKING:
    from shoshin.people.models import Clinic


@dataclass(frozen=True)
class Shelf:
    """One family with its skills, each with its exercises."""

    family: Family
    skills: tuple[tuple[Skill, tuple[Exercise, ...]], ...]


@dataclass(frozen=True)
class Coverage:
    """Which skills and exercises there are for one client problem, and at which levels nothing is offered."""

    problem: str
    name: str
    skills: tuple[str, ...]
    exercises: tuple[str, ...]
    statements: int
    empty_levels: tuple[int, ...]


def offered_packs(clinic: "Clinic") -> QuerySet[Pack]:
    """The newest version of each pack that is not removed: the built-in ones, and those this clinic installed."""
    mine = Pack.objects.filter(Q(clinic=None) | Q(clinic=clinic), removed_at=None)
    newest = {pack.slug: pack.pk for pack in mine.order_by("version").only("pk", "slug")}
    return mine.filter(pk__in=newest.values()).order_by("clinic_id", "title")


def shelves(clinic: "Clinic") -> list[Shelf]:
    """The three families, in their order, with what is offered in each."""
    exercises: dict[int, list[Exercise]] = defaultdict(list)
    for exercise in Exercise.objects.filter(pack__in=offered_packs(clinic)).order_by("title"):
        exercises[exercise.skill_id].append(exercise)
    skills: dict[str, list[Skill]] = defaultdict(list)
    for skill in Skill.objects.filter(pack__in=offered_packs(clinic)).order_by("title"):
        skills[skill.family].append(skill)
    return [
        Shelf(family, tuple((skill, tuple(exercises[skill.pk])) for skill in skills[family]))
        for family in Family
        if skills[family]
    ]


def exercise_for(hat: Hat, pk: int) -> Exercise:
    """An exercise that this clinic is offered, or that this person has tried; 404 otherwise."""
    found = Exercise.objects.select_related("pack", "skill").filter(pk=pk)
    offered = Q(pack__in=offered_packs(hat.member.clinic)) | Q(rounds__member=hat.member)
    exercise = found.filter(offered).distinct().first()
    if exercise is None:
        raise Http404("No such exercise here.")
    return exercise


def skill_called(clinic: "Clinic", slug: str) -> Skill | None:
    """The offered skill of this name, if there is one."""
    return Skill.objects.filter(pack__in=offered_packs(clinic), slug=slug).select_related("pack").first()


def offered_skills(clinic: "Clinic") -> QuerySet[Skill]:
    """Every skill on the shelves, by title."""
    return Skill.objects.filter(pack__in=offered_packs(clinic)).order_by("family", "title")


def own_pack_for(hat: Hat, pk: int) -> Pack:
    """A pack that this clinic installed; 404 for any other."""
    found = Pack.objects.filter(clinic=hat.member.clinic, pk=pk).first()
    if found is None:
        raise Http404("No such pack of this clinic.")
    return found


def skills_for_problem(clinic: "Clinic", problem: str) -> list[Skill]:
    """Offered skills that a client problem often asks for."""
    return [skill for skill in Skill.objects.filter(pack__in=offered_packs(clinic)) if problem in skill.helps_with]


def coverage(clinic: "Clinic | None") -> list[Coverage]:
    """Client problem → skills → exercises, with the holes: every known problem is listed, also an empty one."""
    packs = offered_packs(clinic) if clinic else Pack.objects.filter(clinic=None, removed_at=None)
    skills = list(Skill.objects.filter(pack__in=packs).order_by("slug"))
    exercises = list(Exercise.objects.filter(pack__in=packs).prefetch_related("statements").order_by("slug"))
    found = []
    for problem, name in vocabulary().problems.items():
        mine = [(each, s) for each in exercises for s in each.statements.all() if s.problem == problem]
        levels = {statement.level for _, statement in mine}
        found.append(
            Coverage(
                problem,
                name,
                tuple(skill.slug for skill in skills if problem in skill.helps_with),
                tuple(dict.fromkeys(each.slug for each, _ in mine)),
                len(mine),
                tuple(level for level in LEVELS if level not in levels),
            )
        )
    return found
