"""Hours, absences and cover as pages show them, and the relation that cover opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from shoshin.care.models import Absence, Client, Cover, Duty, ReadingHour
from shoshin.care.models.cover import cover_open
from shoshin.kit.policy import Hat
from shoshin.people import queries as people

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership

CLINICAL = ("therapist", "lead")  # the roles that read, and may therefore promise hours and cover


def covered_by(member: "Membership", at: datetime | None) -> Q:
    """The clients a member may see because their therapist is away and this member has agreed to cover."""
    if at is None:
        return Q(pk__in=[])
    away = Cover.objects.filter(cover_open(at), colleague=member).values("absence__member__person")
    return Q(therapist__person__in=away, therapist__ended_at=None, clinic_id=member.clinic_id)


def covers_of(client: Client, at: datetime) -> "tuple[Membership, ...]":
    """Who covers a client's therapist at this moment: the same rule, asked from the client's end."""
    found = Cover.objects.filter(
        cover_open(at), clinic_id=client.clinic_id, absence__member__person=client.therapist.person_id
    )
    if client.therapist.ended_at is not None:
        return ()
    return tuple(cover.colleague for cover in found.select_related("colleague__person"))


def covers_now(member: "Membership", at: datetime) -> QuerySet[Cover]:
    """The absences this member covers at this moment, with what was left for them to know."""
    found = Cover.objects.filter(cover_open(at), colleague=member)
    return found.select_related("absence__member__person").order_by("absence__ends_at")


def cover_of(hat: Hat, client: Client) -> Cover | None:
    """By which cover this hat sees a client that is somebody else's."""
    if hat.at is None:
        return None
    return covers_now(hat.member, hat.at).filter(absence__member__person=client.therapist.person_id).first()


def cover_requests(member: "Membership", at: datetime) -> QuerySet[Cover]:
    """What waits for this member's yes or no, the soonest absence first."""
    return _standing_covers(member, at).filter(accepted_at=None)


def coming_covers(member: "Membership", at: datetime) -> QuerySet[Cover]:
    """The absences this member has agreed to cover that are not over."""
    return _standing_covers(member, at).exclude(accepted_at=None)


def _standing_covers(member: "Membership", at: datetime) -> QuerySet[Cover]:
    """What this member was asked to cover and what they agreed to, of absences that stand and are not over."""
    mine = Cover.objects.filter(colleague=member, ended_at=None, absence__cancelled_at=None, absence__ends_at__gt=at)
    return mine.select_related("absence__member__person").order_by("absence__begins_at")


@dataclass(frozen=True)
class ShownAbsence:
    """One absence of one's own: who covers, who is still asked, and who could be."""

    absence: Absence
    cover: Cover | None
    asked: tuple[Cover, ...]
    ended: tuple[Cover, ...]
    is_now: bool


def absences_of(member: "Membership", at: datetime) -> tuple[ShownAbsence, ...]:
    """A member's absences that are not over, the next one first."""
    coming = Absence.objects.filter(member=member, cancelled_at=None, ends_at__gt=at).order_by("begins_at")
    return tuple(_shown(absence, at) for absence in coming.prefetch_related("covers__colleague__person"))


def _shown(absence: Absence, at: datetime) -> ShownAbsence:
    rows = sorted(absence.covers.all(), key=lambda cover: cover.pk)
    return ShownAbsence(
        absence=absence,
        cover=next((cover for cover in rows if cover.is_accepted(at)), None),
        asked=tuple(cover for cover in rows if cover.accepted_at is None and cover.ended_at is None),
        ended=tuple(cover for cover in rows if cover.ended_at is not None),
        is_now=absence.is_in_force(at),
    )


def reading_hours_of(member: "Membership") -> QuerySet[ReadingHour]:
    """The hours a member promises now, through the week."""
    return ReadingHour.objects.filter(member=member, ended_at=None).order_by("weekday", "begins")


def duty_of(clinic: "Clinic") -> QuerySet[Duty]:
    """Who is on duty now, by name."""
    now = Duty.objects.filter(clinic=clinic, ended_at=None, member__ended_at=None, member__person__is_active=True)
    return now.select_related("member__person").order_by("member__person__name")


def colleagues_of(member: "Membership") -> "list[Membership]":
    """Whom a member may ask to cover: other therapists and leads of the clinic."""
    return [each for each in people.clinicians_of(member.clinic) if each.person_id != member.person_id]


def reading_member(hat: Hat) -> "Membership":
    """The member who wears this hat, or 404 where their role reads no answers."""
    member: Membership = hat.member
    if member.role not in CLINICAL:
        raise Http404("Only therapists and team leads promise hours and cover.")
    return member


def absence_for(hat: Hat, pk: int) -> Absence:
    """An absence of this hat's own, or 404."""
    found = Absence.objects.filter(pk=pk, member=reading_member(hat)).select_related("member__clinic").first()
    if found is None:
        raise Http404("No absence of yours has this address.")
    return found


def cover_for(hat: Hat, pk: int) -> Cover:
    """A request to this hat, answered or not, or 404."""
    found = (
        Cover.objects.filter(pk=pk, colleague=reading_member(hat))
        .select_related("absence__member__person", "absence__clinic")
        .first()
    )
    if found is None:
        raise Http404("No request to you has this address.")
    return found


def duty_for(hat: Hat, pk: int) -> Duty:
    """Somebody on duty at this hat's clinic, or 404."""
    found = Duty.objects.filter(pk=pk, clinic=hat.member.clinic, ended_at=None).select_related("member__person").first()
    if found is None:
        raise Http404("Nobody on duty here has this address.")
    return found
