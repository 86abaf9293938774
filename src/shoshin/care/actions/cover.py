"""Promising reading hours, going away, covering for one another, and being on duty."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from shoshin.care.models import Absence, Cover, Duty, ReadingHour
from shoshin.care.models.cover import DAYS, CoverEnding
from shoshin.care.queries.calendar import OUT_OF_REACH, day_of, is_in_reach, moment_on, start_of_day, zone_of
from shoshin.care.queries.cover import CLINICAL
from shoshin.kit.action import action

if TYPE_CHECKING:
    from shoshin.people.models import Clinic, Membership

Hours = tuple[int, time, time]  # weekday (Monday is 0), from, to
MOST_HOURS = 28
LONGEST_HANDOVER = 2000


class CannotSetReadingHours(ValueError):
    """These hours cannot be promised."""


class CannotEnterAbsence(ValueError):
    """The absence cannot stand as entered."""


class CannotAskCover(ValueError):
    """This colleague cannot be asked."""


class CannotAnswerCover(ValueError):
    """The request cannot be answered any more, or not like this."""


class CannotNameDuty(ValueError):
    """This member cannot be on duty."""


@action("care.set_reading_hours")
def set_reading_hours(*, member: "Membership", hours: Sequence[Hours], by: "Membership", at: datetime) -> None:
    """Promise these hours of the week, and no others. What was promised before stays on record, ended."""
    if member.role not in CLINICAL:
        raise CannotSetReadingHours(_("Only therapists and team leads read answers, so only they promise hours."))
    if len(hours) > MOST_HOURS:
        raise CannotSetReadingHours(_("That are more hours than a week can hold. Promise the ones you surely keep."))
    for weekday, begins, ends in hours:
        if not 0 <= weekday <= 6 or begins >= ends:
            raise CannotSetReadingHours(
                _("%(day)s: an hour has to end after it begins, on the same day.") % {"day": DAYS[weekday % 7]}
            )
    wanted = set(hours)
    for row in ReadingHour.objects.select_for_update().filter(member=member, ended_at=None):
        kept = (row.weekday, row.begins, row.ends)
        if kept in wanted:
            wanted.remove(kept)
        else:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
    for weekday, begins, ends in sorted(wanted):
        ReadingHour.objects.create(
            clinic_id=member.clinic_id, member=member, weekday=weekday, begins=begins, ends=ends, promised_at=at
        )


@action("care.enter_absence")
def enter_absence(
    *,
    member: "Membership",
    from_day: date,
    until_day: date,
    by: "Membership",
    at: datetime,
    from_time: time | None = None,
    until_time: time | None = None,
    colleague: "Membership | None" = None,
    handover: str = "",
) -> Absence:
    """Go away, on the clinic's clock; without times for whole days. From today means from now. A colleague is asked."""
    begins, ends = _span(member.clinic, from_day, from_time, until_day, until_time, at)
    if member.role not in CLINICAL:
        raise CannotEnterAbsence(_("Only therapists and team leads are covered while they are away."))
    if len(handover) > LONGEST_HANDOVER:
        raise CannotEnterAbsence(_("The words for your colleague are too long. 2,000 characters are the most."))
    others = Absence.objects.filter(member=member, cancelled_at=None, begins_at__lt=ends, ends_at__gt=begins)
    if others.exists():
        raise CannotEnterAbsence(
            _("You have an absence in these days already. Call that one off first, or choose other days.")
        )
    absence = Absence.objects.create(
        clinic_id=member.clinic_id,
        member=member,
        begins_at=begins,
        ends_at=ends,
        handover=handover.strip(),
        entered_at=at,
    )
    if colleague is not None:
        ask_cover(absence=absence, colleague=colleague, by=by, at=at)
    return absence


def _span(
    clinic: "Clinic", from_day: date, from_time: time | None, until_day: date, until_time: time | None, at: datetime
) -> tuple[datetime, datetime]:
    """Beginning and end as moments; an absence never begins before now."""
    today, zone = day_of(clinic, at), zone_of(clinic)
    if not (is_in_reach(from_day, today) and is_in_reach(until_day, today)):
        raise CannotEnterAbsence(str(OUT_OF_REACH))
    begins = moment_on(from_day, from_time, zone) if from_time else start_of_day(clinic, from_day)
    ends = moment_on(until_day, until_time, zone) if until_time else start_of_day(clinic, until_day + timedelta(days=1))
    if begins is None or ends is None:
        raise CannotEnterAbsence(_("The clocks jump over this time on that day. Choose another minute."))
    if ends <= max(begins, at):
        raise CannotEnterAbsence(_("This absence would be over already. Look at its last day and time."))
    return max(begins, at), ends


@action("care.write_handover")
def write_handover(*, absence: Absence, words: str, by: "Membership", at: datetime) -> Absence:
    """Leave a few words for whoever covers; they see them while they cover."""
    if len(words) > LONGEST_HANDOVER:
        raise CannotEnterAbsence(_("The words for your colleague are too long. 2,000 characters are the most."))
    absence.handover = words.strip()
    absence.save(update_fields=["handover"])
    return absence


