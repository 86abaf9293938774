"""Two made-up worlds in which rules of difficulty can be compared. Nobody in them is real, and neither is true.

They share the timetable, the statements and what a rule may see; not one equation of success, learning, strain,
recovery, answering or leaving is common to both. Arrays have one place per trainee; trainees of several seeds lie
behind each other, and chance is drawn whether or not it is used, so that every rule meets the same luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WEEKS, DAYS, ATTEMPTS, CRITERIA = 10, (0, 2, 4), 10, 4
PROBE_WEEKS = 4  # after the last week: what is still there then is what was learnt
LEVELS, EACH = 3, 12
AUTHORED = np.concatenate([centre + np.linspace(-0.75, 0.75, EACH) for centre in (-1.5, 0.0, 1.5)])
LEVEL_OF = np.repeat(np.arange(1, LEVELS + 1), EACH)
AUTHOR_SD = 0.4  # how far a statement's difficulty is from what its author thought
EASY, GOOD, HARD = 0, 1, 2

_GRID = np.linspace(-6, 6, 4801)
_PHI = np.array([0.5 * (1 + erf(z / sqrt(2))) for z in _GRID])


def phi(z: Floats) -> Floats:
    """The normal distribution function, read from a fine table."""
    return np.interp(z, _GRID, _PHI)


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


@dataclass(frozen=True)
class Truth:
    """How honestly strain is told: the share left out, and how much noise the answer has."""

    hidden: float = 0.0
    noise: float = 1.0  # times the usual


@dataclass(frozen=True)
class Seen:
    """What a rule sees of an attempt: share of criteria, label, shame."""

    met: Floats
    label: Ints
    shame: Floats


@dataclass
class World:
    """What both have in common: places for trainees, one generator a seed, statements."""

    seeds: Sequence[int]
    trainees: int
    truth: Truth = Truth()
    slope: float = 1.0  # true discrimination; rules take it for 1
    rngs: list[np.random.Generator] = field(init=False)
    here: Bools = field(init=False)
    true: Floats = field(init=False)  # seeds × statements
    seed_of: Ints = field(init=False)
    week: int = 0

    def __post_init__(self) -> None:
        self.rngs = [np.random.default_rng([seed, self.number]) for seed in self.seeds]
        self.seed_of = np.repeat(np.arange(len(self.seeds)), self.trainees)
        self.here = np.ones(len(self.seed_of), dtype=np.bool_)
        self.true = AUTHORED + AUTHOR_SD * np.stack([rng.normal(size=len(AUTHORED)) for rng in self.rngs])
        self.start()

    number = 0

    def start(self) -> None:
        raise NotImplementedError

    def normal(self, *shape: int) -> Floats:
        return np.concatenate([rng.standard_normal((*shape, self.trainees)) for rng in self.rngs], axis=-1)

    def uniform(self, *shape: int) -> Floats:
        return np.concatenate([rng.random((*shape, self.trainees)) for rng in self.rngs], axis=-1)

    def gamma(self, shape: float) -> Floats:
        return np.concatenate([rng.gamma(shape, 1 / shape, self.trainees) for rng in self.rngs])

    def difficulty(self, statement: Ints) -> Floats:
        return self.true[self.seed_of, statement]


class Weighing(World):
    """World 1: strain adds up and is weighed against a capacity; learning is an inverted U that strain presses down.

    `s0`, `s1`, `life`, `leaving` and `learning` are fitted by fit_practice.py, in which fixed rules alone take part.
    Chosen: capacity varies by a factor of about 2 either way (LogN .35); labels are biased by .7 logits, about what
    separates a strict from a lenient self-rater; strain keeps 70 % from round to round; gain is pressed down from
    60 % of capacity on. "Too hard" is felt where success feels less likely than not.
    """

    number = 1
    s0, s1, life = 0.00145, 0.0756, 0.0616
    learning, leaving = 0.0174, 0.647
    forgetting = 0.02  # share of the gain lost per week without practice

    def start(self) -> None:
        n = self.normal(6)
        self.first = n[0]
        self.rate = self.learning * np.exp(0.4 * n[1])
        self.capacity = np.exp(0.35 * n[2])
        self.bias = 0.7 * n[3]
        self.skill, self.kept = self.first.copy(), np.zeros_like(self.first)
        self.strain = self.life * self.gamma(2.0) / 0.3
        self.noise = self.normal(ATTEMPTS, 3)
        self.luck = self.uniform(ATTEMPTS, CRITERIA)

    def overloaded(self) -> Bools:
        return self.strain > self.capacity

    def chance(self, statement: Ints) -> Floats:
        return sigmoid(self.slope * (self.skill - self.difficulty(statement)))

    def best_statement(self) -> Ints:
        """What an oracle of the gain of one attempt would take: a true difficulty one logit below the skill."""
        return np.abs(self.true[self.seed_of] - (self.skill - 1)[:, None]).argmin(axis=1)

    def check_in(self) -> Floats:
        """Strain from 0 to 10: seven at the limit of capacity, which is where people say "a lot"."""
        told = 7 * (1 - self.truth.hidden) * self.strain / self.capacity
        return np.clip(np.rint(told + 0.84 * self.truth.noise * self.normal()), 0, 10)

    def capacity_answer(self) -> Floats:
        told = 11 - 7 * (1 - self.truth.hidden) * self.strain / self.capacity
        return np.clip(np.rint(told + 0.84 * self.truth.noise * self.normal()), 0, 10)

    def attempt(self, place: int, statement: Ints, doing: Bools) -> Seen:
        p = self.chance(statement)
        ratio = self.strain / self.capacity
        pressed = np.clip((ratio - 0.6) / 0.6, 0, 1)
        gain = self.rate * 4 * p * (1 - p) * (0.35 + 0.65 * p) * (1 - 0.85 * pressed)
        logit = self.slope * (self.skill - self.difficulty(statement))
        met = (self.luck[place] < sigmoid(logit + 0.5 * self.noise[place, 0])).mean(axis=0)
        shown = (1 - self.truth.hidden) * ratio
        felt = logit + self.bias + 0.4 * self.noise[place, 1] - 1.5 * np.maximum(shown - 0.6, 0)
        label = np.where(felt > 2.4, EASY, np.where(felt < 0.0, HARD, GOOD))
        shame = np.clip(10 * (0.7 * shown * (1 - met) + 0.1 * self.noise[place, 2]), 0, 10)
        self.skill += gain * doing
        self.strain += (self.s0 + self.s1 * (1 - p)) * doing
        return Seen(met, label, shame)

    def after_session(self, days: int) -> None:
        self.strain = 0.70 * self.strain + self.life * self.gamma(2.0)
        self.noise, self.luck = self.normal(ATTEMPTS, 3), self.uniform(ATTEMPTS, CRITERIA)

    def after_week(self) -> None:
        hazard = 0.004 + self.leaving * np.maximum(0, self.strain / self.capacity - 1)
        gone = ~self.here
        self.skill = np.where(gone, self.first + (self.skill - self.first) * (1 - self.forgetting), self.skill)
        self.here &= self.uniform() >= hazard

    def learnt(self) -> Floats:
        """Logits above the first day, four weeks after the last."""
        return (self.skill - self.first) * (1 - self.forgetting) ** PROBE_WEEKS


class Draining(World):
    """World 2: a reserve drains above a critical effort and refills by itself; learning has a fast and a slow store.

    Success is a normal ogive with slips. The fast store learns as a gradient learner with normal noise does (best
    near 84 % success, nothing where one mostly fails), and part of it settles overnight. Effort comes from failing
    and from the feeling in the statement. Crises come and stay as a chain of weeks. People use the scale of strain
    each in their own way, remember the last label, and leave from exhaustion or from boredom.
    `cost`, `upkeep`, `crisis`, `leaving` and `learning` are fitted as in world 1, to the same figures. Chosen: a
    reserve refills with a time constant of about two days; a crisis lasts two weeks on average; people's use of the
    scale of strain differs by 1.2 points and a quarter in stretch.
    """

    number = 2
    cost, upkeep, crisis = 0.147, 0.0108, 0.0746
    learning, leaving = 0.0227, 0.119
    settles, plateau = 0.5, 5.0
    feeling = np.array([0.0, 0.15, 0.45, 0.75])  # by level
    empty = 0.30

    def start(self) -> None:
        n = self.normal(9)
        self.first = n[0]
        self.slow, self.fast = np.zeros_like(self.first), np.zeros_like(self.first)
        self.rate = self.learning * np.exp(0.4 * n[1])
        self.stamina = self.gamma(8.0)
        self.refill = 2.0 * np.exp(0.4 * n[2])  # days
        self.shift, self.stretch = 1.2 * n[3], 0.9 * np.exp(0.25 * n[4])
        self.easy_below, self.hard_above = 0.15 + 0.06 * n[5], 0.55 + 0.10 * n[6]
        self.reserve = np.clip(0.95 - 0.1 * np.abs(n[7]), 0.3, 1)
        self.in_crisis = np.zeros_like(self.here)
        self.last_effort, self.mood = np.full_like(self.first, 0.3), n[8]
        self.worn, self.dull = np.zeros_like(self.here), np.zeros_like(self.first)
        self._draw()

    @property
    def skill(self) -> Floats:
        return self.first + self.slow + self.fast

    def _draw(self) -> None:
        self.noise, self.luck = self.normal(ATTEMPTS, 3), self.uniform(ATTEMPTS, CRITERIA)

    def overloaded(self) -> Bools:
        return self.reserve < self.empty

    def _distance(self, statement: Ints) -> Floats:
        return self.slope * (self.skill - self.difficulty(statement)) / 1.6

    def chance(self, statement: Ints) -> Floats:
        return 0.02 + 0.96 * phi(self._distance(statement))

    def best_statement(self) -> Ints:
        return np.abs(self.true[self.seed_of] - (self.skill - 1.6)[:, None]).argmin(axis=1)

    def check_in(self) -> Floats:
        told = self.stretch * 10 * (1 - self.reserve) * (1 - self.truth.hidden) + self.shift
        self.mood = 0.5 * self.mood + sqrt(0.75) * self.normal()
        return np.clip(np.rint(told + 0.9 * self.truth.noise * self.mood), 0, 10)

    def capacity_answer(self) -> Floats:
        told = 10 * (1 - (1 - self.reserve) * (1 - self.truth.hidden)) - 0.5 * self.shift
        return np.clip(np.rint(told + 1.2 * self.truth.noise * self.normal()), 0, 10)

    def attempt(self, place: int, statement: Ints, doing: Bools) -> Seen:
        x = self._distance(statement)
        p = 0.02 + 0.96 * phi(x)
        awake = sigmoid((self.reserve - 0.35) / 0.08)
        signal = np.maximum(x, 0) * np.exp(-(x**2) / 2) / np.exp(-0.5) + 0.10 * np.exp(-(x**2))
        room = np.maximum(1 - (self.slow + self.fast) / self.plateau, 0)
        hardness = np.linspace(-0.3, 0.3, CRITERIA)[:, None]
        met = (self.luck[place] < 0.02 + 0.96 * phi(x + hardness + 0.3 * self.noise[place, 0])).mean(axis=0)
        effort = 0.6 * (1 - p) + 0.4 * self.feeling[LEVEL_OF[statement]]
        shown = (1 - self.truth.hidden) * (1 - self.reserve)
        felt = 0.8 * (1 - p + 0.35 * shown + 0.08 * self.noise[place, 1]) + 0.2 * self.last_effort
        label = np.where(felt < self.easy_below, EASY, np.where(felt > self.hard_above, HARD, GOOD))
        shame = np.clip(10 * ((1 - met) * (0.3 + 0.7 * shown) + 0.1 * self.noise[place, 2]), 0, 10)
        self.fast += self.rate * signal * room * awake * doing
        drain = self.upkeep + self.cost * np.maximum(effort - 0.15, 0)
        self.reserve = np.maximum(self.reserve - doing * drain / self.stamina, 0)
        self.last_effort = np.where(doing, felt, self.last_effort)
        self.worn |= doing & (self.reserve < self.empty)
        self.dull += doing * (p > 0.95) / (ATTEMPTS * len(DAYS))
        return Seen(met, label, shame)

    def after_session(self, days: int) -> None:
        self.slow += self.settles * self.fast
        self.fast *= 0.2
        slowed = np.where(self.in_crisis, 2.5, 1.0)
        self.reserve = 1 - (1 - self.reserve) * np.exp(-days / (self.refill * slowed))
        self.reserve = np.maximum(self.reserve - 0.08 * days * self.in_crisis / self.stamina, 0)
        self._draw()

    def after_week(self) -> None:
        u = self.uniform(2)
        self.here &= u[0] >= 0.004 + self.leaving * self.worn + 0.04 * self.dull
        self.in_crisis = u[1] < np.where(self.in_crisis, 0.5, self.crisis)
        self.worn, self.dull = np.zeros_like(self.worn), np.zeros_like(self.dull)
        self.slow *= 0.995

    def learnt(self) -> Floats:
        """Logits above the first day, four weeks after the last: only the slow store is left."""
        return self.slow * 0.995**PROBE_WEEKS
