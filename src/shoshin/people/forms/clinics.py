"""What the first run asks."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shoshin.kit import setup_code
from shoshin.people.models import Person


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


class FirstRunForm(forms.Form):
    """The clinic and its owner. From another machine it also asks for the code that the terminal shows."""

    clinic = forms.CharField(
        label=_("Name of the clinic"),
        max_length=120,
        help_text=_("If you work alone, your own name will do."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Your clients read it in the line that says who sees their answers."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. A sentence only you know is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=_time_zones, help_text=_("Appointments are kept in it.")
    )
    setup_code = forms.CharField(
        label=_("Setup code"),
        help_text=_("You are not at the machine that runs Shoshin. Its terminal shows this code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not needs_code:
            del self.fields["setup_code"]

    def clean_setup_code(self) -> str:
        code: str = self.cleaned_data["setup_code"]
        if not setup_code.code_fits(settings.HOME, code):
            raise ValidationError(_("This is not the code the terminal shows. Look there, then type it again."))
        return code

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password"):
            person = Person(email=given.get("email", ""), name=given.get("name", ""))
            try:
                validate_password(given["password"], person)
            except ValidationError as problem:
                self.add_error("password", problem)
        return given