@action("care.ask_cover")
def ask_cover(*, absence: Absence, colleague: "Membership", by: "Membership", at: datetime) -> Cover:
    """Ask a colleague. It counts only once they accept; whoever covers now goes on until then."""
    held = _held(absence, at, CannotAskCover)
    _withdraw_others(held, colleague, at)
    if colleague.clinic_id != held.clinic_id or colleague.ended_at is not None or colleague.role not in CLINICAL:
        raise CannotAskCover(_("Only a therapist or team lead of your clinic can cover for you."))
    if colleague.person_id == held.member.person_id:
        raise CannotAskCover(_("You cannot cover for yourself. Choose a colleague."))
    if held.covers.filter(colleague=colleague, ended_at=None).exists():
        raise CannotAskCover(_("%(name)s is asked already.") % {"name": colleague.person.name})
    return Cover.objects.create(clinic_id=held.clinic_id, absence=held, colleague=colleague, asked_at=at)


@action("care.accept_cover")
def accept_cover(*, cover: Cover, by: "Membership", at: datetime) -> Cover:
    """Say yes. Whoever covered until now stops in the same moment."""
    absence = _held(cover.absence, at, CannotAnswerCover)
    asked = _open(cover)
    if asked.accepted_at is not None:
        return asked
    if asked.colleague.ended_at is not None:
        raise CannotAnswerCover(_("Your place in this clinic has ended, so you cannot cover here."))
    _refuse_if_away(asked, absence)
    for earlier in absence.covers.filter(accepted_at__isnull=False, ended_at=None):
        _end(earlier, CoverEnding.REPLACED, at)
    asked.accepted_at = at
    asked.save(update_fields=["accepted_at"])
    return asked


@action("care.decline_cover")
def decline_cover(*, cover: Cover, by: "Membership", at: datetime) -> Cover:
    """Say no, or step back from a yes: the other's page says at once that nobody covers."""
    asked = _open(cover)
    return _end(asked, CoverEnding.STEPPED_BACK if asked.accepted_at else CoverEnding.DECLINED, at)


@action("care.cancel_absence")
def cancel_absence(*, absence: Absence, by: "Membership", at: datetime) -> Absence:
    """Call an absence off, or come back early: cover closes in the same moment."""
    held = Absence.objects.select_for_update().get(pk=absence.pk)
    if held.cancelled_at is not None or held.ends_at <= at:
        raise CannotEnterAbsence(_("This absence is over already."))
    held.cancelled_at = at
    held.save(update_fields=["cancelled_at"])
    return held


@action("care.name_duty")
def name_duty(*, member: "Membership", by: "Membership", at: datetime) -> Duty:
    """The owner names somebody to clients as on duty."""
    if member.clinic_id != by.clinic_id or member.ended_at is not None or member.role not in CLINICAL:
        raise CannotNameDuty(_("Only a therapist or team lead of this clinic can be on duty."))
    if Duty.objects.filter(member=member, ended_at=None).exists():
        raise CannotNameDuty(_("%(name)s is on duty already.") % {"name": member.person.name})
    return Duty.objects.create(clinic_id=member.clinic_id, member=member, named_at=at, named_by=by)


@action("care.end_duty")
def end_duty(*, duty: Duty, by: "Membership", at: datetime) -> Duty:
    """Somebody is no longer named to clients."""
    duty.ended_at = at
    duty.save(update_fields=["ended_at"])
    return duty


def _held(absence: Absence, at: datetime, refusal: type[ValueError]) -> Absence:
    """The absence, locked so that two answers follow one another; refused once it is over."""
    held: Absence = Absence.objects.select_for_update().get(pk=absence.pk)
    if held.cancelled_at is not None:
        raise refusal(_("This absence was called off, so nobody needs to cover."))
    if held.ends_at <= at:
        raise refusal(_("This absence is over, so nobody needs to cover."))
    return held


def _open(cover: Cover) -> Cover:
    asked: Cover = Cover.objects.select_for_update().get(pk=cover.pk)
    if asked.ended_at is not None:
        raise CannotAnswerCover(_("This request is no longer open: %(why)s.") % {"why": asked.get_ending_display()})
    return asked


def _end(cover: Cover, ending: CoverEnding, at: datetime) -> Cover:
    cover.ended_at, cover.ending = at, ending
    cover.save(update_fields=["ended_at", "ending"])
    return cover


def _withdraw_others(absence: Absence, colleague: "Membership", at: datetime) -> None:
    """One colleague is asked at a time: an earlier question that has no answer yet is taken back."""
    for waiting in absence.covers.filter(accepted_at=None, ended_at=None).exclude(colleague=colleague):
        _end(waiting, CoverEnding.WITHDRAWN, at)


def _refuse_if_away(asked: Cover, absence: Absence) -> None:
    overlapping = Q(begins_at__lt=absence.ends_at, ends_at__gt=absence.begins_at, cancelled_at=None)
    if Absence.objects.filter(
        overlapping, clinic_id=absence.clinic_id, member__person=asked.colleague.person_id
    ).exists():
        raise CannotAnswerCover(_("You are away yourself in these days. Say no, so that somebody else is asked."))
