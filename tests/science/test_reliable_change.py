"""Six formulas for one change agree with published counts, and each with its own arithmetic by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoshin.science.mixed import NestedModel, RandomTerm, fit, gram_table
from shoshin.science.reliable_change import (
    FORMULAS,
    Formula,
    Group,
    Pace,
    change_index,
    group_of,
    judge_index,
    own_pace,
    reliability_of_differences,
)
from tests.science.published_tables import sleepstudy

# Jacobson 1989, general distress of 26 couples, as in the R package clinicalsignificance: the summary, computed apart.
COUPLES = Group(69.153846, 6.1020804, 59.307692, 8.6903129, 0.36585215, 0.80, 0.80)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("jt", -1.4251), ("gln", -1.5653), ("hll", 1.1240), ("en", -2.1000), ("nk", -1.6398), ("ha", -1.8485)],
)
def test_a_couple_that_fell_from_68_to_62_5_is_judged_by_each_formula(formula: Formula, expected: float) -> None:
    # By hand: SEM 2.7289; T = 69.1538 - .8 * 1.1538 = 68.2308; last - T = -5.7308; en = -5.7308/2.7289.
    assert change_index(formula, 68, 62.5, COUPLES) == pytest.approx(expected, abs=0.00015)


def test_the_formulas_are_those_listed_and_the_first_is_the_one_of_1991() -> None:
    assert FORMULAS == ("jt", "gln", "hll", "en", "nk", "ha")
    group = Group(40, 7.5, 45, 7.5, 0.5, 0.80, 0.80)
    assert change_index("jt", 32.5, 47.5, group) == pytest.approx(3.162, abs=0.0005)


def test_the_six_formulas_by_plain_numbers() -> None:
    # S 10, r .64: SEM 6, S sqrt(1 - r²) = 7.68375; first 60, mean 50: T 56.4; last 40, mean of last 45.
    group = Group(50, 10, 45, 10, 0.5, 0.64, 0.75)
    # Differences: spread 100, error 72, so a share of .28 is more than error.
    assert reliability_of_differences(group) == pytest.approx(0.28)
    found = {formula: change_index(formula, 60, 40, group) for formula in FORMULAS}
    assert found["jt"] == pytest.approx(-20 / 8.485281)
    assert found["gln"] == pytest.approx(-16.4 / 7.683749)
    assert found["hll"] == pytest.approx(-11.4 / 7.683749)
    assert found["en"] == pytest.approx(-16.4 / 6)
    assert found["nk"] == pytest.approx(-16.4 / (10 * np.sqrt(0.64**2 * 0.36 + 0.25)))
    assert found["ha"] == pytest.approx((-20 * 0.28 - 5 * 0.72) / (np.sqrt(0.28) * 8.485281))


def test_a_group_is_its_means_its_spreads_and_how_they_go_together() -> None:
    group = group_of([10, 14, 18], [8, 9, 13], reliability=0.8, reliability_last=0.7)
    assert (group.mean_first, group.mean_last, group.sd_first) == (14, 10, 4)
    assert group.sd_last == pytest.approx(np.sqrt(7))
    assert group.correlation == pytest.approx(20 / np.sqrt(32 * 14))
    assert group.reliability_last == 0.7
    assert group_of([10, 14, 18], [9, 9, 9], reliability=0.8).correlation == 0


@pytest.mark.parametrize(
    ("index", "first", "last", "category"),
    [(-2.0, 18, 9, "recovered"), (-2.0, 18, 12, "improved"), (-2.0, 9, 3, "improved"),
     (-1.96, 18, 9, "unchanged"), (1.97, 12, 19, "worse")],
)  # fmt: skip
def test_an_index_is_judged_in_the_same_four_words(index, first, last, category) -> None:
    change = judge_index(index, first, last, cutoff=10, higher_is_worse=True)
    assert (change.category, change.difference) == (category, last - first)
    assert change.non_clinical_at_start is (first < 10)
    assert change.reasons[0].facts["index"] == index


def test_another_critical_figure_and_another_direction_are_asked_for_by_name() -> None:
    assert judge_index(-1.7, 18, 9, cutoff=None, higher_is_worse=True, critical=1.65).category == "improved"
    assert judge_index(-1.7, 30, 24, cutoff=None, higher_is_worse=False, critical=1.65).category == "worse"
    assert [judge_index(z, 9, 9, cutoff=None, higher_is_worse=True).reasons[0].code for z in (-3, 0, 3)] == [
        "index_better", "index_within", "index_worse",
    ]  # fmt: skip


@given(st.floats(0, 40), st.floats(0, 40), st.sampled_from(FORMULAS))
def test_a_mirrored_scale_turns_the_sign_and_nothing_else(first: float, last: float, formula: Formula) -> None:
    group = Group(20, 6, 15, 7, 0.5, 0.85, 0.80)
    mirrored = Group(20, 6, 25, 7, 0.5, 0.85, 0.80)
    here, there = change_index(formula, first, last, group), change_index(formula, 40 - first, 40 - last, mirrored)
    assert here == pytest.approx(-there, abs=1e-9)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="three people"):
        group_of([1, 2], [1, 2], reliability=0.8)
    with pytest.raises(ValueError, match="must differ"):
        group_of([2, 2, 2], [1, 2, 3], reliability=0.8)
    with pytest.raises(ValueError, match="error alone"):
        reliability_of_differences(Group(20, 6, 15, 6, 0.9, 0.5, 0.5))
    with pytest.raises(ValueError, match="perfectly reliable"):
        change_index("en", 1, 2, Group(20, 6, 15, 6, 0.5, 1.0, 1.0))
    with pytest.raises(ValueError, match="above 0"):
        judge_index(1, 1, 2, cutoff=None, higher_is_worse=True, critical=0)


DRIVERS = NestedModel("ms", ("1", "days"), (RandomTerm("driver", ("1", "days")),))


def pace_of(driver: int) -> Pace:
    rows = sleepstudy()
    found = fit(gram_table(rows, DRIVERS), DRIVERS)
    own = rows["driver"] == driver
    return own_pace(found, rows["days"][own].tolist(), rows["ms"][own].tolist())


# Paces as lme4's coef(); errors from the mixed-model equations of Henderson, written out in R with lme4's variances.
@pytest.mark.parametrize(
    ("driver", "points", "error"),
    [(0, 19.6662617, 2.3362776), (1, 1.8476053, 2.3362776), (2, 5.0184295, 2.3362776)],
)
def test_a_drivers_own_pace_and_its_error_are_those_of_the_mixed_model_equations(driver, points, error) -> None:
    found = pace_of(driver)
    assert found.points == pytest.approx(points, abs=2e-4)
    assert found.error == pytest.approx(error, abs=2e-4)
    assert found.index == pytest.approx(points / error, abs=5e-4)


def test_who_changes_as_everybody_does_has_changed() -> None:
    found = fit(gram_table(sleepstudy(), DRIVERS), DRIVERS)
    level, pace = found.beta
    usual = own_pace(found, list(range(10)), [level + pace * day for day in range(10)])
    assert usual.points == pytest.approx(pace) and usual.index > 1.96


def test_a_pace_without_times_or_without_a_model_of_pace_is_refused() -> None:
    rows = sleepstudy()
    level_only = NestedModel("ms", ("1", "days"), (RandomTerm("driver"),))
    with pytest.raises(ValueError, match="level and one time"):
        own_pace(fit(gram_table(rows, level_only), level_only), [0, 1], [1, 2])
    with pytest.raises(ValueError, match="two scores"):
        own_pace(fit(gram_table(rows, DRIVERS), DRIVERS), [0], [1])
