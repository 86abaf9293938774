"""Bringing in a pack as a zipped folder."""

import io
import lzma
import zipfile
import zlib
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shoshin.practice.models.packs import CannotReadPack, PackFile
from shoshin.practice.models.reading import read_files

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 500
BROKEN_ZIP = (zipfile.BadZipFile, RuntimeError, OSError, ValueError, EOFError, zlib.error, lzma.LZMAError)


class PackForm(forms.Form):
    """A zipped pack folder, read and checked. Each problem is an error of its own."""

    pack = forms.FileField(
        label=gettext_lazy("The pack's folder, zipped"),
        help_text=gettext_lazy("pack.yaml, skills and exercises, as described in docs/packs.md; at most 5 MB."),
    )

    def clean_pack(self) -> PackFile:
        """The pack in the file."""
        try:
            return read_files(_unzipped(self.cleaned_data["pack"]))
        except CannotReadPack as refusal:
            raise forms.ValidationError([str(problem) for problem in refusal.problems[:50]]) from None


def _unzipped(upload: Any) -> dict[str, bytes]:
    """The YAML files of the archive, by their names inside the folder that holds pack.yaml."""
    if upload.size > MOST_BYTES:
        raise forms.ValidationError(_("This file is larger than 5 MB. Nothing was changed."))
    try:
        with zipfile.ZipFile(io.BytesIO(upload.read())) as archive:
            entries = [each for each in archive.infolist() if each.filename.endswith(".yaml")]
            if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_BYTES:
                raise forms.ValidationError(_("This unpacks to more than a pack can hold. Nothing was changed."))
            root = next((each.filename.removesuffix("pack.yaml") for each in entries if _is_manifest(each)), "")
            inside = [each for each in entries if each.filename.startswith(root)]
            return {each.filename.removeprefix(root): archive.read(each) for each in inside}
    except BROKEN_ZIP:
        raise forms.ValidationError(
            _("This cannot be unpacked. Zip the pack's folder again, without a password.")
        ) from None


def _is_manifest(entry: zipfile.ZipInfo) -> bool:
    return entry.filename == "pack.yaml" or entry.filename.endswith("/pack.yaml")
