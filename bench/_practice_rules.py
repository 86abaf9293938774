"""Rules of difficulty, for many trainees at once: the product's own, and what it is compared with.

What the product decides by a table of few cases (the next level, a week's minutes, a day's budget) is asked of the
product's own functions, case by case, when this file is loaded. What it decides by figures (estimate, choice, gate)
has a twin for arrays here, and tests/science/test_practice_bench.py holds each to the original.
"""

from itertools import product as each

import numpy as np
from _practice_worlds import ATTEMPTS, AUTHOR_SD, AUTHORED, DAYS, EASY, HARD, LEVEL_OF, Bools, Floats, Ints, Seen, phi

from shoshin.science.difficulty import ABILITY_FLOOR, HIGH_SHAME, Attempt, next_step, zone_for
from shoshin.science.load import (
    AMBER_AT,
    BASELINE_CHECKS,
    GROUP_MEAN,
    GROUP_SD,
    LOAD_PER_MINUTE,
    RED_AT,
    Gate,
    cool_down,
    load_budget,
    week_minutes,
)

MINUTES = 2.5  # an attempt
PLANNED = int(MINUTES * ATTEMPTS * len(DAYS))  # a week
RECENT = 3  # statements that are avoided, a quarter of a level; the same for every rule
COLOURS = ("green", "amber", "red")
OTHER, MET_EASILY, MISSED, MARK = 0, 1, 2, 3
_EXAMPLES = {
    OTHER: ("good_challenge", 0.75),
    MET_EASILY: ("too_easy", 1.0),
    MISSED: ("good_challenge", 0.25),
    MARK: ("too_hard", 0.5),
}


def kind_of(seen: Seen) -> Ints:
    """Which of the four cases that next_step tells apart an attempt is."""
    strain = (seen.label == HARD) | (seen.shame >= HIGH_SHAME)
    easy = (seen.label == EASY) & (seen.met >= 0.9)
    return np.where(strain, MARK, np.where(easy, MET_EASILY, np.where(seen.met < 0.5, MISSED, OTHER)))


def _case(level: int, kind: int) -> Attempt:
    label, met = _EXAMPLES[kind]
    return Attempt(level, label, met)


def step_table() -> tuple[Ints, Bools, Bools]:
    """next_step for every case: level, whether the round ends, whether one may ask.

    Axes: level now, marks before the last attempt, kind of the last, whether the one before was of its kind and
    level, ceiling, colour, fitting level, wish (none, up).
    """
    shape = (4, 3, 4, 2, 4, 3, 4, 2)
    level, ended, ask = np.ones(shape, np.int64), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    cases = each((1, 2, 3), (0, 1, 2), range(4), (0, 1), (1, 2, 3), range(3), (1, 2, 3), (0, 1))
    for now, marks, kind, twice, ceiling, colour, fitting, wish in cases:
        past = [_case(now, MARK)] * marks + [_case(now, kind if twice and kind != MARK else OTHER)]
        step = next_step(
            [*past, _case(now, kind)],
            level=now,
            ceiling=ceiling,
            colour=COLOURS[colour],
            fitting=fitting,
            wish="up" if wish else None,
        )
        at = now, marks, kind, twice, ceiling, colour, fitting, wish
        level[at], ended[at], ask[at] = step.level, step.ended, step.may_ask
    return level, ended, ask


STEP_LEVEL, STEP_ENDED, STEP_ASK = step_table()
WEEK = np.array([week_minutes(PLANNED, capacity).minutes for capacity in range(11)])
# A gate is green, amber by marks, amber by strain, red by marks, or red by strain.
_GATES = [
    Gate("green", ()),
    *(Gate(colour, (), by_strain) for colour in ("amber", "red") for by_strain in (False, True)),
]
COLOUR_OF = np.array([COLOURS.index(gate.colour) for gate in _GATES])
BUDGETS = [
    [[load_budget(m, gate, strain=float(strain)) for m in range(PLANNED + 1)] for strain in range(11)]
    for gate in _GATES
]
LOAD = np.array([[[b.load for b in row] for row in rows] for rows in BUDGETS])
LIMIT = np.array([[[b.attempts for b in row] for row in rows] for rows in BUDGETS])
COOL = np.array([[cool_down(0, gate, ended_by_strain=ended).until for ended in (False, True)] for gate in _GATES])
_EDGES = np.array([[np.log(edge / (1 - edge)) for edge in zone_for(colour)] for colour in COLOURS])
MIDDLE, HALF = _EDGES.mean(axis=1), float(np.diff(_EDGES[0])[0] / 2)
COST = MINUTES * np.array([LOAD_PER_MINUTE["too_easy"], LOAD_PER_MINUTE["good_challenge"], LOAD_PER_MINUTE["too_hard"]])


