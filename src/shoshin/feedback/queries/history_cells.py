"""What one cell of a file of history says: a figure, a time, or nothing. No database is asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _

TimeKind = Literal["date", "month", "appointment"]
DateOrder = Literal["ymd", "dmy", "mdy"]

BLANKS = {"", "na", "n/a", "n.a.", "nan", "null", "none", "missing", "-", "–", "—", ".", "#n/a"}
FIGURE = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
DAY = re.compile(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})(?:[T ].*)?")
NUMBERED = re.compile(r"(?:[a-z]+[ _.-]*)?(\d{1,4})(?:\.0*)?(?:[ _.-]*[a-z]+)?")
FIRST_WORDS = {
    "pre",
    "before",
    "baseline",
    "base",
    "intake",
    "start",
    "first",
    "admission",
    "vorher",
    "beginn",
}
SECOND_WORDS = {"post", "after", "end", "last", "final", "discharge", "nachher", "ende"}
THIRD_WORDS = {"fu", "followup", "follow-up", "follow up", "katamnese"}
EARLIEST, LATEST_AHEAD = date(1950, 1, 1), timedelta(days=1)
MOST_MONTHS, MOST_APPOINTMENTS = 600, 2000
DAYS_A_MONTH = 30.4375


class CannotReadCell(ValueError):
    """What a cell should hold, and how to mend it."""


@dataclass(frozen=True)
class Moment:
    """When something was answered: the place in the course, and the day."""

    occasion: int
    day: date


def is_blank(text: str) -> bool:
    """Whether a cell stands for nothing answered."""
    return text.strip().casefold() in BLANKS


def figure(text: str) -> float:
    """A number with a decimal point or a decimal comma."""
    plain = text.strip().replace("\u2212", "-").replace("\u00a0", "")
    if not FIGURE.fullmatch(plain):
        raise CannotReadCell(
            _("“%(text)s” is no number. Write a figure such as 12 or 12.5, or empty the cell.") % {"text": text[:40]}
        )
    return float(plain.replace(",", "."))


def day_in(text: str, order: DateOrder) -> date:
    """A date written in this order; with the year first it is always year, month, day."""
    found = DAY.fullmatch(text.strip())
    if not found:
        raise CannotReadCell(
            _("“%(text)s” is no date. Write it as 2024-05-31, or choose another kind of time.") % {"text": text[:40]}
        )
    a, b, c = (int(part) for part in found.groups())
    year, month, day = (a, b, c) if len(found[1]) == 4 else (c, b, a) if order == "dmy" else (c, a, b)
    if len(found[1]) < 4 and len(found[3]) != 4:
        raise CannotReadCell(_("“%(text)s” has a year of two figures. Write all four.") % {"text": text[:40]})
    try:
        return date(year, month, day)
    except ValueError:
        raise CannotReadCell(
            _("“%(text)s” is no day of the calendar. Check day and month, or choose the other order.")
            % {"text": text[:40]}
        ) from None


def date_order(texts: Iterable[str]) -> DateOrder:
    """The order in which these dates are written, as far as they tell: a first figure over 12 is a day."""
    for text in texts:
        found = DAY.fullmatch(text.strip())
        if found and len(found[1]) == 4:
            return "ymd"
        if found and int(found[1]) > 12:
            return "dmy"
        if found and int(found[2]) > 12:
            return "mdy"
    return "dmy"


def looks_like_day(text: str) -> bool:
    """Whether a cell is shaped like a date."""
    return bool(DAY.fullmatch(text.strip()))


def counted(text: str, kind: TimeKind) -> int:
    """The month or the number of the appointment in a cell such as 3, 3m, M3, session 4, pre or post."""
    plain = text.strip().casefold()
    if plain in FIRST_WORDS:
        return 0 if kind == "month" else 1
    if plain in SECOND_WORDS | THIRD_WORDS:
        if kind == "month":
            raise CannotReadCell(
                _("“%(text)s” is no month. Write the number of months since the start.") % {"text": text[:40]}
            )
        return 2 if plain in SECOND_WORDS else 3
    found = NUMBERED.fullmatch(plain)
    if not found:
        raise CannotReadCell(
            _("“%(text)s” is no whole number. Write the month or appointment as 0, 1, 2 …") % {"text": text[:40]}
        )
    number = int(found[1])
    if number > (MOST_MONTHS if kind == "month" else MOST_APPOINTMENTS):
        raise CannotReadCell(_("%(number)s is too high for a month or appointment.") % {"number": number})
    return number


def looks_counted(text: str) -> bool:
    """Whether a cell is shaped like a month or an appointment."""
    plain = text.strip().casefold()
    return plain in FIRST_WORDS | SECOND_WORDS | THIRD_WORDS or bool(NUMBERED.fullmatch(plain))


def day_of_count(count: int, kind: TimeKind, start: date) -> date:
    """The day a month or appointment falls on, counted from a start: appointments are taken as weekly."""
    if kind == "appointment":
        return start + timedelta(weeks=max(0, count - 1))
    years, month = divmod(start.month - 1 + count, 12)
    last = [31, 29 if _leap(start.year + years) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
    return date(start.year + years, month + 1, min(start.day, last))


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def start_before(count: int, kind: TimeKind, today: date) -> date:
    """A nominal start, so that the latest of the file's times is not after today."""
    back = timedelta(weeks=max(0, count - 1)) if kind == "appointment" else timedelta(days=DAYS_A_MONTH * count + 1)
    return today - back


def checked_day(day: date, today: date) -> date:
    """The day, unless it lies in the future or before anybody here was treated."""
    if not EARLIEST <= day <= today + LATEST_AHEAD:
        raise CannotReadCell(_("%(day)s is in the future or before 1950. Check the year.") % {"day": day.isoformat()})
    return day
