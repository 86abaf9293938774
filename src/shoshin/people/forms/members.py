"""Asking a colleague to join, and joining."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shoshin.people.models import Person, Role


class InviteForm(forms.Form):
    """Who is asked, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Your colleague signs in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role,
        widget=forms.RadioSelect,
        initial=Role.THERAPIST,
        help_text=_("None of them sees another therapist’s clients. An operator looks after the machine."),
    )


class JoinForm(forms.Form):
    """A new account: name and password. The address is the invitation's."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Your clients read it in the line that says who sees their answers."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        help_text=_("At least 12 characters. A sentence only you know is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password"):
            try:
                validate_password(given["password"], Person(email=self.email, name=given.get("name", "")))
            except ValidationError as problem:
                self.add_error("password", problem)
        return given