class Rule:
    """What every rule has: how many attempts it allows today, which statement comes next, what it learns from it."""

    def __init__(self, n: int, seed: int = 0) -> None:
        self.n, self.rng = n, np.random.default_rng([seed, 99])
        self.rows = np.arange(n)
        self.last_met = np.full((n, len(AUTHORED)), -RECENT - 1, np.int32)
        self.clock = np.zeros(n, np.int32)  # attempts so far

    def begin(self, day: int, strain: Floats, capacity: Floats) -> None:
        """A session begins."""

    def going(self, place: int) -> Bools:
        return np.ones(self.n, np.bool_)

    def allowed(self) -> Bools:
        """Which statements are open to whom: an array of trainees × statements."""
        raise NotImplementedError

    def pick(self, world) -> Ints:
        noise = self.rng.random((self.n, len(AUTHORED)), dtype=np.float32)
        return np.where(self.allowed() & ~self.recently(), noise, -1).argmax(axis=1)

    def recently(self) -> Bools:
        return self.last_met >= (self.clock - RECENT)[:, None]

    def see(self, statement: Ints, seen: Seen, doing: Bools) -> None:
        met = self.last_met[self.rows, statement]
        self.last_met[self.rows, statement] = np.where(doing, self.clock, met)
        self.clock += doing


class Fixed(Rule):
    """Any statement of a level; 0 is any level at all."""

    def __init__(self, n: int, level: int) -> None:
        super().__init__(n)
        self.open = np.broadcast_to((level == LEVEL_OF) | (level == 0), (n, len(AUTHORED)))

    def allowed(self) -> Bools:
        return self.open


class Ladder(Rule):
    """Up a level after weeks 3 and 6, whatever happens."""

    def begin(self, day: int, strain: Floats, capacity: Floats) -> None:
        self.level = 1 + (day >= 21) + (day >= 42)

    def allowed(self) -> Bools:
        return np.broadcast_to(self.level == LEVEL_OF, (self.n, len(AUTHORED)))


class LabelRule(Rule):
    """The reaction form alone: too hard, one down; too easy, one up; else the same."""

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self.level = np.ones(n, np.int64)

    def allowed(self) -> Bools:
        return self.level[:, None] == LEVEL_OF

    def see(self, statement: Ints, seen: Seen, doing: Bools) -> None:
        super().see(statement, seen, doing)
        move = (seen.label == EASY).astype(np.int64) - (seen.label == HARD)
        self.level = np.where(doing, np.clip(self.level + move, 1, 3), self.level)


class ScoreOnly(Rule):
    """The published rule of an open-source peer: up at 3.2 of 4 points, down below 2.4, on five levels.

    Its pass or fail is a judge's; here it is the same 2.4.
    """

    def __init__(self, n: int) -> None:
        super().__init__(n)
        self.fifth = np.digitize(AUTHORED, np.quantile(AUTHORED, (0.2, 0.4, 0.6, 0.8))) + 1
        self.level = np.ones(n, np.int64)

    def allowed(self) -> Bools:
        return self.level[:, None] == self.fifth

    def see(self, statement: Ints, seen: Seen, doing: Bools) -> None:
        super().see(statement, seen, doing)
        move = (4 * seen.met >= 3.2).astype(np.int64) - (4 * seen.met < 2.4)
        self.level = np.where(doing, np.clip(self.level + move, 1, 5), self.level)


class Oracle(Rule):
    """Knows the true skill and the true difficulties, and takes what teaches most now. It sees no strain."""

    def pick(self, world) -> Ints:
        return world.best_statement()


