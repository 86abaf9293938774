"""Weighted kappa against published and hand-made values, and when a figure is shown at all."""

from math import sqrt

import numpy as np
import pytest

from shoshin.science.agreement import (
    LEAST_READERS,
    LEAST_STATEMENTS,
    SORTED_LEVELS,
    Agreement,
    Kappa,
    agreement_with,
    weighted_kappa,
)

# Ninety-one couples by four answers each: the table SexualFun that the R package vcd carries (from Agresti, 1990).
COUPLES = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]


def sortings(table):
    pairs = [(i + 1, j + 1) for i, row in enumerate(table) for j, times in enumerate(row) for _ in range(times)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def test_the_published_table_gives_the_published_value_and_error():
    found = weighted_kappa(*sortings(COUPLES), levels=4)
    assert isinstance(found, Kappa)
    assert found.value == pytest.approx(0.2374, abs=5e-5)
    assert found.error == pytest.approx(0.0783, abs=5e-5)


def test_with_two_levels_it_is_cohens_kappa():
    found = weighted_kappa(*sortings([[45, 15], [25, 15]]), levels=2)
    assert found.value == pytest.approx((0.60 - 0.54) / (1 - 0.54))


def test_full_agreement_is_one_and_full_reversal_of_two_extremes_is_minus_one():
    same = [1, 2, 3, 1, 2, 3]
    assert weighted_kappa(same, same).value == pytest.approx(1)
    assert weighted_kappa([1, 3], [3, 1]).value == pytest.approx(-1)


def test_off_by_one_counts_half_of_off_by_two():
    writers = [1, 1, 2, 2, 3, 3]
    near, far = weighted_kappa(writers, [2, 1, 2, 2, 3, 3]), weighted_kappa(writers, [3, 1, 2, 2, 3, 3])
    assert near.reasons[0].facts["observed"] == pytest.approx(1 - 0.5 / 6, abs=1e-3)
    assert far.reasons[0].facts["observed"] == pytest.approx(1 - 1 / 6, abs=1e-3)


def test_where_all_lies_in_one_level_nothing_is_said():
    assert weighted_kappa([2, 2], [2, 2]).value is None


@pytest.mark.parametrize(("first", "second"), [([1], [1, 2]), ([], []), ([0], [1]), ([4], [1])])
def test_what_is_no_sorting_of_the_same_statements_is_refused(first, second):
    with pytest.raises(ValueError, match=r"Two sortings|Levels go from"):
        weighted_kappa(first, second)


def made(readers: int, statements: int, *, blur: float, seed: int = 7):
    chance = np.random.default_rng(seed)
    writers = [1 + place % SORTED_LEVELS for place in range(statements)]
    off = chance.random((readers, statements)) < blur
    sorted_so = [
        [int(chance.integers(1, 4)) if wrong else level for level, wrong in zip(writers, row, strict=True)]
        for row in off
    ]
    return writers, sorted_so


@pytest.mark.parametrize(
    ("readers", "statements", "code"),
    [
        (LEAST_READERS - 1, LEAST_STATEMENTS, "too_few_readers"),
        (LEAST_READERS, LEAST_STATEMENTS - 1, "too_few_statements"),
    ],
)
def test_below_three_readers_or_thirty_statements_no_figure_is_made(readers, statements, code):
    found = agreement_with(*made(readers, statements, blur=0.3))
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.reasons[0].code == code


def test_the_mean_lies_inside_its_interval_and_is_the_mean_of_the_readers():
    writers, readers = made(4, 40, blur=0.3)
    found = agreement_with(writers, readers)
    assert isinstance(found, Agreement)
    assert found.value == pytest.approx(np.mean([weighted_kappa(writers, reader).value for reader in readers]))
    assert -1 <= found.low < found.value < found.high <= 1


def test_the_interval_of_readers_who_sort_alike_is_about_that_of_one():
    writers, (reader,) = made(1, 60, blur=0.4)
    found, one = agreement_with(writers, [reader] * 3), weighted_kappa(writers, reader)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * one.error, rel=0.15)


def test_the_interval_holds_the_true_agreement_about_as_often_as_it_says():
    writers, readers = made(3, 60_000, blur=0.35, seed=1)
    truth = np.mean([weighted_kappa(writers, reader).value for reader in readers])
    kept = [agreement_with(*made(3, 45, blur=0.35, seed=seed)) for seed in range(200)]
    share = np.mean([found.low <= truth <= found.high for found in kept])
    assert abs(share - 0.95) < 4 * sqrt(0.05 * 0.95 / 200)


def test_readers_who_put_all_into_one_level_give_no_figure_where_the_writers_did_too():
    found = agreement_with([2] * 30, [[2] * 30] * 3)
    assert (found.value, found.reasons[0].code) == (None, "all_in_one_level")
