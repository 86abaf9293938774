"""The door for reading: measures, forms, scores, and the figures that say how to read them."""

from shoshin.measures.models.facts import in_language
from shoshin.measures.queries.figures import (
    ReliableChangeFigure,
    band,
    change_figures,
    cutoff,
    reliable_change,
)
from shoshin.measures.queries.forms import (
    Form,
    FormItem,
    Option,
    can_display,
    form_for,
    is_worded,
    languages,
    licence_confirmation,
    skeleton_for,
)
from shoshin.measures.queries.scores import (
    AnswerProblem,
    Answers,
    RiskMark,
    answer_problems,
    headline_score,
    patterns_met,
    risk_items_marked,
    risk_items_missing,
    score_answers,
    score_of_total,
)
from shoshin.measures.queries.versions import CannotFindMeasure, current_measures, facts, measure_version

__all__ = [
    "AnswerProblem",
    "Answers",
    "CannotFindMeasure",
    "Form",
    "FormItem",
    "Option",
    "ReliableChangeFigure",
    "RiskMark",
    "answer_problems",
    "band",
    "can_display",
    "change_figures",
    "current_measures",
    "cutoff",
    "facts",
    "form_for",
    "headline_score",
    "in_language",
    "is_worded",
    "languages",
    "licence_confirmation",
    "measure_version",
    "patterns_met",
    "reliable_change",
    "risk_items_marked",
    "risk_items_missing",
    "score_answers",
    "score_of_total",
    "skeleton_for",
]
