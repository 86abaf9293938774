"""The door for reading: measures, forms, scores, and the figures that say how to read them."""

from shoshin.measures.models.facts import in_language
from shoshin.measures.queries.camcops import wording_folder
from shoshin.measures.queries.cards import MeasureCard, measure_card, measure_cards
from shoshin.measures.queries.drafts import Choices, Proposal
from shoshin.measures.queries.fhir_resources import fhir_observations, fhir_questionnaire, fhir_response
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
    licence_statement,
    skeleton_for,
    skeleton_names,
    unfetched_names,
    worded_measures,
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
from shoshin.measures.queries.uploads import folder_proposal, proposal_from
from shoshin.measures.queries.versions import CannotFindMeasure, current_measures, facts, measure_version

__all__ = [
    "AnswerProblem",
    "Answers",
    "CannotFindMeasure",
    "Choices",
    "Form",
    "FormItem",
    "MeasureCard",
    "Option",
    "Proposal",
    "ReliableChangeFigure",
    "RiskMark",
    "answer_problems",
    "band",
    "can_display",
    "change_figures",
    "current_measures",
    "cutoff",
    "facts",
    "fhir_observations",
    "fhir_questionnaire",
    "fhir_response",
    "folder_proposal",
    "form_for",
    "headline_score",
    "in_language",
    "is_worded",
    "languages",
    "licence_confirmation",
    "licence_statement",
    "measure_card",
    "measure_cards",
    "measure_version",
    "patterns_met",
    "proposal_from",
    "reliable_change",
    "risk_items_marked",
    "risk_items_missing",
    "score_answers",
    "score_of_total",
    "skeleton_for",
    "skeleton_names",
    "unfetched_names",
    "worded_measures",
    "wording_folder",
]
