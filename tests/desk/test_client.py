"""The client's page: a line with its message, a table twin, and what was agreed."""

import pytest
from django.urls import reverse

from shoshin.feedback.actions import record_change
from tests.cast import NOW
from tests.forms_of_ben import ben_answers


@pytest.fixture(autouse=True)
def _measures(measures_loaded):
    pass


def page_of(browser, cast, name="desk:client"):
    return browser.get(reverse(name, args=[cast.ben.ref])).content.decode()


def test_an_empty_page_teaches_the_first_step(cast, as_member):
    assert "The first answer is where the line begins." in page_of(as_member(cast.ada), cast)


def test_the_line_says_its_message_in_one_sentence_and_names_the_figure_it_used(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 15, source="paper")
    page = page_of(as_member(cast.ada), cast)
    assert "About the same as at the start." in page
    assert "the published figure" in page
    assert f'data-wide="{picture_address(cast)}"' in page


def picture_address(cast, fit="for-wide", measure="phq-9"):
    return reverse("desk:line_picture", args=[cast.ben.ref, cast.course.pk, measure, fit])


@pytest.mark.parametrize("fit", ["for-wide", "for-narrow"])
def test_a_line_is_drawn_when_it_comes_into_view_in_the_pages_own_colours(cast, as_member, fit):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 15, source="paper")
    answer = as_member(cast.ada).get(picture_address(cast, fit))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer.headers["Cache-Control"]
    picture = answer.content.decode()
    assert 'role="img"' in picture
    assert fit in picture
    assert "var(--ink)" in picture


def test_where_no_script_runs_the_line_is_an_image_in_fixed_colours(cast, as_member):
    ben_answers(cast, 16, source="paper")
    browser = as_member(cast.ada)
    assert f'<noscript><img src="{picture_address(cast, "alone")}"' in page_of(browser, cast)
    assert "var(--" not in browser.get(picture_address(cast, "alone")).content.decode()


def test_a_picture_shows_no_score_that_waits_to_be_opened(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    browser = as_member(cast.ada)
    before = browser.get(picture_address(cast)).content
    ben_answers(cast, 14)
    assert browser.get(picture_address(cast)).content == before


def test_a_line_of_another_course_measure_or_width_has_no_picture(cast, as_member):
    ben_answers(cast, 16, source="paper")
    browser = as_member(cast.ada)
    assert browser.get(picture_address(cast, fit="huge")).status_code == 404
    assert browser.get(picture_address(cast, measure="gad-7")).status_code == 404
    assert browser.get(picture_address(cast).replace(f"/{cast.course.pk}/", "/999/")).status_code == 404
    assert as_member(cast.mia).get(picture_address(cast)).status_code == 404


def test_the_chart_has_a_table_twin_with_the_same_scores(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 7, source="paper")
    page = page_of(as_member(cast.ada), cast)
    table = page[page.index("<table") : page.index("</table>")]
    assert ">16<" in table
    assert ">7<" in table
    assert "Better than at the start, and across the cut-off." in page


def test_a_new_score_is_nowhere_on_the_page_until_it_is_opened(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 14)
    page = page_of(as_member(cast.ada), cast)
    assert "Before you look: what do you expect?" in page
    assert ">14<" not in page


def test_a_measure_of_our_own_is_marked_as_not_validated(cast, as_member):
    ben_answers(cast, 6, measure="shoshin-wellbeing", source="paper")
    page = page_of(as_member(cast.ada), cast)
    assert "This measure is not validated." in page
    assert "cannot be computed" in page


def test_what_was_changed_marks_the_chart_and_stands_below_it(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 15, source="paper")
    record_change(course=cast.course, you_said="too fast", i_changed="a slower start", by=cast.ada, at=NOW)
    browser = as_member(cast.ada)
    assert "a slower start" in page_of(browser, cast)
    assert "changed: a slower start" in browser.get(picture_address(cast)).content.decode()


def test_looking_together_shows_the_line_and_who_reads_it_but_no_guess_and_no_signal(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 16, source="paper")
    page = page_of(as_member(cast.ada), cast, "desk:show_client_page")
    assert "Who reads this" in page
    assert "Ada" in page
    assert "What next?" not in page


def test_a_course_of_somebody_elses_client_is_no_course_here(cast, as_member):
    browser = as_member(cast.ada)
    theirs = cast.noa.courses.get().pk
    assert browser.get(reverse("desk:client", args=[cast.ben.ref]), {"course": theirs}).status_code == 404
    assert browser.get(reverse("desk:client", args=[cast.ben.ref]), {"course": "x"}).status_code == 404


@pytest.mark.parametrize("course", ["²", "9" * 5000, "-1", "1e3"])
def test_a_course_that_is_no_number_is_no_course(cast, as_member, course):
    address = reverse("desk:client", args=[cast.ben.ref])
    assert as_member(cast.ada).get(address, {"course": course}).status_code == 404


def test_three_paper_forms_without_any_appointment_are_three_points(cast, as_member, measures_loaded):
    """A therapist who never marks an appointment as kept still sees every answer, on its own day."""
    from tests.forms_of_ben import forget_appointments

    forget_appointments(course=cast.course, by=cast.ada, at=NOW)
    for total, weeks in ((24, 6), (16, 3), (8, 0)):
        ben_answers(cast, total, weeks=weeks, source="paper")
    page = page_of(as_member(cast.ada), cast)
    table = page[page.index("<table") : page.index("</table>")]
    assert [f">{total}<" in table for total in (24, 16, 8)] == [True, True, True]
    assert "Better than at the start, and across the cut-off." in page


def test_two_forms_of_one_day_are_both_on_the_line(cast, as_member):
    ben_answers(cast, 24, source="paper")
    ben_answers(cast, 8, source="paper")
    page = page_of(as_member(cast.ada), cast)
    table = page[page.index("<table") : page.index("</table>")]
    assert ">24<" in table
    assert ">8<" in table


def test_what_both_look_at_carries_no_mark_of_a_signal(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 16, source="paper")
    assert "signal" in page_of(as_member(cast.ada), cast)
    together = page_of(as_member(cast.ada), cast, "desk:show_client_page")
    for never in ("signal", "measurement error", "published figure"):
        assert never not in together
    assert "cannot be told from the first answer" in together


def test_what_was_typed_enters_the_chart_escaped(cast, as_member):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 15, source="paper")
    record_change(course=cast.course, you_said="", i_changed="<script>x</script>", by=cast.ada, at=NOW)
    page = page_of(as_member(cast.ada), cast)
    assert "<svg" in page
    assert "<script>x" not in page
