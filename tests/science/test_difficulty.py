"""Levels, estimates and the next statement: what rises, what never does, and the published figures."""

from itertools import product
from math import log, sqrt, tanh
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoshin.science.difficulty import (
    ABILITY_FLOOR,
    HIGH_SHAME,
    HIGHEST,
    STATEMENT_FLOOR,
    TARGET,
    ZONE,
    Attempt,
    Choice,
    Estimate,
    Statement,
    Step,
    Updated,
    Wish,
    ceiling_of,
    choose,
    expected_share,
    is_strain,
    level_for,
    next_step,
    posterior,
    rested,
    updated,
    zone_for,
    zone_probability,
)
from shoshin.science.load import Colour
from shoshin.science.reasons import Reason

# What a person may mark: label, share of criteria, shame.
MARKS = {
    "easy": ("too_easy", 1.0, 0),
    "fine": ("good_challenge", 0.75, 3),
    "missed": ("good_challenge", 0.25, 3),
    "hard": ("too_hard", 0.5, 2),
    "ashamed": ("too_easy", 1.0, HIGH_SHAME),
    "unmarked": (None, 0.75, None),
}
RNG = np.random.default_rng


def attempt(mark: str, level: int = 2, *, asked: bool = False) -> Attempt:
    label, met, shame = MARKS[mark]
    return Attempt(level, label, met, shame, asked)


def walk(marks, *, level: int = 2, wish: Wish | None = None, **more) -> list[Step]:
    """The steps of a round in which somebody follows every step and marks in this order."""
    steps, attempts = [next_step((), level=level, **more)], []
    for mark in marks:
        if steps[-1].ended:
            break
        attempts.append(attempt(mark, steps[-1].level))
        steps.append(next_step(attempts, level=level, wish=wish, **more))
    return steps


# --- the level


def test_a_round_begins_where_it_is_told_to():
    assert next_step((), level=2) == Step(2, False, Reason("round_begins", {"level": 2}))


@pytest.mark.parametrize(
    ("marks", "levels", "last"),
    [(("easy",), [2, 2], "level_stays"),
     (("easy", "easy"), [2, 2, 3], "too_easy_in_a_row"),
     (("easy", "easy", "easy", "easy"), [2, 2, 3, 3, 3], "highest_level"),
     (("easy", "fine", "easy"), [2, 2, 2, 2], "level_stays"),
     (("missed", "missed"), [2, 2, 1], "criteria_missed"),
     (("hard",), [2, 1], "too_hard_marked"),
     (("ashamed",), [2, 1], "high_shame_marked"),
     (("hard", "easy", "easy"), [2, 1, 1, 1], "up_waits_for_another_round"),
     (("hard", "ashamed"), [2, 1, 1], "second_strain_mark"),
     (("unmarked", "unmarked"), [2, 2, 2], "level_stays")],
)  # fmt: skip
def test_the_level_follows_what_is_marked(marks, levels, last):
    steps = walk(marks)
    assert [step.level for step in steps] == levels
    assert steps[-1].reason.code == last


def test_two_easy_ones_at_different_levels_are_no_run():
    assert next_step([attempt("easy", 1), attempt("easy", 2)], level=1).reason.code == "level_stays"


def test_easy_without_the_criteria_met_does_not_rise():
    half = Attempt(1, "too_easy", 0.75)
    assert next_step([half, half], level=1).level == 1


def test_high_shame_is_a_mark_of_strain_whatever_the_label_says():
    assert is_strain(attempt("ashamed")) and is_strain(attempt("hard"))
    assert not is_strain(Attempt(1, "too_easy", 1.0, HIGH_SHAME - 1))
    assert not is_strain(Attempt(1, None, 0.0))


