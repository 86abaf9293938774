"""What the measures pages ask."""

from shoshin.measures.forms.imports import ImportMeasureForm, UploadForm
from shoshin.measures.forms.licences import ConfirmLicenceForm

__all__ = ["ConfirmLicenceForm", "ImportMeasureForm", "UploadForm"]
