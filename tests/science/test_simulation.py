"""The made-up clinic has the rates of the real service it is fitted to, and its parts hang together."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoshin.science.change import (
    TwoScores,
    joint_deterioration,
    joint_recovery,
    joint_reliable_improvement,
)
from shoshin.science.simulation import (
    FITTED,
    MISSING,
    Course,
    CourseRates,
    Courses,
    course_rates,
    gad7_items,
    phq9_items,
    simulate_courses,
    therapist_shifts,
)

# NHS Talking Therapies annual data 2024-25, CBT courses (n 233,776).
CASENESS, RECOVERY, IMPROVEMENT, DETERIORATION = 91.4, 45.0, 60.7, 5.9


@pytest.fixture(scope="module")
def courses() -> Courses:
    return simulate_courses(4_000, np.random.default_rng(5))


@pytest.fixture(scope="module", params=[1, 2, 3])
def rates(request: pytest.FixtureRequest) -> CourseRates:
    # One in twenty ends after its first appointment or has one form only: 21,500 leave over 20,000 to count.
    return course_rates(simulate_courses(21_500, np.random.default_rng(request.param)))


def test_its_rates_are_within_two_points_of_the_nhs(rates) -> None:
    assert rates.counted >= 20_000
    assert rates.caseness == pytest.approx(CASENESS, abs=2)
    assert rates.recovery == pytest.approx(RECOVERY, abs=2)
    assert rates.reliable_improvement == pytest.approx(IMPROVEMENT, abs=2)
    assert rates.deterioration == pytest.approx(DETERIORATION, abs=2)


def test_its_first_and_last_scores_are_those_of_the_nhs(rates) -> None:
    assert rates.phq9_first == pytest.approx((14.2, 6.1), abs=0.4)
    assert rates.phq9_last == pytest.approx((9.5, 6.6), abs=0.5)
    assert rates.gad7_first == pytest.approx((13.3, 5.1), abs=0.4)
    assert rates.gad7_last == pytest.approx((8.6, 5.7), abs=0.5)


def test_about_one_course_in_five_ends_unplanned(rates) -> None:
    # Swift & Greenberg 2012: 19.7 % over 669 studies.
    assert rates.unplanned == pytest.approx(19.7, abs=4)
    assert rates.appointments == pytest.approx(7.5, abs=1)


def first_and_last(course: Course, scale: str) -> tuple[float, float]:
    seen = [value for a in course.appointments if (value := getattr(a, scale)) is not None]
    return seen[0], seen[-1]


def test_the_rates_agree_with_the_joint_rules_course_by_course(courses) -> None:
    few = [courses.course(row) for row in range(300)]
    usable = [c for c in few if len(c.appointments) >= 2 and sum(a.phq9 is not None for a in c.appointments) >= 2]
    both = [
        [
            TwoScores(*first_and_last(c, "phq9"), 6, 10, higher_is_worse=True),
            TwoScores(*first_and_last(c, "gad7"), 4, 8, higher_is_worse=True),
        ]
        for c in usable
    ]
    recoveries = [verdict for b in both if (verdict := joint_recovery(b)).counted]
    rows = slice(0, 300)
    arrays = (courses.phq9, courses.gad7, courses.item9, courses.alliance, courses.length, courses.planned)
    rates = course_rates(Courses(*(a[rows] for a in arrays)))
    assert rates.counted == len(both)
    assert rates.caseness == pytest.approx(100 * len(recoveries) / len(both))
    assert rates.recovery == pytest.approx(100 * np.mean([r.met for r in recoveries]))
    improved = [joint_reliable_improvement(b).met for b in both]
    assert rates.reliable_improvement == pytest.approx(100 * np.mean(improved))
    assert rates.deterioration == pytest.approx(100 * np.mean([joint_deterioration(b).met for b in both]))


def test_the_same_seed_gives_the_same_courses_and_another_seed_others() -> None:
    one, same, other = (simulate_courses(50, np.random.default_rng(seed)) for seed in (4, 4, 9))
    assert np.array_equal(one.phq9, same.phq9) and np.array_equal(one.alliance, same.alliance)
    assert not np.array_equal(one.length, other.length)


def test_every_answer_is_one_the_form_offers_and_nothing_follows_the_ending(courses) -> None:
    for scores, highest in (
        (courses.phq9, 27),
        (courses.gad7, 21),
        (courses.item9, 3),
        (courses.alliance, 10),
    ):
        assert (scores.min(), scores.max()) == (MISSING, highest)
    after = np.arange(courses.phq9.shape[1]) >= courses.length[:, None]
    for scores in (courses.phq9, courses.gad7, courses.item9, courses.alliance):
        assert (scores[after] == MISSING).all()


def test_item_nine_never_contradicts_its_total_and_is_as_common_as_reported(courses) -> None:
    there = courses.phq9 != MISSING
    rest = courses.phq9[there] - courses.item9[there]
    assert rest.min() >= 0 and rest.max() <= 24
    first = there[:, 0]
    assert np.mean(courses.item9[first, 0] > 0) == pytest.approx(0.43, abs=0.04)


def test_one_form_in_twelve_is_missing(courses) -> None:
    held = np.arange(courses.phq9.shape[1]) < courses.length[:, None]
    assert np.mean(courses.phq9[held] == MISSING) == pytest.approx(0.08, abs=0.01)
    assert np.mean(courses.alliance[held][:, 0] == MISSING) == pytest.approx(0.08, abs=0.01)
    assert np.mean(simulate_courses(200, np.random.default_rng(1), model=replace(FITTED, missing_form=0.999))
                   .phq9 == MISSING) > 0.99  # fmt: skip


def test_the_alliance_starts_near_eighty_percent_with_a_ceiling_and_is_lower_before_a_break(courses) -> None:
    first = courses.alliance[:, 0][courses.alliance[:, 0, 0] != MISSING]
    assert first.mean() == pytest.approx(8.0, abs=0.2)
    assert np.mean(first == 10) > 0.1
    rows = np.arange(len(courses))
    last = courses.alliance[rows, courses.length - 1]
    there = last[:, 0] != MISSING
    assert last[there & ~courses.planned].mean() < last[there & courses.planned].mean() - 0.3


def test_a_course_can_be_cut_at_today_and_is_open_then(courses) -> None:
    course = next(c for c in map(courses.course, range(100)) if len(c.appointments) >= 5)
    cut = course.until(3)
    assert (len(cut.appointments), cut.ending) == (3, "open")
    assert course.until(len(course.appointments)) is course
    assert course.ending in ("planned", "unplanned")
    assert [a.number for a in course.appointments] == list(range(1, len(course.appointments) + 1))
    assert len(courses) == 4_000


def test_a_therapist_with_a_large_shift_has_more_good_courses() -> None:
    low, high = (
        course_rates(simulate_courses(3_000, np.random.default_rng(2), shifts=np.full(3_000, shift)))
        for shift in (-1.5, 1.5)
    )
    assert high.recovery > low.recovery + 15


def test_therapist_shifts_have_the_variance_of_their_share() -> None:
    shifts = therapist_shifts(200_000, np.random.default_rng(3), icc=0.05)
    assert shifts.mean() == pytest.approx(0, abs=0.005)
    assert shifts.var() == pytest.approx(0.05 / 0.95 * np.pi**2 / 3, rel=0.02)
    with pytest.raises(ValueError, match="share of variance"):
        therapist_shifts(2, np.random.default_rng(3), icc=1.0)


@given(st.integers(0, 24), st.integers(0, 3), st.integers(0, 999))
def test_phq9_items_add_up_to_their_total(rest, item9, seed) -> None:
    items = phq9_items(rest + item9, item9, np.random.default_rng(seed))
    assert (len(items), sum(items), items[8]) == (9, rest + item9, item9)
    assert min(items) >= 0 and max(items) <= 3


@given(st.integers(0, 21), st.integers(0, 999))
def test_gad7_items_add_up_to_their_total(total, seed) -> None:
    items = gad7_items(total, np.random.default_rng(seed))
    assert (len(items), sum(items)) == (7, total)
    assert min(items) >= 0 and max(items) <= 3


def test_a_total_that_no_answers_can_give_is_refused() -> None:
    rng = np.random.default_rng(0)
    for total, item9 in ((27, 2), (1, 2), (5, 4), (-1, 0)):
        with pytest.raises(ValueError, match="nine answers"):
            phq9_items(total, item9, rng)
    with pytest.raises(ValueError, match="seven answers"):
        gad7_items(22, rng)
