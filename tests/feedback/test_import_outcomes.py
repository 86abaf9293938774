"""Bringing in history: read tolerantly, refused row by row, never half, never twice, never loud."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shoshin.care.models import Client, Course
from shoshin.feedback.actions.history import CannotImportOutcomes, import_outcomes
from shoshin.feedback.models import Alert, ImportBatch, Response, ScoreRow, SignalRow, WaitingFile
from shoshin.feedback.queries.history import as_known, imported_measures, known_measures
from shoshin.feedback.queries.history_columns import guessed_plan
from shoshin.feedback.queries.history_files import read_table
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from shoshin.kit.policy import Hat
from shoshin.measures.actions import TotalsFigures, load_measures
from tests.cast import NOW

LONG = b"client,date,phq-9,notes\nK1,2024-01-05,20,a\nK1,2024-02-05,8,\nK2,2024-01-08,15,\nK2,2024-03-01,NA,\n"
WIDE = b"bdi.pre,bdi.2m,bdi.8m,arm\n30,20,5,A\n25,NA,24,B\n12,,,A\n"
BDI = TotalsFigures("BDI", 0, 63, True, "made up for the tests", cutoff=14, sd=8, reliability=0.9)


@pytest.fixture
def here(cast):
    load_measures(by=OPERATOR, at=NOW)
    return cast


def bring(cast, content, *, name="scores.csv", plan=None, new=None, ending="unplanned", leave_out=False, who=None):
    member = who or cast.ada
    known = as_known(known_measures(member.clinic))
    plan = plan or guessed_plan(read_table(name, content), known, name)
    return import_outcomes(
        therapist=member,
        file_name=name,
        content=content,
        plan=plan,
        new_measures=new or {},
        ending=ending,
        leave_out_bad_rows=leave_out,
        by=member,
        at=NOW,
    )


def refused(cast, content, **told):
    before = (Client.objects.count(), Response.objects.count(), ImportBatch.objects.count())
    with pytest.raises(CannotImportOutcomes) as refusal:
        bring(cast, content, **told)
    assert (Client.objects.count(), Response.objects.count(), ImportBatch.objects.count()) == before
    return refusal.value


def test_it_brings_in_one_row_for_each_client_and_date(here):
    done = bring(here, LONG)
    assert (done.added, done.clients, done.blanks) == (3, 2, 1)
    client = Client.objects.get(code="K1")
    assert client.care_only
    course = client.courses.get()
    assert (course.imported, course.opened_on, course.ended_on, course.ending) == (
        True,
        date(2024, 1, 5),
        date(2024, 2, 5),
        "unplanned",
    )
    rows = ScoreRow.objects.filter(response__client=client).order_by("response__occasion")
    assert [(row.value, row.response.occasion, row.response.source) for row in rows] == [
        (20, 1, "import"),
        (8, 2, "import"),
    ]


def test_it_brings_in_a_column_for_each_time_and_numbers_clients_without_a_code(here):
    done = bring(here, WIDE, new={"bdi": BDI}, name="trial data.csv")
    assert (done.added, done.clients, done.blanks) == (6, 3, 3)
    assert sorted(Client.objects.filter(care_only=True).values_list("code", flat=True)) == [
        "trial-data-1",
        "trial-data-2",
        "trial-data-3",
    ]
    months = (
        Response.objects.filter(client__code="trial-data-1").order_by("occasion").values_list("occasion", flat=True)
    )
    assert list(months) == [0, 2, 8]
    assert done.batch.time_kind == "month" and not done.batch.dates_known


def test_a_start_that_cannot_be_is_refused_in_words(here, as_member):
    browser = as_member(here.ada)
    posted = as_posted(choose(browser, WIDE), what="import", ending="open", start="9999-12-31")
    answer = browser.post(reverse("feedback:import_outcomes"), posted)
    assert answer.status_code == 200 and not Response.objects.exists()
    assert "9999-12-31 is in the future" in answer.content.decode()


def test_the_clients_page_says_where_days_are_only_counted(here, as_member):
    bring(here, WIDE, new={"bdi": BDI}, name="trial data.csv")
    bring(here, LONG)
    pages = {
        code: as_member(here.ada).get(reverse("desk:client", args=[Client.objects.get(code=code).ref])).content.decode()
        for code in ("trial-data-1", "K1")
    }
    assert "days are counted, and only their order is true" in pages["trial-data-1"]
    assert "days are counted" not in pages["K1"]


def test_it_says_how_courses_came_out_as_a_group(here):
    done = bring(here, WIDE, new={"bdi": BDI})
    (measure,) = imported_measures(Hat(here.ada, ("own",)), done.batch)
    assert measure.counts == {"recovered": 1, "improved": 0, "unchanged": 1, "worse": 0}
    assert (measure.once, measure.figure.origin, measure.cutoff) == (1, "computed", 14)


def test_it_says_cannot_be_computed_where_no_figure_was_given(here):
    done = bring(here, WIDE, new={"bdi": TotalsFigures("BDI", 0, 63, True, "")})
    (measure,) = imported_measures(Hat(here.ada, ("own",)), done.batch)
    assert measure.judged == () and measure.figure.points is None and len(measure.lines) == 3


def test_it_never_raises_a_signal_or_an_alert(here):
    items = ",".join(f"q{n}" for n in range(1, 10))
    threes = ",".join(["3"] * 9)
    content = f"client,date,{items}\nK1,2024-01-05,{','.join(['0'] * 9)}\nK1,2024-03-05,{threes}\n".encode()
    done = bring(here, content, ending="")
    worst = Response.objects.get(client__code="K1", occasion=2)
    assert done.added == 2 and worst.answers and worst.scores.get(score_id="total").value == 27
    assert not SignalRow.objects.exists() and not Alert.objects.exists()
    assert Course.objects.get(client__code="K1").ended_on is None


def test_the_same_file_twice_adds_nothing_and_says_so(here):
    bring(here, LONG)
    assert "brought in before" in str(refused(here, LONG))


def test_the_same_rows_in_another_file_add_nothing(here):
    bring(here, LONG)
    done = bring(here, LONG.replace(b",notes", b",remarks") + b"K2,2024-02-01,11,\n", name="other.csv")
    assert (done.added, done.already_here) == (1, 3)
    days = Response.objects.filter(client__code="K2").order_by("answered_on").values_list("occasion", flat=True)
    assert list(days) == [1, 2]
    assert Client.objects.filter(code="K2").count() == 1
    assert "Nothing new" in str(refused(here, LONG + b"\n", name="again.csv"))


def test_another_value_for_the_same_day_is_a_row_to_mend(here):
    bring(here, LONG)
    problem = refused(here, LONG.replace(b",20,", b",21,"))
    assert [row.line for row in problem.rows.problems] == [2]


BAD = b"""client,date,phq-9
K1,2024-01-05,20
,2024-01-06,9
K2,31.31.2024,9
K3,2024-01-07,99
K4,2024-01-08,x
K5,2024-01-09
"""


def test_every_bad_row_is_listed_with_its_line_and_nothing_comes_in(here):
    problem = refused(here, BAD)
    assert [row.line for row in problem.rows.problems] == [3, 4, 5, 6, 7]
    words = [row.what for row in problem.rows.problems]
    for word, part in zip(
        words, ("client is missing", "calendar", "outside 0 to 27", "no number", "2 cells"), strict=True
    ):
        assert part in word


def test_bad_rows_may_be_left_out_and_are_counted(here):
    done = bring(here, BAD, leave_out=True)
    assert (done.added, done.left_out, done.clients) == (1, 5, 1)


def test_a_value_that_contradicts_an_earlier_line_is_refused(here):
    problem = refused(here, b"client,date,phq-9\nK1,2024-01-05,20\nK1,2024-01-05,12\n")
    assert "Line 2" in problem.rows.problems[0].what


def test_a_measure_nobody_described_is_refused(here):
    assert "bdi" in str(refused(here, WIDE))


def test_another_therapists_client_is_not_added_to(here):
    assert "N. A." in str(refused(here, LONG.replace(b"K1", b"n. a.")))


def test_history_beside_an_open_course_must_be_over(here):
    mine = LONG.replace(b"K1", b"B. N.")
    assert "B. N." in str(refused(here, mine, ending=""))
    bring(here, mine)
    assert here.ben.courses.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        LONG.replace(b",", b";"),
        LONG.replace(b",", b"\t"),
        b"\xef\xbb\xbf" + LONG,
        LONG.decode().encode("utf-16"),
        LONG.replace(b"\n", b"\r\n"),
        b"sep=;\n" + LONG.replace(b",", b";"),
    ],
)
def test_it_reads_the_usual_kinds_of_csv(here, content):
    assert bring(here, content).added == 3


def test_it_says_aloud_that_a_file_was_read_as_latin_1():
    table = read_table("x.csv", "client;month;phq-9\nJ\xfc;1;3\n".encode("latin-1"))
    assert table.lines[0].cells[0] == "Jü" and "Latin-1" in table.notes[0]


def test_a_decimal_comma_is_read(here):
    bring(here, b"client;date;mood\nK1;05.01.2024;3,5\n", new={"mood": TotalsFigures("Mood", 0, 10, False, "")})
    assert ScoreRow.objects.get(response__client__code="K1").value == 3.5


def test_it_reads_a_workbook(here):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["client", "date", "phq-9"])
    sheet.append(["K1", date(2024, 1, 5), 20])
    sheet.append(["K1", date(2024, 2, 5), None])
    packed = io.BytesIO()
    book.save(packed)
    assert bring(here, packed.getvalue(), name="scores.xlsx").added == 1


@pytest.mark.parametrize("content", [b"", b"client,date\n", b"PK\x03\x04 no workbook", b'a,b\n"1,2\n', b"a,a\n1,2\n"])
def test_a_file_that_is_no_table_gets_one_sentence(here, content, as_member):
    browser = as_member(here.ada)
    answer = browser.post(reverse("feedback:import_outcomes"), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 200 and answer.context["form"].errors["file"]
    assert not WaitingFile.objects.exists()


def choose(browser, content, name="trial.csv"):
    address = reverse("feedback:import_outcomes")
    assert browser.post(address, {"file": SimpleUploadedFile(name, content)}).status_code == 302
    return browser.get(address)


def as_posted(page, **changed):
    """What a browser would send: every control of the page as it stands, with these changed."""
    sheet = page.context["sheet"]
    forms = [sheet.form, *sheet.new_measures.values()]
    fields = [bound for form in forms for bound in form if bound.value() not in (None, False)]
    return {bound.html_name: bound.value() for bound in fields} | changed


def test_a_therapist_brings_in_a_file_in_the_browser(here, as_member):
    browser = as_member(here.ada)
    page = choose(browser, WIDE)
    assert "bdi" in page.content.decode() and "arm" in page.context["sheet"].plan.ignored
    prefix = page.context["sheet"].new_measures["bdi"].prefix
    told = {"low": "0", "high": "63", "worse": "high", "cutoff": "14", "sd": "8", "reliability": "0,9", "source": "me"}
    posted = as_posted(page, what="import", ending="unplanned") | {f"{prefix}-{k}": v for k, v in told.items()}
    posted[f"{prefix}-name"] = "BDI"
    done = browser.post(reverse("feedback:import_outcomes"), posted, follow=True)
    assert done.redirect_chain[-1][0] == reverse("feedback:imported", args=[ImportBatch.objects.get().pk])
    text = done.content.decode()
    assert "6 scores were brought in" in text and "recovered" in text and "trial-1" in text
    assert not WaitingFile.objects.exists()
    assert AuditEvent.objects.filter(event="feedback.import_outcomes").count() == 1


def test_a_new_measure_without_a_range_is_asked_for(here, as_member):
    browser = as_member(here.ada)
    page = choose(browser, WIDE)
    answer = browser.post(reverse("feedback:import_outcomes"), as_posted(page, what="import", ending="open"))
    assert answer.status_code == 200 and not Response.objects.exists()
    assert answer.context["sheet"].new_measures["bdi"].errors["low"]


def test_the_page_lists_bad_rows_and_offers_to_leave_them_out(here, as_member):
    browser = as_member(here.ada)
    page = choose(browser, BAD)
    assert "5 rows cannot come in" in page.content.decode()
    answer = browser.post(reverse("feedback:import_outcomes"), as_posted(page, what="import", ending="open"))
    assert not ImportBatch.objects.exists() and "Some rows cannot come in" in answer.content.decode()
    browser.post(reverse("feedback:import_outcomes"), as_posted(page, what="import", ending="open", leave_out="on"))
    assert ImportBatch.objects.get().rows_added == 1


def test_a_corrected_guess_is_kept(here, as_member):
    browser = as_member(here.ada)
    page = choose(browser, b"who,date,value\nK1,2024-01-05,20\n")
    answer = browser.post(
        reverse("feedback:import_outcomes"), as_posted(page, what="look", role_0="client", role_2="total:phq-9")
    )
    assert answer.context["rows"].entries[0].role == "total:phq-9"


def test_a_waiting_file_is_nobody_elses(here, as_member, client):
    choose(as_member(here.ada), LONG)
    page = as_member(here.mia).get(reverse("feedback:import_outcomes"))
    assert "sheet" not in page.context and b"trial.csv" not in page.content


def test_the_owner_may_bring_in_for_a_colleague_and_others_may_not(here, as_member):
    owner = as_member(here.ada)
    page = choose(owner, LONG)
    owner.post(
        reverse("feedback:import_outcomes"), as_posted(page, what="import", therapist=here.mia.pk, ending="planned")
    )
    assert Client.objects.get(code="K1").therapist == here.mia
    batch = ImportBatch.objects.get()
    assert owner.get(reverse("feedback:imported", args=[batch.pk])).status_code == 404
    other = as_member(here.mia)
    assert other.get(reverse("feedback:imported", args=[batch.pk])).status_code == 200
    page = choose(other, WIDE)
    assert page.context["sheet"].form.owners == [here.mia]


def test_a_therapist_who_has_no_choice_of_owner_is_not_asked_for_one(here, as_member):
    browser = as_member(here.mia)
    posted = as_posted(choose(browser, LONG), what="import", ending="planned")
    del posted["therapist"]
    assert browser.post(reverse("feedback:import_outcomes"), posted).status_code == 302
    assert Client.objects.get(code="K1").therapist == here.mia


def test_an_import_is_a_strangers_404(here, as_member):
    batch = bring(here, LONG).batch
    assert as_member(here.eve).get(reverse("feedback:imported", args=[batch.pk])).status_code == 404


def at_terminal(tmp_path, content, *told):
    from django.core.management import call_command

    path = tmp_path / "scores.csv"
    path.write_bytes(content)
    said = io.StringIO()
    call_command("import_outcomes", str(path), "--therapist", "ada@example.org", *told, stdout=said, stderr=said)
    return said.getvalue()


def test_at_the_terminal_one_looks_first_and_brings_in_with_yes(here, tmp_path):
    said = at_terminal(tmp_path, LONG)
    assert "3 scores of 2 clients" in said and "Nothing was brought in" in said and not ImportBatch.objects.exists()
    assert "3 scores of 2 clients were brought in" in at_terminal(tmp_path, LONG, "--yes", "--over", "planned")
    assert ImportBatch.objects.get().imported_by == "operator"


def test_at_the_terminal_a_new_measure_is_defined_in_words(here, tmp_path):
    define = "bdi low=0 high=63 worse=high cutoff=14 points=6 source='made up'"
    at_terminal(tmp_path, WIDE, "--yes", "--over", "unplanned", "--define", define, "--start", "2024-01-31")
    assert ImportBatch.objects.get().dates_known
    days = (
        Response.objects.filter(client__code__endswith="-1").order_by("occasion").values_list("answered_on", flat=True)
    )
    assert list(days) == [date(2024, 1, 31), date(2024, 3, 31), date(2024, 9, 30)]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (("--yes",), "--define"),
        (("--column", "nothing=client"), "first line"),
        (("--define", "bdi low=9 high=3 worse=high"), "lies above the lowest"),
    ],
)
def test_at_the_terminal_a_mistake_is_one_sentence(here, tmp_path, told, sentence):
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match=sentence):
        at_terminal(tmp_path, WIDE, *told)
    assert not ImportBatch.objects.exists()


def test_the_shoshin_command_brings_in_a_file_and_refuses_in_one_sentence(here, tmp_path, monkeypatch):
    from click.testing import CliRunner

    from shoshin import cli

    monkeypatch.setattr(cli, "start_django", lambda demo=False: None)
    path = tmp_path / "scores.csv"
    path.write_bytes(LONG)
    told = ["import-outcomes", str(path), "--therapist"]
    stranger = CliRunner().invoke(cli.main, [*told, "nobody@example.org"])
    assert stranger.exit_code == 1 and "No therapist here" in stranger.output and "Traceback" not in stranger.output
    done = CliRunner().invoke(cli.main, [*told, "ada@example.org", "--over", "planned", "--yes"])
    assert done.exit_code == 0, done.output
    assert ImportBatch.objects.get().rows_added == 3
