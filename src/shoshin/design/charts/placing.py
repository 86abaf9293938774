"""Where words go on a chart so that they cover neither the line nor one another. Arithmetic in pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

LETTER = 0.5  # the usual width of a letter of Inter, in ems, with a little to spare
ROOM = 28  # kept free at both ends, for the first and the last score

Dot = tuple[float, float]
Stroke = tuple[Dot, Dot]


@dataclass(frozen=True)
class Size:
    """How large a chart is drawn, and how many names its axis carries."""

    width: int
    height: int
    names: int
    text: int = 12

    def length(self, words: str) -> float:
        """About how long words are that stand inside the chart, one point smaller than those of its axes."""
        return len(words) * (self.text - 1) * LETTER


WIDE = Size(width=600, height=230, names=9)
NARROW = Size(width=310, height=210, names=4)


@dataclass(frozen=True)
class Ground:
    """The plotted rectangle: from the first number (or day) to the last, with a rim; from low to high."""

    size: Size
    dated: bool
    first: float
    last: float
    low: float
    high: float

    @property
    def rim(self) -> float:
        return (self.last - self.first) * ROOM / (self.size.width - 2 * ROOM)

    @property
    def edges(self) -> tuple[float, float]:
        return self.first - self.rim, self.last + self.rim

    def across(self, at: float | date) -> float:
        left, right = self.edges
        return (number(at) - left) / (right - left) * self.size.width

    def down(self, score: float) -> float:
        return (self.high - score) / (self.high - self.low) * self.size.height


def ground_under(ats: Sequence[float | date], scale: tuple[float, float], size: Size) -> Ground:
    """Room for everything that happened, at least three appointments or two weeks wide."""
    dated = isinstance(ats[0], date)
    if any(isinstance(at, date) is not dated for at in ats):
        raise ValueError("A chart counts in dates or in appointment numbers, never in both.")
    numbers = [number(at) for at in ats]
    first = min(numbers)
    last = max(*numbers, first + (14 if dated else 3))
    return Ground(size, dated, first, last, *scale)


def number(at: float | date) -> float:
    return float(at.toordinal()) if isinstance(at, date) else float(at)


@dataclass(frozen=True)
class Spot:
    """Where a few words stand."""

    x: float
    y: float
    align: Literal["left", "right"]
    baseline: Literal["top", "bottom"]

    def box(self, words: str, size: Size) -> tuple[float, float, float, float]:
        width, height = size.length(words), size.text
        left = self.x if self.align == "left" else self.x - width
        top = self.y if self.baseline == "top" else self.y - height
        return left, top, left + width, top + height


def spots_along(words: str, y: float, size: Size, *, below: bool) -> list[Spot]:
    """Places on one side of a level line: both ends first, then whatever lies between."""
    edge: Literal["top", "bottom"] = "top" if below else "bottom"
    height = y + (5 if below else -4)
    between = range(18, int(size.width - size.length(words)), 12)
    return [
        Spot(size.width - 6, height, "right", edge),
        Spot(6, height, "left", edge),
        *(Spot(x, height, "left", edge) for x in between),
    ]


def free_spot(
    words: str, spots: Sequence[Spot], strokes: Iterable[Stroke], size: Size, lesser: Iterable[Stroke] = ()
) -> Spot:
    """The first spot that no stroke runs through; else one that only lesser strokes do; else the first of all."""
    drawn = list(strokes)
    free = [spot for spot in spots if not any(_runs_through(spot.box(words, size), stroke) for stroke in drawn)]
    fine = list(lesser)
    freer = (spot for spot in free if not any(_runs_through(spot.box(words, size), stroke) for stroke in fine))
    return next(freer, free[0] if free else spots[0])


def _runs_through(box: tuple[float, float, float, float], stroke: Stroke) -> bool:
    """Whether a straight stroke enters a box: tried at forty places along it."""
    (x0, y0), (x1, y1) = stroke
    left, top, right, bottom = box
    tries = ((x0 + (x1 - x0) * k / 40, y0 + (y1 - y0) * k / 40) for k in range(41))
    return any(left - 3 < x < right + 3 and top - 3 < y < bottom + 3 for x, y in tries)


@dataclass(frozen=True)
class Row:
    """On which row above the chart an event's words stand, and whether they run to the left of its line."""

    number: int
    leftward: bool


def rows_above(labels: Sequence[tuple[float, str]], title: str, size: Size) -> list[Row]:
    """A row for each label, the lowest that is free; the name of the measure stands first on the lowest."""
    taken: list[list[tuple[float, float]]] = [[(-30, size.length(title) - 10)]]
    rows = []
    for x, words in labels:
        width = size.length(words)
        leftward = x + width > size.width
        reach = (x - width, x) if leftward else (x, x + width)
        free = (row for row, spans in enumerate(taken) if all(_apart(reach, span) for span in spans))
        row = next(free, len(taken))
        if row == len(taken):
            taken.append([])
        taken[row].append(reach)
        rows.append(Row(row, leftward))
    return rows


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] + 8 < other[0] or other[1] + 8 < one[0]
