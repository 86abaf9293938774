"""REDCap and ReproSchema come in, and any other file is refused in one sentence."""

import csv
import io
import json
import zipfile

import pytest

from shoshin.measures.queries import Choices, folder_proposal, proposal_from
from shoshin.measures.queries.scores import scores_of

SAID = Choices(higher_is_worse=True, risk_items=())
HEAD = ["Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label"]
HEAD += ["Choices, Calculations, OR Slider Labels", "Text Validation Min", "Text Validation Max"]
HOW = "0, never | 1, now and then | 2, often"


def told(proposal) -> str:
    return "\n".join(str(problem) for problem in proposal.problems)


def dictionary(*rows: tuple[str, str, str]) -> bytes:
    """A REDCap dictionary with rows of (name, type, choices)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for name, kind, choices in rows:
        writer.writerow([name, "tea", "About tea", kind, f"How about {name}?", choices, "", ""])
    return out.getvalue().encode()


def total(proposal, **answers):
    return scores_of(proposal.measure, answers)[proposal.measure.primary.id].value


def test_a_redcap_dictionary_comes_in_with_codes_as_weights():
    proposal = proposal_from("tea.csv", dictionary(("a", "radio", HOW), ("b", "dropdown", HOW)), SAID)
    assert proposal.is_ready, told(proposal)
    assert total(proposal, a=2, b=1) == 3
    assert proposal.wording.items["a"] == "How about a?"
    assert proposal.wording.anchors["scale-1"]["1"] == "now and then"


@pytest.mark.parametrize(("formula", "expected"), [("sum([a], [b])", 3), ("[a] + [b]", 3), ("mean([a],[b])", 1.5)])
def test_a_plain_calculation_is_the_score(formula, expected):
    rows = (("a", "radio", HOW), ("b", "radio", HOW), ("c", "radio", HOW), ("all", "calc", formula))
    proposal = proposal_from("tea.csv", dictionary(*rows), SAID)
    assert proposal.is_ready, told(proposal)
    assert proposal.measure.primary.items == ("a", "b")
    assert total(proposal, a=2, b=1, c=2) == expected


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("a", "radio", HOW), ("s", "calc", "if([a]>1, 1, 0)")], "row 2, s: the calculation"),
        ([("a", "radio", HOW), ("s", "calc", "sum([a], [zz])")], "counts zz, which is no question here"),
        ([("a", "radio", "")], "row 1, a: offers fewer than two answers"),
        ([("a", "descriptive", "")], "there are no questions"),
        ([("a", "notes", "")], "there is nothing to score"),
    ],
)
def test_each_fault_of_a_dictionary_names_its_row(rows, words):
    assert words in told(proposal_from("tea.csv", dictionary(*rows), SAID))


def test_codes_that_are_no_figures_are_asked_for():
    proposal = proposal_from("tea.csv", dictionary(("a", "radio", "n, never | o, often")), Choices())
    assert [question.answers for question in proposal.weight_questions] == [("never", "often")]


def test_a_slider_and_other_kinds_are_told_apart():
    rows = [("a", "slider", "low | high"), ("b", "slider", "low | high"), ("f", "file", ""), ("n", "notes", "")]
    proposal = proposal_from("tea.csv", dictionary(*rows), SAID)
    assert total(proposal, a=30, b=50) == 80
    assert proposal.measure.item("n").role == "free_text"
    assert any("f." in note for note in proposal.notes)


def entry(name: str, choices) -> dict:
    return {
        "field_name": name,
        "form_name": "tea",
        "field_type": "radio",
        "field_label": name,
        "section_header": "",
    } | {"select_choices_or_calculations": choices}


def test_json_with_a_question_of_another_kind_leaves_it_out_of_the_sum_and_says_so():
    nine = [{"code": str(n), "label": f"{n} word" if n % 4 == 0 else f"{n} "} for n in range(9)]
    yes_no = [{"code": "1", "label": "Yes"}, {"code": "0", "label": "No"}]
    content = json.dumps([entry("at_work", yes_no), *(entry(name, nine) for name in ("b", "c", "d"))]).encode()
    proposal = proposal_from("tea.json", content, SAID)
    assert proposal.is_ready, told(proposal)
    assert (proposal.measure.primary.items, proposal.measure.primary.high) == (("b", "c", "d"), 24)
    assert "Not counted, because their answers differ from the others': at_work." in proposal.notes
    assert proposal.wording.anchors["scale-2"] == {"0": "word", "4": "word", "8": "word"}
    chosen = proposal_from("tea.json", content, Choices(higher_is_worse=True, risk_items=(), counted=("b", "c")))
    assert chosen.measure.primary.items == ("b", "c")


def activity(expression: str | None = "a + b", **changes) -> dict[str, bytes]:
    choices = {"choices": [{"name": {"en": word}, "value": n} for n, word in enumerate(("never", "often", "always"))]}
    schema = {
        "category": "reproschema:Activity",
        "id": "tea_schema",
        "prefLabel": {"en": "Tea", "de": "Tee"},
        "ui": {"order": ["items/a", "items/b"]},
    }
    if expression:
        schema["compute"] = [{"variableName": "tea_total", "jsExpression": expression}]
    items = {
        f"tea/items/{name}": {
            "category": "reproschema:Item",
            "id": name,
            "question": {"en": f"How about {name}?", "de": f"Und {name}?"},
            "ui": {"inputType": "radio"},
            "responseOptions": choices if name == "a" else "../answers",
        }
        for name in "ab"
    }
    files = {"tea/tea_schema": schema, "tea/answers": choices, **items} | changes
    return {path: json.dumps(node).encode() for path, node in files.items() if node is not None}


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


def test_a_zipped_activity_comes_in():
    proposal = proposal_from("tea.zip", zipped(activity()), SAID)
    assert proposal.is_ready, told(proposal)
    assert (proposal.measure.id, proposal.measure.primary.id, total(proposal, a=2, b=1)) == ("tea", "tea_total", 3)
    assert proposal.wording.items["b"] == "How about b?"
    assert "The folder also has de; en was read." in proposal.notes


def test_a_folder_on_this_machine_comes_in(tmp_path):
    for path, content in activity(None).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    proposal = folder_proposal(tmp_path, SAID)
    assert proposal.is_ready, told(proposal)
    assert total(proposal, a=2, b=2) == 4


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (activity("Math.max(a, b)"), "is no plain sum. Only sums are read"),
        (activity("a + z"), "counts z, which is no item here"),
        (activity(**{"tea/items/b": None}), "ui.order[1]: items/b is not in this folder"),
        (activity(**{"tea/answers": None}), "its answers ../answers are not in this folder"),
        (activity(**{"tea/tea_schema": None}), "holds no activity schema"),
    ],
)
def test_each_fault_of_an_activity_is_one_sentence(files, words):
    assert words in told(proposal_from("tea.zip", zipped(files), SAID))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7", "is of no kind that can be read here"),
        ("a.csv", b"x,y\n1,2\n", "the first row must name the columns"),
        ("a.csv", b"\xff\xfe\x00", "is no data dictionary"),
        ("a.zip", b"PK\x03\x04 broken", "cannot be unpacked"),
        ("a.json", b"[1, 2]", "each entry needs a field_name"),
        ("a.json", b" " * (5 * 1024 * 1024 + 1), "is larger than 5 MB"),
        ("a.json", b"", "is of no kind"),
    ],
)
def test_any_other_file_is_refused_in_one_sentence(name, content, words):
    proposal = proposal_from(name, content, SAID)
    assert words in told(proposal)
    assert proposal.measure is None


def test_an_activity_without_a_label_is_named_by_a_person():
    files = activity()
    schema = json.loads(files["tea/tea_schema"])
    del schema["prefLabel"]
    files["tea/tea_schema"] = json.dumps(schema).encode()
    assert proposal_from("tea.zip", zipped(files), SAID).draft.asks_name
    named = proposal_from("tea.zip", zipped(files), Choices(higher_is_worse=True, risk_items=(), short="Tea 7"))
    assert (named.measure.id, named.measure.short, named.measure.title["en"]) == ("tea-7", "Tea 7", "Tea 7")
