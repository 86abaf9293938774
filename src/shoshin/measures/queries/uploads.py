"""Which reader an uploaded file needs, told from what is in it."""

import io
import lzma
import zipfile
import zlib
from pathlib import Path

from shoshin.measures.models.files import CannotReadMeasure, Problem
from shoshin.measures.queries.drafts import Choices, Proposal
from shoshin.measures.queries.fhir_import import questionnaire_proposal
from shoshin.measures.queries.json_files import json_in
from shoshin.measures.queries.redcap import entries_proposal, redcap_proposal
from shoshin.measures.queries.reproschema import reproschema_proposal

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 2000
BROKEN_ZIP = (zipfile.BadZipFile, RuntimeError, OSError, ValueError, EOFError, zlib.error, lzma.LZMAError)
KNOWN = "Choose a FHIR Questionnaire (JSON), a REDCap dictionary (CSV or JSON) or a zipped ReproSchema activity."


def proposal_from(name: str, content: bytes, choices: Choices) -> Proposal:
    """What an uploaded file would bring in. Nothing is stored."""
    if len(content) > MOST_BYTES:
        return _refused(name, "is larger than 5 MB", KNOWN)
    if content[:4] == b"PK\x03\x04":
        return _zipped(name, content, choices)
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"[", b"{")):
        return _from_json(name, text, choices)
    if name.lower().endswith(".csv"):
        return redcap_proposal(name, content, choices)
    return _refused(name, "is of no kind that can be read here", KNOWN)


def folder_proposal(folder: Path, choices: Choices) -> Proposal:
    """What a ReproSchema folder on this machine would bring in."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()][:MOST_FILES]
    return reproschema_proposal(folder.name, {str(p.relative_to(folder)): p.read_bytes() for p in paths}, choices)


def _zipped(name: str, content: bytes, choices: Choices) -> Proposal:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > 4 * MOST_BYTES:
                return _refused(name, "unpacks to more than can be read", "Zip the folder of one activity.")
            files = {entry.filename: archive.read(entry) for entry in entries}
    except BROKEN_ZIP as error:
        return _refused(name, f"cannot be unpacked ({error})", "Zip the folder again, without a password.")
    return reproschema_proposal(name, files, choices)


def _from_json(name: str, text: bytes, choices: Choices) -> Proposal:
    try:
        found = json_in(name, text)
    except CannotReadMeasure as refusal:
        return Proposal(name, None, None, refusal.problems)
    if isinstance(found, list) or found.get("questions") is not None:
        return entries_proposal(name, found, choices)
    return questionnaire_proposal(name, found, choices)


def _refused(name: str, what: str, todo: str) -> Proposal:
    return Proposal(name, None, None, (Problem(name, "", what, todo),))
