"""What is asked for a goal, a week that fits, and minutes practised elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.practice.actions import WeekThatFits
from shoshin.practice.models import Mode, Skill

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class GoalForm(forms.Form):
    """One sentence, and the skill it asks for, if one fits."""

    sentence = forms.CharField(
        label=_("The moment I'd like to meet differently"),
        max_length=240,
        help_text=_("One sentence, in your own words. Leave out anything that names a client."),
    )
    skill = forms.ModelChoiceField(
        label=_("A skill that may help"), queryset=Skill.objects.none(), required=False, empty_label=_("none of these")
    )

    def __init__(self, *args: Any, skills: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["skill"]
        field.queryset = skills


class PlanForm(forms.Form):
    """Minutes a week, the share alone, days, and whether to be reminded on them."""

    minutes_a_week = forms.IntegerField(label=_("Minutes a week that fit"), min_value=0, max_value=1200)
    solo_share = forms.IntegerField(label=_("Share alone, in percent"), min_value=0, max_value=100)
    days = forms.TypedMultipleChoiceField(
        label=_("Days that suit me"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reminds = forms.BooleanField(label=_("Remind me by mail on these days"), required=False)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_clock())
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=_clock(),
        help_text=_("No reminder goes out in these hours, by the clinic's clock."),
    )

    def __init__(self, *args: Any, mails: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reminds"].help_text = (
            _("One short mail a day at most, with nothing in it of what you practise. None once the week is full.")
            if mails
            else _("No mail server is set here yet, so nothing goes out before somebody who runs Shoshin sets one.")
        )

    def week(self) -> WeekThatFits:
        """The plan, as the action takes it."""
        said = self.cleaned_data
        hours = {name: said[name] for name in ("quiet_from", "quiet_until") if said[name] is not None}
        plain = {name: said[name] for name in ("minutes_a_week", "solo_share", "reminds")}
        return WeekThatFits(days=tuple(said["days"]), **plain, **hours)


class MinutesForm(forms.Form):
    """Time practised elsewhere."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=480)
    mode = forms.ChoiceField(label=_("With whom?"), choices=Mode.choices)
    on = forms.DateField(label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
