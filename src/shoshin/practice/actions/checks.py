"""Readers watch over the content: a flag with a reason from a closed list, and sorting blind to the level."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shoshin.kit.action import action
from shoshin.practice.models import BlindSort, Flag, Statement
from shoshin.practice.models.packs import LEVELS

if TYPE_CHECKING:
    from shoshin.people.models import Membership

LONGEST_SENTENCE = 240


class CannotCheck(ValueError):
    """A flag or a sorting that does not fit. Nothing was changed."""


@action("practice.flag_statement")
def flag_statement(*, statement: Statement, reason: str, by: "Membership", at: datetime) -> Flag:
    """Ask that a statement be looked at again. The same reader and reason are one open flag."""
    if reason not in Flag.Reason.values:
        raise CannotCheck(_("Choose one of the reasons. Nothing was changed."))
    flag, _made = Flag.objects.get_or_create(
        clinic=by.clinic,
        statement=statement,
        reason=reason,
        flagged_by=by,
        settled_at=None,
        defaults={"flagged_at": at},
    )
    return flag


@action("practice.settle_flags")
def settle_flags(
    *, statement: Statement, reason: str, sentence: str, is_so: bool, by: "Membership", at: datetime
) -> int:
    """Settle every open flag of one reason with one sentence. Says how many.

    Where no reader flagged it and blind sorting asked the question, the answer is kept as a flag of whoever settles.
    """
    sentence = " ".join(sentence.split())
    if not sentence or len(sentence) > LONGEST_SENTENCE:
        raise CannotCheck(_("Say in one sentence, of at most 240 characters, what you found. Nothing was changed."))
    if reason not in Flag.Reason.values:
        raise CannotCheck(_("Choose one of the reasons. Nothing was changed."))
    found = {"settled": sentence, "settled_at": at, "is_so": is_so}
    settled = Flag.objects.filter(clinic=by.clinic, statement=statement, reason=reason, settled_at=None).update(**found)
    if not settled and reason == Flag.Reason.WRONG_LEVEL:
        Flag.objects.create(clinic=by.clinic, statement=statement, reason=reason, flagged_by=by, flagged_at=at, **found)
    return settled


@action("practice.sort_statement")
def sort_statement(*, statement: Statement, level: int, by: "Membership", at: datetime) -> BlindSort:
    """Keep the level a reader gives a statement. Each reader sorts it once, and the first answer stays."""
    if level not in LEVELS:
        raise CannotCheck(_("Choose one of the three levels. Nothing was changed."))
    sort, _made = BlindSort.objects.get_or_create(
        statement=statement, sorted_by=by, defaults={"clinic": by.clinic, "level": level, "sorted_at": at}
    )
    return sort
