"""Hours of the week, an absence with the colleague who is asked, and who is on duty."""

from collections.abc import Iterable, Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.care.forms.fields import ClockField, DayField, WordsField
from shoshin.care.models.cover import DAYS

if TYPE_CHECKING:
    from shoshin.care.models import ReadingHour
    from shoshin.people.models import Membership


class ReadingHoursForm(forms.Form):
    """One line a weekday: from, to; an empty line promises nothing."""

    def __init__(self, *args: Any, promised: "Iterable[ReadingHour]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        kept = {hour.weekday: hour for hour in promised}
        for weekday in range(len(DAYS)):
            hour = kept.get(weekday)
            for name, label in (("begins", _("from")), ("ends", _("to"))):
                self.fields[f"{name}_{weekday}"] = ClockField(
                    label=label, required=False, initial=getattr(hour, name, None)
                )

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Each weekday with its two inputs."""
        return [(day, self[f"begins_{place}"], self[f"ends_{place}"]) for place, day in enumerate(DAYS)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for place in range(len(DAYS)):
            if (given.get(f"begins_{place}") is None) != (given.get(f"ends_{place}") is None):
                empty = "begins" if given.get(f"begins_{place}") is None else "ends"
                if not self.has_error(f"{empty}_{place}"):
                    self.add_error(f"{empty}_{place}", _("Give both times of this day, or none."))
        return given

    def hours(self) -> list[tuple[int, time, time]]:
        """What is promised."""
        given = self.cleaned_data
        return [
            (place, given[f"begins_{place}"], given[f"ends_{place}"])
            for place in range(len(DAYS))
            if given[f"begins_{place}"] is not None
        ]


class ColleagueField(forms.ChoiceField):
    """One of the colleagues who may be asked."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.colleagues: dict[str, Membership] = {}

    def offer(self, colleagues: "Sequence[Membership]", nobody: Any) -> None:
        self.colleagues = {str(each.pk): each for each in colleagues}
        self.choices = [("", nobody), *((key, each.person.name) for key, each in self.colleagues.items())]

    def clean(self, value: Any) -> Any:
        return self.colleagues.get(super().clean(value))


class AskCoverForm(forms.Form):
    """Whom to ask."""

    colleague = ColleagueField(label=_("Whom do you ask?"))

    def __init__(self, *args: Any, colleagues: "Sequence[Membership]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["colleague"]
        field.offer(colleagues, _("nobody yet") if not field.required else _("choose a colleague"))


class AbsenceForm(AskCoverForm):
    """From when to when, who is asked, and what they should know."""

    from_day = DayField(label=_("First day away"), help_text=_("If it is today, the absence begins now."))
    from_time = ClockField(label=_("From what time?"), required=False, help_text=_("Empty: the whole day."))
    until_day = DayField(label=_("Last day away"))
    until_time = ClockField(label=_("Until what time?"), required=False, help_text=_("Empty: until midnight."))
    colleague = ColleagueField(
        label=_("Who is asked to cover?"),
        required=False,
        help_text=_("It counts once they accept. While they cover they see your clients, answers and alerts."),
    )
    handover = WordsField(
        label=_("A few words for your colleague"),
        required=False,
        max_length=2000,
        help_text=_("They see them during the cover: what may come up, and what helps."),
    )
    field_order = ("from_day", "from_time", "until_day", "until_time", "colleague", "handover")


class HandoverForm(forms.Form):
    """What whoever covers should know."""

    words = WordsField(label=_("A few words for your colleague"), required=False, max_length=2000)


class DutyForm(forms.Form):
    """Who else is named."""

    member = ColleagueField(label=_("Who is on duty?"))

    def __init__(self, *args: Any, members: "Sequence[Membership]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["member"]
        field.offer(members, _("choose somebody"))
