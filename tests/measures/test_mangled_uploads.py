"""Whatever stands in an uploaded file, it is read or refused by file and path; nothing else ever happens."""

import copy
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shoshin.measures.models import MeasureVersion
from shoshin.measures.queries import Choices, proposal_from
from tests.measures.conftest import computed, option, question, tea_form, weighted

SAID = Choices(higher_is_worse=True, risk_items=())
DEEP = 20_000
HEAD = 'Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"Choices, Calculations, OR Slider Labels"'
HOW = {"choices": [{"name": {"en": word}, "value": n} for n, word in enumerate(("never", "often"))]}
ODD = (5, -1.5, 10**400, 1e300, float("inf"), float("nan"), True, None, "", "x", "\x00", "\ud800", [], {}, [1], [[]])
ODD += ({"a": 1}, [None], ["x"], [{}], "9" * 200)


def told(proposal) -> str:
    return "\n".join(str(problem) for problem in proposal.problems)


def tea(**changes) -> dict:
    """An activity about tea, as the files of its folder."""
    schema = {"category": "reproschema:Activity", "id": "tea_schema", "prefLabel": {"en": "Tea"}}
    schema |= {"ui": {"order": ["a", "b"]}, "compute": [{"variableName": "t", "jsExpression": "a + b"}]}
    item = {"question": {"en": "How about it?"}, "ui": {"inputType": "radio"}, "responseOptions": HOW}
    return {"tea_schema": schema, "a": item | {"id": "a"}, "b": item | {"id": "b"}} | changes


def zipped(files: dict) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, node in files.items():
            archive.writestr(path, node if isinstance(node, bytes) else json.dumps(node))
    return out.getvalue()


def schema_with(**changes) -> bytes:
    return zipped(tea(tea_schema=tea()["tea_schema"] | changes))


def item_with(**changes) -> bytes:
    return zipped(tea(a=tea()["a"] | changes))


def form_with(**changes) -> bytes:
    return json.dumps(tea_form(weighted("a"), weighted("b"), **changes)).encode()


REFUSED = [
    (b"[" * DEEP, "file: is nested too deeply to be read"),
    (b'{"a":' * DEEP, "file: is nested too deeply to be read"),
    (b'{"questions":' + b"[" * DEEP, "file: is nested too deeply to be read"),
    (b"[" * 100 + b"]" * 100, "lies more than 60 levels deep"),
    (zipped(tea(tea_schema=b"[" * DEEP)), "file/tea_schema: is nested too deeply to be read"),
    (zipped(tea(a=b'{"a":' * DEEP)), "file/a: is nested too deeply to be read"),
    (f'{HEAD}\na,tea,,radio,How?,"nan, a | inf, b"\n'.encode(), "file, a: the answers have no weights"),
    (f'{HEAD}\na,tea,,radio,How\x00?,"0, a | 1, b"\n'.encode(), "it holds signs that cannot be stored"),
    (json.dumps(["\ud800"]).encode(), "file, [0]: holds signs that cannot be stored"),
    (json.dumps({"a": {"\x00": 1}}).encode(), "file, a: holds signs that cannot be stored"),
    (item_with(responseOptions={"choices": [{"value": 10**400}]}), "choices[0].value: is no number that can be"),
    (
        zipped(tea(a=b'{"responseOptions": {"choices": [{"value": 1e999}]}}')),
        "file/a, responseOptions.choices[0].value",
    ),
    (b'{"item": [NaN]}', "file, item[0]: is no number that can be counted"),
    (b"[" + b"9" * 5000 + b"]", "file: is no JSON"),
    (schema_with(ui={"order": 5}), "file, ui.order: is no list"),
    (schema_with(ui={"order": [[1]]}), "file, ui.order[0]: [1] is not in this folder"),
    (schema_with(compute=5), "file, tea_schema, compute: is no list"),
    (schema_with(compute=[5]), "file, tea_schema, compute[0]: is no object"),
    (item_with(responseOptions={"choices": [5]}), "file, a, choices[0]: is no object"),
    (item_with(ui=[1]), "file, a, ui: is no object"),
    (form_with(code=5), "file, code: is no list"),
    (form_with(version=[1]), "file, version: is no text"),
    (form_with(language={}), "file, language: is no text"),
    (form_with(language="no language"), "file, language: "),
    (form_with(language="en-" + "a" * 20), "file, language: "),
    (form_with(extension=[1]), "file, extension[0]: is no object"),
    (form_with(contained=[1]), "file, contained[0]: is no object"),
    (form_with(copyright=[5]), "file, copyright: is no text"),
    (form_with(item=[weighted("a") | {"code": 5}]), "file, item[0].code: is no list"),
    (form_with(item=[weighted("a") | {"type": {}}]), "file, item[0].type: is no text"),
    (form_with(item=[question("a", [{"valueCoding": [1]}])]), "item[0].answerOption[0].valueCoding: is no object"),
]


