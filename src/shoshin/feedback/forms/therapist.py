"""What a therapist fills in: an answer to a signal, a note to an alert, a plan of measures, how a course ends."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shoshin.care import actions as care_actions
from shoshin.care import queries as care
from shoshin.feedback.models.assignments import Rhythm
from shoshin.feedback.models.signals import Next
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.care.models import Course
    from shoshin.measures.models.definitions import Measure
    from shoshin.people.models import Clinic


CHOOSE = _("Choose one of the answers. The signal stays open until then.")


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def lines(rows: int = 3) -> forms.Textarea:
    """A few lines of text."""
    return forms.Textarea(attrs={"rows": rows})


class AnswerSignalForm(forms.Form):
    """What next? One of five answers, with words where they are needed."""

    choice = forms.ChoiceField(
        label=_("What next?"), choices=Next.choices, widget=forms.RadioSelect, error_messages={"required": CHOOSE}
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        widget=lines(),
        help_text=_("Needed where you changed something or see it differently. The client may read this."),
    )
    you_said = forms.CharField(
        label=_("What did the client say that led to it?"),
        required=False,
        max_length=300,
        widget=lines(2),
        help_text=_("With “I changed something”: goes to the client's own page as “You said”."),
    )

    def __init__(self, *args: Any, has_been_brought: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if has_been_brought:
            choices = [choice for choice in Next.choices if choice[0] != Next.BRING]
            self.fields["choice"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("choice") in (Next.CHANGED, Next.DIFFERENT) and not given.get("words", "").strip():
            self.add_error("words", _("Say it in a few words. The signal stays open until then."))
        return given


class AcknowledgeAlertForm(forms.Form):
    """What is done about a marked safety question."""

    note = forms.CharField(
        label=_("What do you do about it?"),
        help_text=_("A few words are enough. The alert stays open until they are written."),
        error_messages={"required": _("Say in a few words what you do about it. The alert stays open until then.")},
        widget=lines(),
    )


class CloseAlertForm(forms.Form):
    """What came of it, in words."""

    note = forms.CharField(
        label=_("What came of it?"),
        widget=lines(),
        help_text=_("Kept with the record; the client may read it. The alert is closed with it."),
        error_messages={"required": _("Say in a few words what came of it. The alert stays open until then.")},
    )


class RecordChangeForm(forms.Form):
    """ "You said, I changed", for the client's own page."""

    you_said = forms.CharField(label=_("You said"), max_length=300, required=False, widget=lines(2))
    i_changed = forms.CharField(
        label=_("I changed"),
        max_length=300,
        widget=lines(2),
        error_messages={
            "required": _("Say in a few words what you changed. Nothing has gone to the client's page yet.")
        },
    )


class ScheduleForm(forms.Form):
    """How often each measure is asked in a course; "not asked" where it is not."""

    says_what_may_stay_open = True  # "not asked" is an answer

    def __init__(self, *args: Any, clinic: "Clinic", plan: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._worded = measures.worded_measures(clinic)
        for version in measures.current_measures(clinic):
            facts = measures.facts(version)
            if facts.respondent == "client":
                self.fields[version.measure_id] = forms.ChoiceField(
                    label=_full_title(facts),
                    choices=[("", _("not asked")), *Rhythm.choices],
                    required=False,
                    initial=plan.get(version.measure_id, ""),
                )

    def worded(self) -> list[forms.BoundField]:
        """The measures a client can be sent, and those brought under the plan already."""
        return [field for field in self if field.name in self._worded or field.value()]

    def from_paper(self) -> list[forms.BoundField]:
        """The measures without wording here, which a plan seldom holds."""
        return [field for field in self if field.name not in self._worded and not field.value()]


def _full_title(facts: "Measure") -> str:
    """A measure's title in the reader's language, with its short name where that is not in it."""
    title = measures.in_language(facts.title, get_language() or "en")
    return title if facts.short.lower() in title.lower() else f"{title} ({facts.short})"


class EndCourseForm(forms.Form):
    """How a course ends. `cleaned_data` holds what `care.actions.end_course` asks for besides the course."""

    ended_on = forms.DateField(label=_("Last day of the course"), widget=day_input())
    ending = forms.ChoiceField(
        label=_("How did it end?"),
        choices=care.Ending.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the course ended.")},
    )
    decided_by = forms.ChoiceField(
        label=_("Who decided?"),
        choices=care.Decider.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who decided.")},
    )
    grounds = forms.MultipleChoiceField(
        label=_("On what ground?"),
        choices=care.Ground.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Asked when therapist or clinic decides. Scores or a signal alone are no ground."),
    )
    ground_words = forms.CharField(
        label=_("In your words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Asked when therapist or clinic decides. The client may read this."),
    )
    consulted = forms.CharField(
        label=_("With whom did you consult?"),
        max_length=160,
        required=False,
        help_text=_("Asked when therapist or clinic decides."),
    )
    referred_to = forms.CharField(
        label=_("To whom is the client referred?"),
        max_length=160,
        required=False,
        help_text=_("Asked when you refer on."),
    )
    held_meanwhile_by = forms.CharField(
        label=_("Who holds the client until the next one has been met?"),
        max_length=160,
        required=False,
        help_text=_("Asked when you refer on, and when therapist or clinic decides. A person, not a waiting list."),
    )

    def __init__(self, *args: Any, course: "Course", today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.course, self.today = course, today
        self.fields["ended_on"].initial = today

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            for name, sentence in care_actions.missing_from_ending(
                self.course, care_actions.EndingWords(**given), self.today
            ).items():
                self.add_error(name, sentence)
        return given
