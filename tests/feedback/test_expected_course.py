"""The chart says what is expected by the first score, from which source, and where an appointment check stood out."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
import yaml
from django.urls import reverse

from shoshin.feedback import queries as feedback
from shoshin.feedback.actions import record_response
from shoshin.feedback.queries.expected import FILE, expected_course, shipped
from shoshin.measures import queries as measures
from shoshin.science.recovery import begin, fit_growth, foreseen, from_first_answer
from shoshin.science.simulation import MISSING, simulate_courses
from tests.cast import NOW
from tests.forms_of_ben import ben_answers


@pytest.fixture(autouse=True)
def _measures(measures_loaded):
    pass


def line_of(cast, *scores, measure="phq-9", occasions=None):
    """Ben's line on a measure, with these scores at appointments 1, 2 and so forth."""
    ben_answers(cast, 10, source="paper", measure=measure)
    (line,) = feedback.trajectories_of(cast.course)
    places = occasions or range(1, len(scores) + 1)
    points = [replace(line.points[0], occasion=at, value=score) for at, score in zip(places, scores, strict=True)]
    return replace(line, points=tuple(points))


# --- the file


def test_the_file_says_where_its_figures_come_from_and_what_is_assumed():
    told = yaml.safe_load(FILE.read_text())
    assert told["origin"] == "published" and "233,776" in told["source"] and "assumed" in told["source"]
    assert set(shipped().models) == {"phq-9", "gad-7"}
    assert {measures.facts(measures.measure_version(each)).primary.higher_is_worse for each in shipped().models} == {
        True
    }


def made_courses(measure, seed):
    held = getattr(simulate_courses(6000, np.random.default_rng(seed)), measure.replace("-", "")).astype(float)
    return from_first_answer(np.where(held == MISSING, np.nan, held))


@pytest.mark.parametrize("measure", ["phq-9", "gad-7"])
def test_the_file_holds_the_curve_of_the_courses_it_names(measure):
    ours, found = shipped().models[measure], fit_growth(made_courses(measure, 8))
    off = (ours.beta - found.beta) / np.sqrt(np.diag(found.beta_covariance))
    assert np.abs(off).max() < 4
    assert ours.spread == pytest.approx(found.spread, rel=0.1)
    assert ours.residual_variance == pytest.approx(found.residual_variance, rel=0.05)


@pytest.mark.parametrize("measure", ["phq-9", "gad-7"])
def test_about_eight_in_ten_of_such_courses_lie_between(measure):
    table = made_courses(measure, 9)
    for since in (1, 3, 6, 9):
        ahead = foreseen(begin(shipped().models[measure], table[:, 0]), since)
        z = ((table[:, since] - ahead.mean) / ahead.sd)[~np.isnan(table[:, since])]
        assert 0.77 < (np.abs(z) < 1.2816).mean() < 0.90


# --- the line


def test_what_is_expected_opens_from_the_first_score_and_stays_on_the_scale(cast):
    course = expected_course(line_of(cast, 16, 15, 9, 12, 8))
    assert [step.occasion for step in course.steps] == [1, 2, 3, 4, 5]
    assert (course.steps[0].low, course.steps[0].high) == (16, 16)
    # By hand at the fifth: L = log 5 = 1.6094; mean 1.111 + .1690 + 16(.958 - .3637) = 10.788;
    # variance 14.039 - 11.826 + 21.525 + 4.919 = 28.657; ± 1.2816 * 5.3532 = 6.861.
    assert (course.steps[4].low, course.steps[4].high) == (
        pytest.approx(3.93, abs=0.01),
        pytest.approx(17.65, abs=0.01),
    )
    assert course.in_ten == 8
    steps = expected_course(line_of(cast, 2, 2, 2, 2, 2)).steps
    assert all(0 <= step.low <= step.high <= 27 for step in steps) and steps[4].low == 0


def test_with_one_answer_three_appointments_ahead_are_shown(cast):
    assert [step.occasion for step in expected_course(line_of(cast, 16)).steps] == [1, 2, 3, 4]


def test_without_a_model_a_start_or_numbers_nothing_is_expected(cast):
    line = line_of(cast, 16, 12)
    assert line.expected is not None
    assert expected_course(replace(line, measure_id="core-10")) is None
    assert line_of(cast, 16, 12, occasions=[5, 6]).expected is None
    assert line_of(cast, 16, 12, occasions=[1, 1]).expected is None


def test_the_table_gives_what_is_expected_at_each_answer(cast):
    # By hand: 14.005 ± 1.2816 * 4.226 at the second, 12.582 ± 1.2816 * 4.573 at the third.
    assert [words for _, words in line_of(cast, 16, 15, 9).rows] == ["", "9 to 19", "7 to 18"]
    without = replace(line_of(cast, 16, 15, 9), measure_id="core-10")
    assert [words for _, words in without.rows] == ["", "", ""]


# --- the page


def test_the_therapists_page_names_share_source_and_limits_and_the_shared_page_has_none_of_it(cast, as_member):
    ben_answers(cast, 16, weeks=8, source="paper")  # before his first appointment
    browser = as_member(cast.ada)
    page = browser.get(reverse("desk:client", args=[cast.ben.ref])).content.decode()
    assert "about 8 in 10 courses that begin at 16 are expected between them" in page
    assert "NHS Talking Therapies" in page and "It is no forecast for one person." in page
    picture = browser.get(reverse("desk:line_picture", args=[cast.ben.ref, cast.course.pk, "phq-9", "for-wide"]))
    assert "8 in 10 such courses" in picture.content.decode()
    together = browser.get(reverse("desk:show_client_page", args=[cast.ben.ref])).content.decode()
    assert "8 in 10" not in together and "forecast" not in together


# --- appointment checks


def ben_checks(cast, *totals):
    version = measures.measure_version("shoshin-check")
    items = measures.facts(version).primary.items
    for weeks, total in enumerate(reversed(totals)):
        day = NOW - timedelta(weeks=weeks)
        record_response(
            course=cast.course, version=version, answers=dict.fromkeys(items, total / len(items)), key=uuid4(),
            source="paper", answered_on=day.date(), by=cast.ada, at=day,
        )  # fmt: skip


def test_a_check_far_below_usual_and_the_way_back_are_marked_for_the_therapist_alone(cast, as_member):
    ben_checks(cast, 36, 36, 36, 8, 36)
    (line,) = feedback.with_check_marks(cast.course, feedback.trajectories_of(cast.course))
    assert [point.check_mark for point in line.points] == ["", "", "", "rupture", "repaired"]
    browser = as_member(cast.ada)
    page = browser.get(reverse("desk:client", args=[cast.ben.ref])).content.decode()
    assert "far below usual" in page and "back to usual" in page
    picture = reverse("desk:line_picture", args=[cast.ben.ref, cast.course.pk, "shoshin-check", "for-wide"])
    drawn = browser.get(picture).content.decode()
    assert "far below usual" in drawn and "back to usual" in drawn
    together = browser.get(reverse("desk:show_client_page", args=[cast.ben.ref])).content.decode()
    assert "far below usual" not in together and "back to usual" not in together


def test_steady_checks_and_too_few_have_no_mark(cast):
    ben_checks(cast, 36, 8)
    (line,) = feedback.with_check_marks(cast.course, feedback.trajectories_of(cast.course))
    assert {point.check_mark for point in line.points} == {""}


def test_marks_are_for_appointment_checks_only(cast):
    line = line_of(cast, 16, 16, 16, 2)
    assert feedback.with_check_marks(cast.course, [line]) == (line,)