@pytest.mark.parametrize(("content", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_cannot_be_worked_with_is_named_by_file_and_path(content, words):
    proposal = proposal_from("file.csv" if content.startswith(HEAD.encode()) else "file", content, SAID)
    assert words in told(proposal).replace("file.csv", "file")
    assert proposal.measure is None


@pytest.mark.parametrize("content", [content for content, _ in REFUSED[::3]], ids=[w for _, w in REFUSED[::3]])
def test_the_page_says_so_and_stores_nothing(cast, as_member, content):
    file = SimpleUploadedFile("file.csv", content)
    page = as_member(cast.ada).post(reverse("measures:import_measure"), {"file": file})
    assert page.status_code == 200
    assert page.context["proposal"].problems
    assert not MeasureVersion.objects.exists()


def test_a_zip_that_breaks_off_is_refused():
    content = bytearray(zipped(tea()))
    content[40:60] = b"\xff" * 20
    assert "cannot be unpacked" in told(proposal_from("file", bytes(content), SAID))


def rich_form() -> dict:
    """A questionnaire with something in every place that is read."""
    concepts = [option("x", n)["valueCoding"] | {"extension": option("x", n)["extension"]} for n in range(3)]
    contained = {"resourceType": "ValueSet", "id": "how", "compose": {"include": [{"concept": concepts}]}}
    ends = [{"url": f"http://hl7.org/fhir/StructureDefinition/{end}Value", "valueInteger": n} for end, n in ENDS]
    onto = {"url": "urn:shoshin:measure:onto", "valueRange": {"low": {"value": 1}, "high": {"value": 9}}}
    items = [
        weighted("a") | {"code": [{"system": "http://loinc.org", "code": "1-1"}]},
        {"linkId": "b", "type": "integer", "text": "How much?", "extension": [*ends, onto]},
        {"linkId": "c", "type": "choice", "text": "How?", "answerValueSet": "#how"},
        {"linkId": "d", "type": "choice", "text": "How?", "answerOption": [{"valueInteger": n} for n in (1, 2)]},
        {"linkId": "g", "type": "group", "item": [question("e", [option("x", 0), option("y", 1)])]},
        computed("%resource.item.where(linkId = 'a').answer.value.weight()"),
    ]
    more = {"contained": [contained], "identifier": [{"system": "urn:shoshin:measure", "value": "tea"}]}
    return tea_form(*items, language="en", version="1", url="urn:tea", code=[{"code": "1"}], **more)


ENDS = (("min", 0), ("max", 10))
ENTRIES = [
    {
        "field_name": name,
        "form_name": "tea",
        "field_type": "radio",
        "field_label": name,
        "select_choices_or_calculations": [{"code": "0", "label": "no"}, {"code": "1", "label": "yes"}],
    }
    for name in "ab"
] + [{"field_name": "s", "field_type": "calc", "select_choices_or_calculations": "sum([a], [b])"}]
MADE_UP = {
    "fhir": rich_form(),
    "redcap": {"questions": ENTRIES},
    "reproschema": tea(),
}


def places(node, path=()):
    """Every place in a made-up resource."""
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


def with_odd(resource, path, odd):
    """The resource with something odd in one place."""
    if not path:
        return odd
    found = copy.deepcopy(resource)
    node = found
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = odd
    return found


def brought(kind: str, resource):
    """As it would be uploaded, and read with both ways of answering the open questions."""
    content = zipped(resource) if kind == "reproschema" and isinstance(resource, dict) else None
    content = content or json.dumps(resource).encode()
    for choices in (SAID, Choices()):
        proposal = proposal_from("made-up.csv", content, choices)
        assert proposal.measure is not None or proposal.problems
        told(proposal).encode()
        if proposal.is_ready:
            assert proposal.measure.rules and proposal.measure.sha256()
            proposal.wording.model_dump_json().encode()
    return proposal


@pytest.mark.parametrize("kind", MADE_UP)
def test_the_made_up_resources_come_in_as_they_are(kind):
    assert brought(kind, MADE_UP[kind]).measure is not None


@pytest.mark.parametrize("kind", ["redcap", "reproschema"])
def test_one_odd_value_anywhere_is_read_or_refused(kind):
    for path in places(MADE_UP[kind]):
        for odd in ODD:
            brought(kind, with_odd(MADE_UP[kind], path, odd))


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(list(places(MADE_UP["fhir"]))), odd=st.sampled_from(ODD))
def test_one_odd_value_in_a_questionnaire_is_read_or_refused(path, odd):
    brought("fhir", with_odd(MADE_UP["fhir"], path, odd))
