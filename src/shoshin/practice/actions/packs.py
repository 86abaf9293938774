"""Bringing packs in, and taking them out of what is offered. What was tried stays bound to its version."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import Actor, action
from shoshin.practice.models import Exercise, Pack, Skill, Statement
from shoshin.practice.models.packs import PackFile, StatementFile
from shoshin.practice.models.reading import built_in_packs

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership


class CannotInstallPack(ValueError):
    """A pack that clashes with one that is here. Nothing was changed."""


@dataclass
class LoadReport:
    """What loading changed."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@action("practice.load_packs")
def load_packs(*, by: Actor, at: datetime) -> LoadReport:
    """Store the packs that come with Shoshin. Loading twice changes nothing."""
    report = LoadReport()
    for pack in built_in_packs():
        stored = Pack.objects.filter(slug=pack.manifest.id, version=pack.manifest.version, clinic=None).first()
        if stored is None:
            report.added.append(str(_store(pack, clinic=None, member=None, at=at)))
        elif stored.digest == pack.digest:
            report.unchanged.append(str(stored))
        else:
            raise CannotInstallPack(
                f"{pack.manifest.id}/pack.yaml: the files changed but the version is still {pack.manifest.version}. "
                "Attempts are bound to a version for ever: give the pack a new one."
            )
    return report


@action("practice.install_pack")
def install_pack(*, pack: PackFile, clinic: "Clinic", by: "Membership", at: datetime) -> Pack:
    """Offer a pack to everybody in the clinic. A newer version takes the place of an older one."""
    name, version = pack.manifest.id, pack.manifest.version
    if Pack.objects.filter(slug=name, clinic=None).exists():
        raise CannotInstallPack(_("A pack that comes with Shoshin has this id. Give yours another one."))
    newest = Pack.objects.filter(slug=name, clinic=clinic).order_by("-version").first()
    if newest is None or newest.version < version:
        stored = _store(pack, clinic=clinic, member=by, at=at)
        Pack.objects.filter(slug=name, clinic=clinic, removed_at=None).exclude(pk=stored.pk).update(removed_at=at)
        return stored
    if newest.version > version:
        raise CannotInstallPack(
            _("Version %(newer)s of this pack is here already; this file is version %(version)s. Nothing was changed.")
            % {"newer": newest.version, "version": version}
        )
    if newest.digest != pack.digest:
        raise CannotInstallPack(
            _("This version is here already, with other contents. Give the changed pack a higher version.")
        )
    newest.removed_at = None
    newest.save(update_fields=["removed_at"])
    return newest


@action("practice.remove_pack")
def remove_pack(*, pack: Pack, by: "Membership", at: datetime) -> Pack:
    """Offer it no longer. Attempts made on it stay readable for those who made them."""
    if pack.clinic_id is None:
        raise CannotInstallPack(_("This pack comes with Shoshin and stays."))
    if pack.removed_at is None:
        pack.removed_at = at
        pack.save(update_fields=["removed_at"])
    return pack


def _store(pack: PackFile, *, clinic: "Clinic | None", member: "Membership | None", at: datetime) -> Pack:
    manifest = pack.manifest
    stored = Pack.objects.create(
        clinic=clinic,
        slug=manifest.id,
        version=manifest.version,
        title=manifest.title,
        manifest=manifest.model_dump(mode="json"),
        digest=pack.digest,
        installed_at=at,
        installed_by=member,
    )
    skills = {
        slug: Skill.objects.create(pack=stored, slug=slug, **skill.model_dump(mode="json"))
        for slug, skill in pack.skills.items()
    }
    for slug, exercise in pack.exercises.items():
        plain = exercise.model_dump(mode="json", exclude={"statements", "skill"})
        row = Exercise.objects.create(pack=stored, skill=skills[exercise.skill], slug=slug, **plain)
        Statement.objects.bulk_create(_statement(row, each) for each in exercise.statements)
    return stored


def _statement(exercise: Exercise, each: StatementFile) -> Statement:
    plain = each.model_dump(mode="json", exclude={"id", "models"})
    possible = [model.model_dump(mode="json") for model in each.models]
    return Statement(exercise=exercise, slug=each.id, possible=possible, **plain)