@pytest.mark.slow
def test_in_every_round_of_six_attempts_nothing_rises_after_a_mark_of_strain():
    rounds = ended = 0
    for marks in product(MARKS, repeat=6):
        steps = walk(marks)
        rounds += 1
        strained = [mark in ("hard", "ashamed") for mark in marks[: len(steps) - 1]]
        first = strained.index(True) + 1 if True in strained else len(steps)
        levels = [step.level for step in steps]
        assert all(later <= earlier for earlier, later in zip(levels[first:], levels[first + 1 :], strict=False))
        if first < len(levels):
            assert levels[first] == max(levels[first - 1] - 1, 1)
            assert steps[first].pause
        ended += steps[-1].ended
        assert steps[-1].ended == (sum(strained) == 2)
    assert rounds == len(MARKS) ** 6 and ended > 1000


@pytest.mark.slow
@pytest.mark.parametrize("colour", get_args(Colour))
@pytest.mark.parametrize("ceiling", [1, 2, 3])
@pytest.mark.parametrize("fitting", [None, 1, 2, 3])
def test_by_itself_a_round_never_rises_above_its_ceiling_nor_on_any_but_a_green_day(colour, ceiling, fitting):
    for marks in product(MARKS, repeat=4):
        steps = walk(marks, level=1, ceiling=ceiling, colour=colour, fitting=fitting)
        assert max(step.level for step in steps) <= (ceiling if colour == "green" else 1)


@pytest.mark.slow
@pytest.mark.parametrize("colour", get_args(Colour))
def test_a_step_down_is_always_open_and_so_is_stopping(colour):
    for length in range(5):
        for marks in product(MARKS, repeat=length):
            attempts = [attempt(mark, 3) for mark in marks]
            strain = sum(is_strain(a) for a in attempts)
            down = next_step(attempts, level=3, colour=colour, wish="down")
            assert down.level < 3 or (strain >= 2 and down.ended)
            assert next_step(attempts, level=3, colour=colour, wish="stop").ended


@pytest.mark.parametrize("wish", get_args(Wish))
def test_after_a_mark_no_wish_leads_up_in_the_same_round(wish):
    for marks in product(MARKS, repeat=4):
        attempts = [attempt(mark, 1) for mark in marks]
        step = next_step(attempts, level=1, wish=wish)
        if any(is_strain(a) for a in attempts):
            assert step.level == 1
    waits = next_step([attempt("hard", 2), attempt("fine", 1)], level=2, wish="up")
    assert waits.reason.code == "up_waits_for_another_round"


def test_the_second_mark_ends_the_round_gently_one_level_lower_and_without_blame():
    step = walk(["fine", "hard", "fine", "hard"], level=3)[-1]
    assert (step.level, step.ended, step.pause) == (1, True, True)
    assert step.reason.facts == {"marks": 2, "level": 2}


def test_only_the_person_goes_up_past_an_old_mark_and_only_in_a_later_round():
    first = [attempt("fine", 2), attempt("hard", 2)]
    assert next_step(first, level=2, wish="up").level == 1
    ceiling = ceiling_of([first])
    assert ceiling == 1
    easy = [attempt("easy", 1)] * 2
    waiting = next_step(easy, level=1, ceiling=ceiling)
    assert (waiting.level, waiting.may_ask, waiting.reason.code) == (1, True, "up_waits_for_you")
    assert next_step(easy, level=1, ceiling=ceiling, wish="up").level == 2
    second = [*easy, attempt("fine", 2, asked=True)]
    assert ceiling_of([first, second]) == HIGHEST


@pytest.mark.parametrize(
    ("rounds", "ceiling"),
    [([], 3), ([["fine1"]], 3), ([["hard1"]], 1), ([["hard2"]], 1), ([["hard3"]], 2), ([["hard3"], ["hard2"]], 1),
     ([["hard3"], ["asked2"]], 2), ([["hard3"], ["asked3"]], 3), ([["hard3", "hard2"], ["asked2"]], 2),
     ([["asked3", "hard3"]], 2), ([["hard2"], ["fine3"]], 1)],
)  # fmt: skip
def test_the_ceiling_is_made_of_marks_that_were_not_yet_passed(rounds, ceiling):
    def one(word: str) -> Attempt:
        return attempt("hard" if word[:-1] == "hard" else "fine", int(word[-1]), asked=word.startswith("asked"))

    assert ceiling_of([[one(word) for word in each] for each in rounds]) == ceiling


