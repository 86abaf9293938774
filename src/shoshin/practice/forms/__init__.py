"""What practice asks on its pages."""

from shoshin.practice.forms.checks import FlagForm
from shoshin.practice.forms.goals import GoalForm, MinutesForm, PlanForm
from shoshin.practice.forms.packs import PackForm
from shoshin.practice.forms.recordings import StartRecordingForm
from shoshin.practice.forms.rounds import AnswerForm, ReactionForm, StartForm

__all__ = [
    "AnswerForm",
    "FlagForm",
    "GoalForm",
    "MinutesForm",
    "PackForm",
    "PlanForm",
    "ReactionForm",
    "StartForm",
    "StartRecordingForm",
]
