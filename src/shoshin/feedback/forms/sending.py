"""What to ask a client for, in which language, before which appointment."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from shoshin.feedback.queries.offers import Offer

if TYPE_CHECKING:
    from shoshin.care.models import Appointment
    from shoshin.measures.models import MeasureVersion


class SendMeasureForm(forms.Form):
    """One or more measures, asked together."""

    measures = forms.MultipleChoiceField(
        label=_("Measures"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one measure.")},
    )
    language = forms.ChoiceField(label=_("Language of the form"), choices=settings.LANGUAGES)
    appointment = forms.ChoiceField(
        label=_("For which appointment?"),
        required=False,
        help_text=_("The form stays open until a day after it; without one, for seven days."),
    )

    def __init__(
        self,
        offers: Sequence[Offer],
        appointments: "Sequence[Appointment]",
        *args: Any,
        begun: "Appointment | None" = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {offer.facts.id: offer.version for offer in offers}
        held = [begun] if begun else []
        self._appointments = {str(each.pk): each for each in (*held, *appointments)}
        self.fields["measures"].choices = [(offer.facts.id, offer.facts.short) for offer in offers]  # type: ignore[attr-defined]
        self.fields["appointment"].choices = [  # type: ignore[attr-defined]
            *((str(each.pk), _("after %(moment)s") % {"moment": moment_in_words(each)}) for each in held),
            *((str(each.pk), _("before %(moment)s") % {"moment": moment_in_words(each)}) for each in appointments),
            ("", _("none in particular")),
        ]

    def versions(self) -> "list[MeasureVersion]":
        """The chosen measures, in the order of the page."""
        return [
            version for measure_id, version in self._versions.items() if measure_id in self.cleaned_data["measures"]
        ]

    def chosen_appointment(self) -> "Appointment | None":
        return self._appointments.get(self.cleaned_data["appointment"])


def moment_in_words(appointment: "Appointment") -> str:
    """An appointment by its day and hour on the clinic's clock."""
    return formats.date_format(timezone.localtime(appointment.starts_at), str(_("D j M, H:i")))