class Elo(Rule):
    """Ability by the product's update, statement by the product's zone, over all levels, with no guard at all."""

    def __init__(self, n: int, floor: float = ABILITY_FLOOR) -> None:
        super().__init__(n)
        self.floor, self.mean, self.variance = floor, np.zeros(n), np.ones(n)
        self.colour, self.day = np.zeros(n, np.int64), 0

    def begin(self, day: int, strain: Floats, capacity: Floats) -> None:
        self.variance = rested_many(self.variance, day - self.day)
        self.day = day

    def allowed(self) -> Bools:
        return np.ones((1, len(AUTHORED)), np.bool_)

    def pick(self, world) -> Ints:
        return choose_many(self.mean, self.colour, self.allowed() & ~self.recently())

    def see(self, statement: Ints, seen: Seen, doing: Bools) -> None:
        super().see(statement, seen, doing)
        mean, variance = posterior_many(self.mean, self.variance, AUTHORED[statement], seen.met, self.floor)
        self.mean = np.where(doing, mean, self.mean)
        self.variance = np.where(doing, variance, self.variance)


class Ours(Elo):
    """The product's rule: level by next_step, statement within it by choose, day and week by load.

    `guarded` False leaves out load altogether. `asks`: how often a trainee asks for the level that waits for them.
    """

    def __init__(self, n: int, *, guarded: bool = True, floor: float = ABILITY_FLOOR, asks: float = 0.25) -> None:
        super().__init__(n, floor)
        self.guarded, self.asks = guarded, asks
        self.level = np.ones(n, np.int64)
        self.waits = np.zeros((n, 2), np.bool_)  # a ceiling at level 1, at level 2, from earlier rounds
        self.gates = Gates(n)
        self.rest_until = np.zeros(n, np.int64)
        self.asked = np.zeros(n, np.bool_)
        self.minutes = np.full(n, PLANNED)
        self.load, self.limit = np.full(n, np.inf), np.full(n, ATTEMPTS)
        self.today = 0
        self.new_round()

    def new_round(self) -> None:
        self.ceiling = ceiling_many(self.waits)
        self.marks, self.kind, self.kind_level = (np.zeros(self.n, np.int64) for _ in range(3))
        self.spent, self.done = np.zeros(self.n), np.zeros(self.n)
        self.ended = np.zeros(self.n, np.bool_)

    def begin(self, day: int, strain: Floats, capacity: Floats) -> None:
        super().begin(day, strain, capacity)
        self._close_day()
        if self.guarded:
            gate = self.gates.colour(day, strain)
            self.colour = COLOUR_OF[gate]
            if day % 7 == 0:
                self.minutes = WEEK[capacity.astype(np.int64)]
            today = np.minimum(np.round(self.minutes / len(DAYS)).astype(np.int64), PLANNED)
            at = gate, strain.astype(np.int64), today
            self.load, self.limit = LOAD[at], LIMIT[at]
            self.rest_until = np.maximum(self.rest_until, (day + COOL[gate, 0]) * (self.colour == 2))
            self.level = np.where(day < self.rest_until, 1, self.level)
        self.new_round()
        self.today = day

    def _close_day(self) -> None:
        """A round that marks of strain ended cools down from the day it was."""
        if self.guarded:
            until = self.today + COOL[0, 1]
            self.rest_until = np.where(self.ended, np.maximum(self.rest_until, until), self.rest_until)

    def going(self, place: int) -> Bools:
        next_cost = np.where(self.done > 0, COST[1], 0.0)
        room = (self.spent + next_cost <= self.load) & (self.load > 0) & (self.done < self.limit)
        return room & ~self.ended

    def allowed(self) -> Bools:
        return self.level[:, None] == LEVEL_OF

    def see(self, statement: Ints, seen: Seen, doing: Bools) -> None:
        super().see(statement, seen, doing)
        kind = kind_of(seen)
        twice = (self.done > 0) & (self.kind == kind) & (self.kind_level == self.level)
        fitting = level_for_many(self.mean, self.variance, self.colour, self.level)
        at = self.level, np.minimum(self.marks, 2), kind, twice.astype(np.int64), self.ceiling, self.colour, fitting
        wish = (STEP_ASK[(*at, 0)] & (self.rng.random(self.n) < self.asks)).astype(np.int64)
        marked = doing & (kind == MARK)
        tried = doing & self.asked
        self.waits[:, 0] &= ~(tried & (self.level >= 2))
        self.waits[:, 1] &= ~(tried & (self.level >= 3))
        self.waits[:, 0] |= marked & (self.level <= 2)
        self.waits[:, 1] |= marked & (self.level == 3)
        self.gates.mark(self.today, marked)
        self.kind, self.kind_level = np.where(doing, kind, self.kind), np.where(doing, self.level, self.kind_level)
        self.marks += marked
        self.spent += COST[seen.label] * doing
        self.done += doing
        self.ended |= doing & STEP_ENDED[(*at, wish)]
        self.level = np.where(doing, STEP_LEVEL[(*at, wish)], self.level)
        self.asked = np.where(doing, wish == 1, self.asked)


