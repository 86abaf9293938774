"""The numbers a client is shown when things are urgent: a clinic's own, and each region's to begin with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shoshin.people.models import Clinic

FILES = Path(__file__).resolve().parents[1] / "content" / "safety"


@dataclass(frozen=True)
class SafetyLine:
    """One place to turn to: a number to call, a number to text, or both."""

    name: str
    number: str = ""
    text_to: str = ""
    text_word: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    source: str = ""

    @property
    def dial(self) -> str:
        """The number as a telephone dials it."""
        return re.sub(r"[^\d+]", "", self.number)

    @property
    def text_dial(self) -> str:
        return re.sub(r"[^\d+]", "", self.text_to)

    @property
    def open_hours(self) -> str:
        """When somebody answers, in the reader's language where we know the words."""
        known = {"day and night": _("day and night")}
        return known.get(self.hours, self.hours)

    @property
    def spoken(self) -> str:
        """The languages somebody answers in, each named in itself."""
        return ", ".join(LANG_INFO.get(code, {}).get("name_local", code) for code in self.languages)


LINE_FIELDS = tuple(SafetyLine.__dataclass_fields__)


@dataclass(frozen=True)
class Safety:
    """Emergency number and lines, where they are from, and when somebody last checked them."""

    region: str = ""
    emergency: str = ""
    lines: tuple[SafetyLine, ...] = ()
    source: str = ""
    checked_on: date | None = None

    @property
    def dial(self) -> str:
        """The emergency number as a telephone dials it; nothing where there are several."""
        return re.sub(r"\s", "", self.emergency) if re.fullmatch(r"[\d\s]+", self.emergency) else ""


@dataclass(frozen=True)
class Region:
    """A region's file: numbers to start from, for the operator to check."""

    code: str
    names: tuple[tuple[str, str], ...]
    time_zone: str
    safety: Safety
    compiled_on: date | None
    note: str

    @property
    def name(self) -> str:
        """The region's name in the reader's language."""
        named = dict(self.names)
        return named.get(get_language() or "en", named["en"])


def safety_for(clinic: Clinic | None) -> Safety:
    """This clinic's numbers; for nobody in particular the only clinic's, or every clinic's together."""
    if clinic is not None:
        return _safety_of(clinic.safety)
    found = [_safety_of(clinic.safety) for clinic in Clinic.objects.order_by("pk")[:20]]
    return found[0] if len(found) == 1 else _together(found)


def regions() -> tuple[Region, ...]:
    """Every region whose file ships, by name in the reader's language; last `other`, which starts empty."""
    return tuple(sorted(_shipped(), key=lambda region: (region.code == "other", region.name)))


@cache
def _shipped() -> tuple[Region, ...]:
    return tuple(_read(path) for path in FILES.glob("*.yaml"))


def region(code: str) -> Region | None:
    """The region with this code."""
    return next((found for found in regions() if found.code == code), None)


def _read(path: Path) -> Region:
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Region(
        code=path.stem,
        names=tuple(facts["name"].items()),
        time_zone=facts["time_zone"],
        safety=_safety_of({"region": path.stem, "checked_on": facts["compiled_on"], **facts}),
        compiled_on=facts["compiled_on"],
        note=facts["note"],
    )


def _safety_of(kept: dict[str, Any]) -> Safety:
    return Safety(
        region=kept.get("region", ""),
        emergency=kept.get("emergency", ""),
        lines=tuple(_line(line) for line in kept.get("numbers", ())),
        source=kept.get("source", ""),
        checked_on=_date(kept.get("checked_on")),
    )


def _line(kept: dict[str, Any]) -> SafetyLine:
    known = {name: kept[name] for name in LINE_FIELDS if name in kept}
    return SafetyLine(**{**known, "languages": tuple(known.get("languages", ()))})


def _date(kept: date | str | None) -> date | None:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


def _together(found: Iterable[Safety]) -> Safety:
    """Several clinics' numbers as one list, each line once: we do not know whose client is reading."""
    several = tuple(found)
    emergencies = dict.fromkeys(safety.emergency for safety in several if safety.emergency)
    lines = dict.fromkeys(line for safety in several for line in safety.lines)
    return Safety(emergency=" / ".join(emergencies), lines=tuple(lines))
