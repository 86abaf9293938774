"""Opening a course. How one ends is asked by feedback, which knows of alerts that wait."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shoshin.care.forms.fields import DayField


class OpenCourseForm(forms.Form):
    """A new course for a client who is in none."""

    opened_on = DayField(label=_("The course begins on"))
