"""The words of the closed lists, for templates."""

from typing import TYPE_CHECKING

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from shoshin.practice.models.packs import vocabulary

if TYPE_CHECKING:
    from shoshin.science.agreement import Agreement
    from shoshin.science.progress import SkillChange

register = template.Library()


@register.filter
def flag_words(flag: str) -> str:
    """A content warning in plain words."""
    return vocabulary().flags.get(flag, flag)


@register.filter
def affect_words(affect: str) -> str:
    """A feeling in plain words."""
    return vocabulary().affects.get(affect, affect)


@register.filter
def manner_words(manner: str) -> str:
    """A school's manner in plain words."""
    return vocabulary().manners.get(manner, manner)


@register.filter
def agreement_words(found: "Agreement") -> str:
    """How far blind readers agree with a pack's writers, with the range in which it may lie."""
    figures = [number_format(each, 2) for each in (found.value, found.low, found.high) if each is not None]
    said = _(
        "Levels: sorted blind by %(readers)s readers. They agree with the writers by %(value)s "
        "(range %(low)s to %(high)s; 0 is chance, 1 is full agreement), over %(statements)s statements."
    )
    value, low, high = figures
    counted = {"readers": found.readers, "statements": found.statements}
    return said % {"value": value, "low": low, "high": high, **counted}


@register.filter
def change_words(found: "SkillChange") -> str:
    """How first answers have changed, in points of a hundred, with the range."""
    figures = [f"{round(100 * each):+d}" for each in (found.change, found.low, found.high) if each is not None]
    change, low, high = (each.replace("-", "\u2212") for each in figures)
    said = _(
        "First answers now meet the criterion by %(change)s points of 100, compared with before "
        "(range %(low)s to %(high)s)."
    )
    return said % {"change": change, "low": low, "high": high}