class Gates:
    """load_gate for many trainees who all check in on the same days."""

    def __init__(self, n: int) -> None:
        self.first = np.zeros((BASELINE_CHECKS, n))
        self.checks, self.total = 0, np.zeros(n)
        self.marked: list[tuple[int, Ints]] = []

    def colour(self, day: int, strain: Floats) -> Ints:
        """Which of the five gates each trainee meets."""
        m = min(self.checks, BASELINE_CHECKS)
        mean = (2 * GROUP_MEAN + self.first[:m].sum(axis=0)) / (2 + m)
        squares = ((self.first[:m] - self.first[:m].mean(axis=0)) ** 2).sum(axis=0) if m else 0.0
        sd = np.sqrt((8 * GROUP_SD**2 + squares) / (8 + max(m - 1, 0)))
        surprise = (strain - mean) / (sd * np.sqrt(1 + 1 / (2 + m)))
        self.total = np.minimum(np.maximum(0, self.total + surprise - 0.5), RED_AT + 1)
        if self.checks < BASELINE_CHECKS:
            self.first[self.checks] = strain
        self.checks += 1
        marks = sum((count for at, count in self.marked if day - 7 < at <= day), np.zeros(len(strain), np.int64))
        quiet = strain < 5
        red = ((self.total >= RED_AT) & ~quiet) | (strain >= 9)
        amber = (self.total >= np.where(quiet, RED_AT, AMBER_AT)) | (strain >= 7)
        by_marks = np.where(marks >= 2, 3, np.where(amber, 2, np.where(marks >= 1, 1, 0)))
        return np.where(red, 4, by_marks)

    def mark(self, day: int, marked: Bools) -> None:
        self.marked = [(at, count) for at, count in self.marked if at > day - 7]
        self.marked.append((day, marked.astype(np.int64)))


def ceiling_many(waits: Bools) -> Ints:
    return np.where(waits[:, 0], 1, np.where(waits[:, 1], 2, 3))


def rested_many(variance: Floats, days: float) -> Floats:
    return np.maximum(variance, np.minimum(variance + 0.01 * days, 1.0))


def posterior_many(
    mean: Floats, variance: Floats, difficulty: Floats, met: Floats, floor: float
) -> tuple[Floats, Floats]:
    """posterior for one attempt each, at statements as uncertain as their authors are."""
    g = 1 / np.sqrt(1 + 3 * AUTHOR_SD**2 / np.pi**2)
    expected = 1 / (1 + np.exp(-g * (mean - difficulty)))
    gain = np.maximum(1 / (1 / variance + g * g * expected * (1 - expected)), floor)
    return mean + gain * g * (met - expected), gain


def choose_many(mean: Floats, colour: Ints, allowed: Bools) -> Ints:
    """choose, where all statements are equally uncertain: the nearest to the middle of the zone is the likeliest."""
    away = np.abs((mean - MIDDLE[colour])[:, None] - AUTHORED)
    return np.where(allowed, away, np.inf).argmin(axis=1)


def level_for_many(mean: Floats, variance: Floats, colour: Ints, level: Ints) -> Ints:
    """level_for over the statements of the bench."""
    middle, spread = mean - MIDDLE[colour], np.sqrt(variance + AUTHOR_SD**2)
    best = np.stack([in_zone(np.abs(middle[:, None] - AUTHORED[n == LEVEL_OF]).min(axis=1), spread) for n in (1, 2, 3)])
    other = best.argmax(axis=0)
    rows = np.arange(len(mean))
    return np.where(best[other, rows] > best[level - 1, rows] + 0.05, other + 1, level)


def in_zone(away: Floats, spread: Floats) -> Floats:
    """zone_probability of a statement that lies so far from the middle of the zone."""
    return phi((HALF - away) / spread) - phi((-HALF - away) / spread)
