"""How a course ends is learnt from closed courses, appointment by appointment, as an outside regression has it."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from shoshin.science.recovery import EndingsModel, chance_of_ending, fit_endings, recalibrate_chances

sys.path.append(str(Path(__file__).parents[2] / "bench"))
worlds = importlib.import_module("_signal_worlds")
alarm_scores = importlib.import_module("_alarm_scores")


def table() -> tuple[np.ndarray, np.ndarray]:
    """A thousand courses of four answers, some with a gap, drawn the same way each time."""
    rng = np.random.default_rng(5)
    first = rng.integers(8, 24, 1000).astype(float)
    steps = [rng.integers(-3, 7, 1000), rng.integers(-4, 10, 1000), rng.integers(-5, 14, 1000)]
    y = np.column_stack([first, *(first - step for step in steps)])
    y[::7, 1] = np.nan
    return y, y[:, 3] - y[:, 0] > -6


def test_chances_are_those_of_an_outside_regression_on_the_same_columns() -> None:
    # scikit-learn 1.9.1: LogisticRegression(C=1, solver="newton-cholesky", tol=1e-12) on the standardised columns.
    y, came = table()
    model = fit_endings(y, came, reliable_points=6)
    assert isinstance(model, EndingsModel)
    assert (len(model.by_appointment), model.courses, model.events) == (2, 1000, 575)
    told = chance_of_ending(model, y)[[0, 1, 2, 7, 500, 999], 2]
    there = [0.6740310320813889, 0.7054749890948245, 0.5418620182087398]
    there += [0.5467685752290837, 0.700354897238153, 0.5877437635338797]
    assert told == pytest.approx(there, abs=1e-8)


def test_nothing_is_said_at_the_first_answer_or_where_there_was_none() -> None:
    y, came = table()
    told = chance_of_ending(fit_endings(y, came, reliable_points=6), y)
    assert np.isnan(told[:, 0]).all()
    assert (np.isnan(told[:, 1:]) == np.isnan(y[:, 1:])).all()
    assert np.nanmin(told) > 0 and np.nanmax(told) < 1


def test_later_appointments_borrow_the_last_regression_that_enough_courses_made() -> None:
    y, came = table()
    longer = np.column_stack([y, y[:, 3]])  # nobody goes on after the last, and few after the one before
    longer[150:, 4] = np.nan
    model = fit_endings(longer, came, reliable_points=6)
    assert len(model.by_appointment) == 2
    assert not np.isnan(chance_of_ending(model, longer)[:150, 4]).any()


def test_whichever_way_a_scale_points_the_chances_are_nearly_the_same() -> None:
    y, came = table()
    one = chance_of_ending(fit_endings(y, came, reliable_points=6), y)
    other = chance_of_ending(fit_endings(27 - y, came, reliable_points=6), 27 - y)
    apart = np.abs(one - other)[:, :3]  # the penalty falls on other columns; nothing else differs
    assert np.nanmean(apart) < 0.01 and np.nanmax(apart) < 0.05


def test_too_few_courses_of_an_outcome_are_refused_and_so_are_shapes_that_do_not_fit() -> None:
    y, came = table()
    with pytest.raises(ValueError, match="200 courses or more of each outcome"):
        fit_endings(y[:300], came[:300], reliable_points=6)
    with pytest.raises(ValueError, match="one outcome for each"):
        fit_endings(y, came[:-1], reliable_points=6)
    with pytest.raises(ValueError, match="points above 0"):
        fit_endings(y, came, reliable_points=0)


@pytest.mark.slow
@pytest.mark.parametrize(("world", "reached"), [(worlds.service, 0.775), (worlds.states, 0.685)])
def test_of_courses_it_has_not_seen_it_foresees_most_endings_and_says_how_likely_they_are(world, reached) -> None:
    """Balanced accuracy at the fourth measure; in the second world more courses bring no more (bench/signals.py)."""
    learn, judge = world(12_000, 1), world(12_000, 3)
    model = fit_endings(learn.scores, learn.change > -6, reliable_points=6)
    here = (judge.last > 3) & judge.answered[:, 3]
    said, came = chance_of_ending(model, judge.scores)[here, 3], (judge.change > -6)[here]
    calibration = recalibrate_chances(said, came)
    assert 0.9 <= calibration.slope <= 1.1
    assert said.mean() == pytest.approx(came.mean(), abs=0.02)
    tune = chance_of_ending(model, learn.scores)[(learn.last > 3) & learn.answered[:, 3], 3]
    line = alarm_scores.best_line(tune, (learn.change > -6)[(learn.last > 3) & learn.answered[:, 3]])
    value, _, _ = alarm_scores.balanced(said >= line, came, judge.therapist[here].astype(float))
    assert value > reached
    crossed = np.random.default_rng(1).permutation(came)  # had the end nothing to do with the course
    assert alarm_scores.balanced(said >= line, crossed, judge.therapist[here].astype(float))[0] < 0.55