def test_on_an_amber_day_the_level_holds_and_the_person_may_ask():
    step = walk(["easy", "easy"], colour="amber")[-1]
    assert (step.level, step.may_ask, step.reason.code) == (2, True, "amber_holds")
    assert walk(["easy"], colour="amber", wish="up")[-1].level == 3


def test_on_a_red_day_there_is_level_1_and_asking_does_not_change_it():
    assert [step.reason.code for step in walk(["fine"], level=3, colour="red")] == ["easiest_on_red"] * 2
    assert next_step((), level=3, colour="red", wish="up").level == 1


def test_the_estimate_moves_the_level_too_but_reactions_come_first():
    assert walk(["fine"], fitting=3)[-1].reason.code == "higher_level_fits"
    assert walk(["fine"], fitting=1)[-1].reason.code == "lower_level_fits"
    assert walk(["hard"], fitting=3)[-1].level == 1
    assert walk(["hard", "fine"], fitting=3)[-1].reason.code == "up_waits_for_another_round"


def test_asking_at_the_top_says_so_and_impossible_levels_are_refused():
    assert next_step((), level=3, wish="up").reason.code == "highest_level"
    assert next_step((), level=1, wish="down").level == 1
    for level, ceiling in ((0, 3), (4, 3), (1, 0)):
        with pytest.raises(ValueError, match="Levels go from 1 to 3"):
            next_step((), level=level, ceiling=ceiling)


# --- the estimate


def test_glickmans_worked_example_comes_out_as_published():
    q = log(10) / 400
    opponents = [(1400, 30, 1), (1550, 100, 0), (1700, 300, 0)]
    met = [(Estimate(rating * q, (rd * q) ** 2), float(score)) for rating, rd, score in opponents]
    found = posterior(1500 * q, (200 * q) ** 2, met, floor=0)
    assert found.mean / q == pytest.approx(1464.06, abs=0.1)
    assert sqrt(found.variance) / q == pytest.approx(151.4, abs=0.05)
    expected = [expected_share(Estimate(1500 * q), other) for other, _ in met]
    assert expected == pytest.approx([0.639, 0.432, 0.303], abs=0.001)


