"""Forms of welfare."""

from shoshin.welfare.forms.capacity import CapacityForm, LinesForm
from shoshin.welfare.forms.notes import NoteForm, ShareForm
from shoshin.welfare.forms.own_measures import OwnMeasureForm
from shoshin.welfare.forms.trusted import TrustedForm

__all__ = ["CapacityForm", "LinesForm", "NoteForm", "OwnMeasureForm", "ShareForm", "TrustedForm"]
