"""First tries before and after, at equal levels, against least squares done independently."""

import numpy as np
import pytest

from shoshin.science.progress import LEAST_TRIES, FirstTry, SkillChange, first_tries_change


def tries(level, *met):
    return [FirstTry(level, share) for share in met]


def fitted(before, after):
    """The same by a design matrix: the phase's coefficient and its standard error."""
    rows = [(each, 0) for each in before] + [(each, 1) for each in after]
    levels = sorted({each.level for each, _ in rows})
    x = np.array([[*(each.level == level for level in levels), phase] for each, phase in rows], dtype=float)
    y = np.array([each.met for each, _ in rows])
    slopes, *_ = np.linalg.lstsq(x, y, rcond=None)
    df = len(y) - x.shape[1]
    s2 = ((y - x @ slopes) ** 2).sum() / df
    return slopes[-1], np.sqrt(s2 * np.linalg.inv(x.T @ x)[-1, -1]), df


def test_it_is_least_squares_with_a_mean_for_each_level():
    before = tries(1, 0.5, 1, 0.5, 1) + tries(2, 0, 0.5, 0)
    after = tries(1, 1, 1) + tries(2, 0.5, 0.5, 1) + tries(3, 0, 0.5)
    found = first_tries_change(before, after)
    change, error, df = fitted(before, after)
    assert isinstance(found, SkillChange)
    assert found.change == pytest.approx(change)
    assert (found.high - found.low) / 2 == pytest.approx(2.228139 * error, rel=1e-5), "t at .975 of ten"
    assert df == found.reasons[0].facts["df"] == 10


def test_harder_statements_later_do_not_hide_what_was_learnt():
    before = tries(1, 0.5, 0.5, 0.5, 0.5, 0.5) + tries(3, 0, 0)
    after = tries(1, 1, 1) + tries(3, 0.5, 0.5, 0.5, 0.5, 0.5)
    found = first_tries_change(before, after)
    assert found.change == pytest.approx(0.5)
    assert np.mean([each.met for each in after]) - np.mean([each.met for each in before]) < 0.5


def test_below_five_tries_on_a_side_nothing_is_said():
    enough, few = tries(1, *[0.5] * LEAST_TRIES), tries(1, *[0.5] * (LEAST_TRIES - 1))
    for before, after in ((few, enough), (enough, few)):
        found = first_tries_change(before, after)
        assert (found.change, found.reasons[0].code) == (None, "too_few_first_tries")


def test_without_a_level_met_on_both_sides_nothing_is_said():
    found = first_tries_change(tries(1, *[0.5] * 5), tries(2, *[0.5] * 5))
    assert (found.change, found.reasons[0].code) == (None, "no_level_on_both_sides")


def test_the_interval_stays_within_what_a_share_can_change():
    found = first_tries_change(tries(1, 0, 0, 1, 0, 0), tries(1, 1, 1, 0, 1, 1))
    assert found.low >= -1 and found.high <= 1


def test_a_share_beyond_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        first_tries_change(tries(1, *[0.5] * 5), tries(1, 0.5, 0.5, 0.5, 0.5, 1.5))
