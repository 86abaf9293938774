"""The second language is whole: every marked sentence has its German, with the same placeholders, and is compiled."""

import re
from pathlib import Path

import polib

SOURCE = Path("src/shoshin")
CATALOGUE = SOURCE / "locale/de/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")
IN_TEMPLATES = re.compile(r"""\{%\s*translate\s+(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')""")
IN_CODE = re.compile(r'\b(?:_|lazy|gettext)\(\s*"((?:[^"\\]|\\.)+)"\s*\)')


def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def sentences(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_of_the_catalogue_has_its_german():
    entries = [entry for entry in catalogue() if not entry.obsolete]
    assert len(entries) > 800
    assert [entry.msgid for entry in entries if not all(sentences(entry)) or "fuzzy" in entry.flags] == []


def test_every_sentence_marked_in_templates_and_code_is_in_the_catalogue():
    known = {entry.msgid for entry in catalogue()}
    marked = set()
    for path in SOURCE.rglob("*.html"):
        marked |= {one or other for one, other in IN_TEMPLATES.findall(path.read_text())}
    for path in SOURCE.rglob("*.py"):
        marked |= {text.replace('\\"', '"') for text in IN_CODE.findall(path.read_text())}
    assert len(marked) > 500
    assert {text for text in marked if text.replace("%", "%%") not in known and text not in known} == set()


def test_placeholders_are_the_same_in_both_languages():
    wrong = []
    for entry in catalogue():
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for sentence in sentences(entry):
            extra = set(PLACEHOLDER.findall(sentence)) - wanted
            lost = set() if entry.msgid_plural else wanted - set(PLACEHOLDER.findall(sentence))
            wrong += [(entry.msgid, extra | lost)] if extra | lost else []
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one():
    compiled = {entry.msgid: sentences(entry) for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    written = {entry.msgid: sentences(entry) for entry in catalogue() if all(sentences(entry))}
    assert compiled == written


def test_a_page_comes_in_german_when_the_browser_asks(client, db):
    page = client.get("/safety/", headers={"accept-language": "de"}).content.decode()
    assert '<html lang="de"' in page
