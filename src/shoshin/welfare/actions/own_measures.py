"""Filling in a measure about oneself."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.kit.action import action
from shoshin.measures import queries as measures
from shoshin.welfare.actions.oneself import oneself
from shoshin.welfare.models import OwnResponse
from shoshin.welfare.queries.own_measures import own_measure

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion
    from shoshin.people.models import Membership


class CannotFillOwnMeasure(ValueError):
    """The measure is not filed."""


@action("welfare.fill_own_measure")
def fill_own_measure(
    *,
    member: "Membership",
    version: "MeasureVersion",
    answers: Mapping[str, float],
    by: "Membership",
    at: datetime,
) -> OwnResponse:
    """Keep one measure about oneself with its scores. Monthly at most: nobody is to be measured into the ground."""
    oneself(member, by)
    standing = own_measure(member, version, get_language() or "en", at)
    if standing.opens_on is not None:
        day = date_format(standing.opens_on, _("j F Y"))
        raise CannotFillOwnMeasure(_("Once a month is enough. It opens again on %(day)s.") % {"day": day})
    if measures.facts(version).respondent != "therapist" or not standing.worded:
        raise CannotFillOwnMeasure(_("This measure has no wording here yet, so it cannot be filled in."))
    if not answers:
        raise CannotFillOwnMeasure(_("Answer at least one question, or leave the page. Nothing was saved."))
    if measures.answer_problems(version, answers):
        raise CannotFillOwnMeasure(_("One answer is none of those offered. Nothing was saved."))
    scores = measures.score_answers(version, answers)
    return OwnResponse.objects.create(
        clinic_id=member.clinic_id,
        person_id=member.person_id,
        version=version,
        answers=dict(answers),
        scores={name: score.value for name, score in scores.items()},
        filled_at=at,
    )
