"""The bench of practice compares the product's own rule: its arrays do what the product's functions do, one by one."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from shoshin.science.difficulty import (
    Attempt,
    Estimate,
    Statement,
    ceiling_of,
    choose,
    level_for,
    next_step,
    posterior,
    rested,
    zone_probability,
)
from shoshin.science.load import (
    CheckIn,
    Gate,
    cool_down,
    load_budget,
    load_gate,
    stop_rule,
    week_minutes,
)

sys.path.append(str(Path(__file__).parents[2] / "bench"))  # its files import one another by their plain names
rules = importlib.import_module("_practice_rules")
worlds = importlib.import_module("_practice_worlds")
practice = importlib.import_module("practice")

LABELS = ("too_easy", "good_challenge", "too_hard")
STATEMENTS = [
    Statement(str(place), int(level), Estimate(float(mean), worlds.AUTHOR_SD**2))
    for place, (mean, level) in enumerate(zip(worlds.AUTHORED, worlds.LEVEL_OF, strict=True))
]
BOTH = pytest.mark.parametrize("world", [worlds.Weighing, worlds.Draining], ids=["weighing", "draining"])


class Trainee:
    """One person with the product, as its pages would use it: no arrays, no tables, whole histories."""

    def __init__(self) -> None:
        self.ability, self.level, self.day, self.rest_until = Estimate(), 1, 0, 0
        self.check_ins: list[CheckIn] = []
        self.marks: list[int] = []
        self.rounds: list[list[Attempt]] = []
        self.met: list[str] = []
        self.ended = self.asked = False

    def begin(self, day: int, strain: float, capacity: int) -> None:
        if self.ended:
            until = cool_down(self.day, Gate("green", ()), ended_by_strain=True).until
            self.rest_until = max(self.rest_until, until)
        self.ability, self.day = rested(self.ability, day - self.day), day
        self.check_ins.append(CheckIn(day, strain))
        self.gate = load_gate(self.check_ins, self.marks, today=day)
        if day % 7 == 0:
            self.minutes = week_minutes(rules.PLANNED, capacity).minutes
        self.budget = load_budget(round(self.minutes / 3), self.gate, strain=strain)
        self.rest_until = max(self.rest_until, cool_down(day, self.gate).until)
        if day < self.rest_until:
            self.level = 1
        self.ceiling, self.start = ceiling_of(self.rounds), self.level
        self.rounds.append([])
        self.done: list[tuple[float, str]] = []
        self.ended = False

    def going(self) -> bool:
        return not self.ended and not stop_rule(self.budget, self.done).stop

    def pick(self, rng: np.random.Generator) -> int:
        found = choose(
            STATEMENTS,
            self.ability,
            level=self.level,
            colour=self.gate.colour,
            recent=self.met[-rules.RECENT :],
            rng=rng,
        )
        return int(found.statement.id)

    def see(self, statement: int, met: float, label: str, shame: float, *, asks: bool) -> None:
        chosen = STATEMENTS[statement]
        attempt = Attempt(chosen.level, label, met, shame, self.asked)
        attempts = self.rounds[-1]
        attempts.append(attempt)
        self.met.append(chosen.id)
        self.done.append((rules.MINUTES, label))
        self.ability = posterior(self.ability.mean, self.ability.variance, [(chosen.difficulty, met)])
        if label == "too_hard" or shame >= 7:
            self.marks.append(self.day)
        colour = self.gate.colour
        around = {
            "level": self.start,
            "ceiling": self.ceiling,
            "colour": colour,
            "fitting": level_for(STATEMENTS, self.ability, level=chosen.level, colour=colour),
        }
        step = next_step(attempts, **around)
        self.asked = asks and step.may_ask
        if self.asked:
            step = next_step(attempts, **around, wish="up")
        self.level, self.ended = step.level, step.ended


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("asks", [0.0, 1.0])
def test_the_benched_rule_does_at_every_attempt_what_the_product_does(world, asks):
    made, n = world([7], 25), 25
    rule, people = rules.Ours(n, asks=asks), [Trainee() for _ in range(n)]
    rng, seen_levels, seen_colours, compared = np.random.default_rng(1), set(), set(), 0
    for week in range(worlds.WEEKS):
        capacity = made.capacity_answer()
        for day in worlds.DAYS:
            strain = made.check_in()
            rule.begin(7 * week + day, strain, capacity)
            for person, *told in zip(people, strain, capacity, strict=True):
                person.begin(7 * week + day, float(told[0]), int(told[1]))
            assert rule.colour.tolist() == [rules.COLOURS.index(person.gate.colour) for person in people]
            for place in range(worlds.ATTEMPTS):
                doing = rule.going(place)
                assert doing.tolist() == [person.going() for person in people]
                statement = rule.pick(made)
                seen = made.attempt(place, statement, doing)
                rule.see(statement, seen, doing)
                for k in np.flatnonzero(doing):
                    assert people[k].pick(rng) == statement[k]
                    answer = float(seen.met[k]), LABELS[seen.label[k]], float(seen.shame[k])
                    people[k].see(int(statement[k]), *answer, asks=asks == 1)
                    compared += 1
                assert rule.level.tolist() == [person.level for person in people]
                assert rule.ended.tolist() == [person.ended for person in people]
                seen_levels |= set(rule.level.tolist())
            seen_colours |= set(rule.colour.tolist())
            made.after_session(2)
        made.after_week()
    assert rule.mean == pytest.approx([person.ability.mean for person in people])
    assert compared > 3000 and seen_levels == {1, 2, 3} and seen_colours == {0, 1, 2}


def test_the_nearest_to_the_middle_of_the_zone_is_the_likeliest_in_it():
    rng = np.random.default_rng(2)
    for mean, variance, colour in zip(
        rng.normal(0, 2, 50), rng.uniform(0.1, 1, 50), rng.integers(0, 3, 50), strict=True
    ):
        ability, zone = Estimate(mean, variance), rules.zone_for(rules.COLOURS[colour])
        chances = [zone_probability(ability, s.difficulty, zone=zone) for s in STATEMENTS]
        everything = np.ones((1, len(STATEMENTS)), bool)
        assert int(np.argmax(chances)) == rules.choose_many(np.array([mean]), np.array([colour]), everything)[0]


@BOTH
def test_the_same_seed_gives_the_same_world_and_every_rule_the_same_people(world):
    def figures(make):
        return practice.run(world, make, 2, 40, worlds.Truth(), 1.0)

    once, again = figures(rules.Ours), figures(rules.Ours)
    assert all(np.array_equal(getattr(once, name), getattr(again, name)) for name in vars(once))
    one, other = world([3], 50), world([3], 50)
    doing = np.ones(50, bool)
    one.attempt(0, np.zeros(50, int), doing)
    other.attempt(0, np.full(50, 35), doing)
    one.after_session(2)
    other.after_session(2)
    assert np.array_equal(one.luck, other.luck) and np.array_equal(one.first, other.first)


@BOTH
def test_who_does_not_practise_neither_learns_nor_strains(world):
    made = world([1], 60)
    strain = made.check_in()
    nobody = np.zeros(60, bool)
    for place in range(worlds.ATTEMPTS):
        made.attempt(place, np.full(60, 35), nobody)
    assert np.all(made.learnt() == 0) and len(strain) == 60
    assert np.array_equal(made.skill, made.first)


@BOTH
def test_harder_statements_are_met_less_and_strain_more(world):
    easy, hard = world([1], 400), world([1], 400)
    doing = np.ones(400, bool)
    for place in range(worlds.ATTEMPTS):
        met = [made.attempt(place, np.full(400, at), doing).met.mean() for made, at in ((easy, 0), (hard, 35))]
        assert met[0] > met[1]
    assert hard.check_in().mean() > easy.check_in().mean()
    assert hard.overloaded().mean() > easy.overloaded().mean()


@BOTH
def test_hidden_strain_is_hidden_in_the_answer_and_not_in_the_person(world):
    open_one, hidden = world([1], 400), world([1], 400, worlds.Truth(hidden=0.5))
    assert hidden.check_in().mean() < open_one.check_in().mean()
    assert np.array_equal(hidden.overloaded(), open_one.overloaded())


def test_the_two_worlds_share_no_equation_and_teach_most_at_different_shares():
    for name in ("attempt", "chance", "overloaded", "after_session", "after_week", "learnt", "check_in", "start"):
        assert getattr(worlds.Weighing, name) is not getattr(worlds.Draining, name)
        assert getattr(worlds.Weighing, name) is not getattr(worlds.World, name, None)
    assert best_share_met(worlds.Weighing) < 0.70 < 0.75 < best_share_met(worlds.Draining)


def best_share_met(world) -> float:
    """At which chance of meeting a criterion one attempt teaches most, counted from the world itself."""
    chances, gains = [], []
    for statement in range(len(STATEMENTS)):
        made, doing = world([5], 500), np.ones(500, bool)
        chances.append(made.chance(np.full(500, statement)))
        made.attempt(0, np.full(500, statement), doing)
        made.after_session(2)
        gains.append(made.learnt() / made.rate)
    share, gain = np.concatenate(chances), np.concatenate(gains)
    places = np.digitize(share, np.arange(0.05, 1, 0.05))
    return 0.025 + 0.05 * int(np.argmax([gain[places == place].mean() for place in range(20)]))


@pytest.mark.slow
@BOTH
def test_the_guard_spares_overload_and_hiding_strain_gives_much_of_it_back(world):
    def overload(make, truth=None):
        return practice.run(world, make, 2, 150, truth or worlds.Truth(), 1.0).overload.mean()

    ours, free, hidden = overload(rules.Ours), overload(rules.Elo), overload(rules.Ours, worlds.Truth(hidden=0.5))
    assert ours < free / 4
    assert hidden > 2 * ours
