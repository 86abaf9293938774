"""The sentences for what the science returns as codes and figures, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

SENTENCES = {
    "worse_than_first": gettext_lazy(
        "Worse than at the first appointment by %(points)s points, from %(from_value)s to %(value)s; "
        "%(reliable_points)s count as more than measurement error."
    ),
    "worse_than_best": gettext_lazy(
        "Worse than at appointment %(from_appointment)s by %(points)s points, from %(from_value)s to %(value)s; "
        "%(reliable_points)s count as more than measurement error."
    ),
    "not_better": gettext_lazy(
        "By appointment %(appointment)s not better than at the first by the %(reliable_points)s points that count: "
        "%(from_value)s then, %(value)s now."
    ),
    "still_clinical": gettext_lazy("The last score, %(last)s, is on the clinical side of the cut-off, %(cutoff)s."),
    "early_watch_only": gettext_lazy(
        "Some people change only after appointment 6, so this is something to watch, no more."
    ),
    "no_cutoff": gettext_lazy("This measure has no cut-off, so this is something to watch, no more."),
    "below_signal_limit": gettext_lazy(
        "The appointment check came to %(last)s. For this client it is usually about %(usual)s, and below "
        "%(signal_limit)s is unusual."
    ),
    "below_watch_limit": gettext_lazy(
        "The appointment check came to %(last)s. For this client it is usually about %(usual)s."
    ),
    "level_rose": gettext_lazy("It was something to watch when you answered it; now it is more."),
    "worse_further": gettext_lazy("Since your answer it has moved by %(since_answer)s points more."),
    "cleared_between": gettext_lazy("In between all was as usual."),
}


def reason_sentences(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each stored reason as a sentence. `reasons` are the rows' own: a code and its facts."""
    return [_sentence(reason["code"], reason["facts"]) for reason in reasons]


def _sentence(code: str, facts: Mapping[str, Any]) -> str:
    if code == "unanswered_in_a_row":
        return ngettext(
            "The last form stayed unanswered.", "The last %(n)s forms stayed unanswered.", facts["unanswered"]
        ) % {"n": facts["unanswered"]}
    if code == "pause_over":
        return ngettext(
            "%(n)s appointment has passed since your answer.",
            "%(n)s appointments have passed since your answer.",
            facts["appointments"],
        ) % {"n": facts["appointments"]}
    return str(SENTENCES[code]) % {name: _figure(value) for name, value in facts.items()}


def _figure(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def signal_title(kind: str, level: str, occasion: int) -> str:
    """What a signal is called: worse and no change never share a name."""
    if kind == "worse":
        return _("worse than at the start") if level == "signal" else _("worse than before: watch")
    if kind == "no_change":
        words = _("no change by appointment %(k)s") if level == "signal" else _("no change yet: watch")
        return words % {"k": occasion}
    if kind == "drop":
        return _("the appointment check dropped")
    return _("forms unanswered")


def guess_sentence(expected: str, seen: str) -> str:
    """What the therapist expected beside what came, without praise or blame."""
    expected_words = {
        "better": _("You expected better"),
        "same": _("You expected the same"),
        "worse": _("You expected worse"),
    }
    seen_words = {
        "better": _("the answers are better."),
        "same": _("the answers are about the same."),
        "worse": _("the answers are worse."),
    }
    return f"{expected_words[expected]}; {seen_words[seen]}"
