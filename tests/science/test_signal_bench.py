"""The bench of signals compares the rules that we ship, on all courses at once, and counts alarms as it says."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from shoshin.science.recovery import begin, chance_worse, fit_growth, foreseen, updated
from shoshin.science.signals import Point, no_change_by, reliable_worsening

sys.path.append(str(Path(__file__).parents[2] / "bench"))  # its files import one another by their plain names
worlds = importlib.import_module("_signal_worlds")
rules = importlib.import_module("_signal_rules")
scores = importlib.import_module("_alarm_scores")

PHQ9 = {"reliable_points": 6, "higher_is_worse": True}
BOTH = pytest.mark.parametrize("world", [worlds.service, worlds.states])


def lines(clinic, row: int):
    """The course as the product sees it, after each of its answers."""
    places = np.flatnonzero(~np.isnan(clinic.scores[row]))
    points = [Point(int(place) + 1, float(clinic.scores[row, place])) for place in places]
    return [(int(place), points[: n + 1]) for n, place in enumerate(places)]


@BOTH
def test_the_rules_we_ship_say_the_same_one_by_one(world) -> None:
    clinic = world(300, 1)
    signal, watch = rules.worse_signal(clinic), rules.worse_watch(clinic)
    sixth, third = rules.no_change(clinic, 6), rules.no_change(clinic, 3)
    for row in range(len(clinic.scores)):
        for place, points in lines(clinic, row)[1:]:
            level = reliable_worsening(points, **PHQ9).level
            assert (signal[row, place] > 0, watch[row, place] > 0) == (level == "signal", level != "none")
            for found, k in ((sixth, 6), (third, 3)):
                said = no_change_by(points, appointment_k=k, cutoff=10, **PHQ9).level
                assert (found[row, place] > 0) == (said != "none")


def test_expected_recovery_says_the_same_one_by_one() -> None:
    clinic = worlds.service(400, 2)
    model = fit_growth(clinic.scores)
    found = rules.growth_chances(model, clinic, worse=True)
    for row in range(40):
        known = begin(model, clinic.scores[row, 0])
        for place, points in lines(clinic, row)[1:]:
            known = updated(known, place, points[-1].value)
            ahead = foreseen(known, max(rules.HORIZON, place + 1))
            assert found[row, place] == pytest.approx(float(chance_worse(ahead, points[0].value, **PHQ9)), abs=1e-12)


@BOTH
def test_an_alarm_at_the_last_answer_or_the_first_does_not_count(world) -> None:
    clinic = world(500, 3)
    early = scores.early_places(clinic)
    assert early.any() and not early[:, 0].any()
    assert not early[np.arange(len(early)), clinic.last].any()
    everywhere = scores.alarms(np.ones(clinic.scores.shape), 0.5, clinic, clinic.change >= 6)
    assert (everywhere.first[everywhere.alarmed] < everywhere.last[everywhere.alarmed]).all()


def test_the_second_world_is_another_one_with_believable_rates() -> None:
    clinic = worlds.states(6000, 4)
    assert 13 < clinic.scores[:, 0].mean() < 17
    assert 0.03 < (clinic.change >= 6).mean() < 0.10
    assert 0.45 < (clinic.change > -6).mean() < 0.70


def clinic_of(*courses: tuple[float, ...]):
    width = max(map(len, courses))
    table = np.array([[*course, *[np.nan] * (width - len(course))] for course in courses])
    return worlds.Clinic(table, np.arange(len(courses)))


def test_the_rates_agree_with_a_count_by_hand() -> None:
    clinic = clinic_of((12, 19, 12, 19), (12, 12, 12, 19), (12, 19, 12, 12), (12, 12, 12, 12), (12, 12, 12, 12))
    seen = scores.alarms(rules.worse_signal(clinic), 0.5, clinic, clinic.change >= 6)
    found = {name: value[0] for name, value in scores.rates(seen).items()}
    assert found == pytest.approx(
        {"rate": 2 / 5, "sensitivity": 1 / 2, "specificity": 2 / 3, "ppv": 1 / 2, "npv": 2 / 3, "lead": 2}
    )


def test_the_line_keeps_to_its_rate_and_the_areas_and_medians_are_right() -> None:
    clinic = worlds.service(2000, 5)
    found = rules.raw(clinic)
    line = scores.line_for_rate(found, clinic, 0.20)
    rate = scores.alarms(found, line, clinic, clinic.change >= 6).alarmed.mean()
    lower = scores.alarms(found, line - 1, clinic, clinic.change >= 6).alarmed.mean()
    assert rate <= 0.20 < lower
    assert scores.auc(np.array([1.0, 2, 2, 3]), np.array([False, False, True, True])) == 3.5 / 4
    assert scores.weighted_median(np.array([5.0, 1, 3]), np.array([1, 1, 3])) == 3
    assert scores.best_line(np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, False, True, True])) == 0.6


def test_the_peer_is_the_logistic_regression_of_scikit_learn() -> None:
    # scikit-learn 1.9.1, LogisticRegression(C=1.0) on the standardised column: intercept and coefficient.
    x, y = np.arange(8.0)[:, None], np.array([0, 0, 1, 0, 1, 0, 1, 1], dtype=bool)
    _, _, beta = rules.logistic(x, y)
    assert beta == pytest.approx([0.0, 0.76681108], abs=1e-6)


def test_the_neighbours_are_the_nearest_past_courses() -> None:
    points = np.array([[10.0, 10]] * 150 + [[20.0, 20]] * 150)
    grid = rules.lattice(points, np.array([True] * 30 + [False] * 120 + [True] * 90 + [False] * 60))
    assert (grid[10, 11], grid[19, 20]) == (0.2, 0.6)


def test_courses_of_a_file_are_read_by_their_columns(tmp_path) -> None:
    path = tmp_path / "courses.csv"
    path.write_text('"id","first","later","last"\n1,29,2,\n2,32,16,24\n3,20,NA,NA\n4,NA,14,15\n5,18,NA,9\n6,15,14,13\n')
    clinic = worlds.from_file(path, ["first", "later", "last"], 9, 14)
    assert clinic.scores.tolist() == [[32, 16, 24], [15, 14, 13]]
    assert (clinic.reliable, clinic.cutoff, clinic.change.tolist()) == (9, 14, [-8, -2])
