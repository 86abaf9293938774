"""Words for how imported courses came out."""

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from shoshin.feedback.queries.history import CourseLine, ImportedMeasure

register = template.Library()


@register.filter
def outcome_rows(measure: "ImportedMeasure") -> list[tuple[str, int, str]]:
    """Each outcome in words, how many courses, and what it means."""
    meanings = {
        "recovered": _("better by more than error, and out of the clinical range"),
        "improved": _("better by more than error"),
        "unchanged": _("about the same"),
        "worse": _("worse by more than error"),
    }
    return [(outcome(name), number, meanings[name]) for name, number in measure.counts.items()]


@register.filter
def outcome_word(line: "CourseLine") -> str:
    """What one course is called, where it can be said."""
    return outcome(line.change.category) if line.change else "–"


def outcome(category: str) -> str:
    """An outcome's name."""
    return {
        "recovered": _("recovered"),
        "improved": _("improved"),
        "unchanged": _("unchanged"),
        "worse": _("worse"),
    }[category]