def test_graded_results_move_as_far_as_they_surprise():
    even = Estimate(0.0, 1.0)
    moved = [posterior(0.0, 1.0, [(even, share)], floor=0).mean for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert moved == pytest.approx([-moved[4], -moved[3], 0.0, moved[3], moved[4]])
    assert moved[3] == pytest.approx(moved[4] / 2)


def test_an_attempt_moves_person_and_statement_in_opposite_directions():
    found = updated(Estimate(0.5, 1.0), Estimate(-0.9, 0.2), 0.25)
    assert isinstance(found, Updated)
    assert found.ability.mean < 0.5 and found.difficulty.mean > -0.9
    assert found.expected == expected_share(Estimate(0.5, 1.0), Estimate(-0.9, 0.2))
    better = updated(Estimate(0.5, 1.0), Estimate(-0.9, 0.2), 1.0)
    assert better.ability.mean > 0.5 and better.difficulty.mean < -0.9


def test_the_gain_never_falls_below_its_floor():
    person, statement = Estimate(), Estimate(-1.4, 0.3)
    for _ in range(300):
        found = updated(person, statement, 0.75)
        person, statement = found.ability, found.difficulty
    assert (person.variance, statement.variance) == (ABILITY_FLOOR, STATEMENT_FLOOR) == (0.30, 0.05)


def answers(skill: float, difficulty: float, rng: np.random.Generator) -> float:
    return rng.binomial(4, 1 / (1 + np.exp(difficulty - skill))) / 4


@pytest.mark.slow
def test_a_steady_ability_is_found():
    rng, found = RNG(3), []
    for _ in range(60):
        skill, person = rng.normal(), Estimate()
        for _ in range(60):
            difficulty = person.mean - 1.4
            met = [(Estimate(difficulty, 0), answers(skill, difficulty, rng))]
            person = posterior(person.mean, person.variance, met)
        found.append(person.mean - skill)
    assert abs(np.mean(found)) < 0.1 and np.std(found) < 0.5


def lag(floor: float) -> float:
    """How far the estimate is behind an ability that grows by .05 a round of ten, on average."""
    rng, behind = RNG(4), []
    for _ in range(40):
        skill, person = 0.0, Estimate()
        for _ in range(30):
            skill += 0.05
            for _ in range(10):
                difficulty = Estimate(person.mean - 1.4, 0.0)
                share = answers(skill, difficulty.mean, rng)
                person = posterior(person.mean, person.variance, [(difficulty, share)], floor=floor)
        behind.append(skill - person.mean)
    return float(np.mean(behind))


@pytest.mark.slow
def test_with_the_floor_a_growing_ability_is_followed_and_without_it_is_not():
    assert abs(lag(ABILITY_FLOOR)) < 0.2 < lag(0.0)


def test_an_estimate_ages_up_to_that_of_a_stranger():
    assert rested(Estimate(1.0, 0.3), 10) == Estimate(1.0, pytest.approx(0.4))
    assert rested(Estimate(1.0, 0.3), 1000).variance == 1.0
    assert rested(Estimate(1.0, 1.5), 10).variance == 1.5
    with pytest.raises(ValueError, match="Days"):
        rested(Estimate(), -1)


@pytest.mark.parametrize(("variance", "share"), [(0.0, 0.5), (1.0, 1.2), (1.0, -0.1)])
def test_impossible_figures_are_refused(variance, share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        posterior(0.0, variance, [(Estimate(), share)])


# --- the zone and the choice


def test_the_middle_of_the_zone_is_where_a_logistic_learner_gains_most():
    x = np.linspace(0.5, 3, 100_001)
    best = x[np.argmin(np.abs(x * np.tanh(x / 2) - 1))]
    assert best * tanh(best / 2) == pytest.approx(1, abs=1e-4)
    assert 1 / (1 + np.exp(-best)) == pytest.approx(0.824, abs=0.001)
    middle = sum(log(edge / (1 - edge)) for edge in ZONE) / 2
    assert 1 / (1 + np.exp(-middle)) == pytest.approx(0.824, abs=0.005)


def test_strain_moves_the_zone_to_what_is_met_more_surely():
    assert zone_for("green") == pytest.approx(ZONE)
    assert zone_for("amber") == zone_for("red") == pytest.approx((0.796, 0.938), abs=0.001)
    assert (TARGET["green"], TARGET["amber"]) == (0.80, 0.87)


def test_the_chance_of_the_zone_equals_a_count():
    ability, difficulty = Estimate(0.4, 0.3), Estimate(-0.8, 0.2)
    rng = RNG(5)
    p = 1 / (1 + np.exp(-(rng.normal(0.4, sqrt(0.3), 200_000) - rng.normal(-0.8, sqrt(0.2), 200_000))))
    counted = ((p >= 0.7) & (p <= 0.9)).mean()
    assert zone_probability(ability, difficulty) == pytest.approx(counted, abs=0.005)


def bank(*difficulties: float, level: int = 1, variance: float = 0.16) -> list[Statement]:
    return [Statement(f"{level}-{n}", level, Estimate(d, variance)) for n, d in enumerate(difficulties)]


def test_the_statement_most_likely_in_the_zone_is_chosen_and_says_why():
    found = choose(bank(-3.0, -1.5, 0.0), Estimate(0.0, 0.3), level=1, rng=RNG(1))
    assert isinstance(found, Choice)
    assert (found.statement.id, found.reason.code) == ("1-1", "likeliest_in_zone")
    assert found.reason.facts["expected"] == pytest.approx(0.81, abs=0.01)
    eased = choose(bank(-3.0, -2.0, -1.5), Estimate(0.0, 0.3), level=1, colour="amber", rng=RNG(1))
    assert eased.statement.id == "1-1"


def test_a_statement_nobody_knows_is_passed_over_for_one_that_is_known():
    unsure = [Statement("new", 1, Estimate(-1.5, 2.0)), Statement("known", 1, Estimate(-1.4, 0.05))]
    assert choose(unsure, Estimate(0.0, 0.3), level=1, rng=RNG(1)).statement.id == "known"


def test_recently_met_statements_wait_and_the_oldest_comes_back_first():
    statements = bank(-1.5, -1.4, -1.3)
    first = choose(statements, Estimate(0.0, 0.3), level=1, recent=["1-0"], rng=RNG(1))
    assert first.statement.id == "1-1"
    again = choose(statements, Estimate(0.0, 0.3), level=1, recent=["1-2", "1-0", "1-1", "1-0"], rng=RNG(1))
    assert (again.statement.id, again.reason.code) == ("1-2", "all_met_lately")


def test_equals_are_drawn_and_the_draw_is_the_callers():
    same = bank(-1.5, -1.5, -1.5, -1.5)
    drawn = [choose(same, Estimate(), level=1, rng=RNG(seed)).statement.id for seed in range(60)]
    assert set(drawn) == {s.id for s in same}
    assert drawn == [choose(same, Estimate(), level=1, rng=RNG(seed)).statement.id for seed in range(60)]


def test_a_statement_never_comes_from_a_higher_level():
    mixed = bank(-3.0, level=1) + bank(-1.5, level=3)
    found = choose(mixed, Estimate(0.0, 0.3), level=2, rng=RNG(1))
    assert (found.statement.level, found.reason.code) == (1, "lower_level_only")
    with pytest.raises(ValueError, match="no statement at level 1"):
        choose(bank(0.0, level=2), Estimate(), level=1, rng=RNG(1))


@given(st.floats(-3, 3), st.integers(1, 3), st.lists(st.sampled_from(range(9)), max_size=8), st.integers(0, 99))
def test_whatever_was_met_a_statement_of_the_level_is_chosen(mean, level, recent, seed):
    statements = [s for n in (1, 2, 3) for s in bank(n - 3.5, n - 3.0, n - 2.5, level=n)]
    names = [statements[place].id for place in recent]
    found = choose(statements, Estimate(mean, 0.4), level=level, recent=names, rng=RNG(seed))
    assert found.statement.level == level
    pool = {s.id for s in statements if s.level == level}
    assert found.statement.id not in names or pool <= set(names)


def test_the_level_that_fits_moves_with_ability_and_does_not_flicker():
    statements = bank(-2.0, -1.5, -1.0) + bank(-0.5, 0.0, 0.5, level=2) + bank(1.0, 1.5, 2.0, level=3)
    fits = [level_for(statements, Estimate(mean, 0.3), level=2) for mean in (-2.0, 1.5, 4.5)]
    assert fits == [1, 2, 3]
    between = Estimate(log(0.82 / 0.18) - 0.75, 0.3)
    assert [level_for(statements, between, level=level) for level in (1, 2)] == [1, 2]


@given(st.floats(-5, 5), st.floats(0.01, 3), st.floats(-5, 5), st.floats(0, 3), st.floats(0, 1))
def test_more_criteria_met_never_lowers_an_estimate(mean, variance, difficulty, unsure, share):
    other = Estimate(difficulty, unsure)
    low = posterior(mean, variance, [(other, share * 0.5)])
    high = posterior(mean, variance, [(other, share)])
    assert high.mean >= low.mean and high.variance == low.variance
    assert high.variance <= max(variance, ABILITY_FLOOR) + 1e-12
    assert 0 <= expected_share(low, other) <= expected_share(high, other) <= 1
