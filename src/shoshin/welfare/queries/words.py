"""What the gate, the week and the load say, in words: reasons first, then suggestions. Nothing here is an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.science import load
from shoshin.science.reasons import Reason
from shoshin.welfare.models.capacity import HIGHEST, Cause
from shoshin.welfare.queries.gates import Gate

if TYPE_CHECKING:
    from shoshin.welfare.queries.practised import Practised

KINDS = {"green": "done", "amber": "ask", "red": "risk"}  # the tags of the design


@dataclass(frozen=True)
class GateWords:
    """How today stands: a heading, a name with its tag, why, and what is suggested."""

    title: str
    name: str
    kind: str
    because: tuple[str, ...]
    suggestions: tuple[str, ...]


def gate_in_words(gate: Gate) -> GateWords:
    """A gate as a person reads it about themself."""
    names = {"green": _("as planned"), "amber": _("gently"), "red": _("rest first")}
    titles = {
        "green": _("Nothing asks you to go easier"),
        "amber": _("A time to go gently"),
        "red": _("A time to rest first"),
    }
    because = tuple(words for reason in gate.reasons if (words := reason_in_words(reason)))
    shown = because if gate.colour != "green" else ()
    return GateWords(titles[gate.colour], names[gate.colour], KINDS[gate.colour], shown, _suggestions(gate))


def _suggestions(gate: Gate) -> tuple[str, ...]:
    talk = _("Talk to a person: a colleague, your supervisor, a friend.")
    pause = _("Two minutes of pause, before or after.")
    if gate.colour == "amber":
        easier = _("Aim lower: rounds that mostly go well.")
        few = _("At most %(tries)s tries in a round.") % {"tries": load.AMBER_ATTEMPTS}
        return easier, few, pause, talk
    if gate.colour == "red":
        return talk, _("Leave the hard levels for now. You decide later when you go back to them."), pause
    return ()


def reason_in_words(reason: Reason) -> str:
    """One reason as a sentence; nothing for a reason that says all is as usual."""
    facts = reason.facts
    match reason.code:
        case "strain_above_usual" | "strain_far_above_usual":
            usual = {"usual": number_format(HIGHEST - float(facts["usual"]), 1), "checks": facts["checks"]}
            return (
                _(
                    "Over your last checks there was less in you than is usual for you, about %(usual)s of 10. "
                    "There are %(checks)s checks so far; it may be chance."
                )
                % usual
            )
        case "strain_high_today":
            return _("There is %(capacity)s of 10 in you today.") % {
                "capacity": f"{HIGHEST - float(facts['strain']):g}"
            }
        case "strain_marked_lately":
            marks = int(facts["marks"])
            sentence = ngettext(
                "One stretch of practice was marked as too hard in the last %(days)s days.",
                "%(marks)s stretches of practice were marked as too hard in the last %(days)s days.",
                marks,
            )
            return sentence % {"marks": marks, "days": facts["days"]}
        case "burnout_screen":
            return _(
                "A scale of the burnout measure you filled in came to %(score)s of 100. "
                "It is a screen, not a diagnosis."
            ) % {"score": f"{float(facts['score']):g}"}
        case "pause_declared":
            return _("You said that you want to rest first.")
        case "eased_by_yourself":
            return _("You said that you want to go gently.")
        case "crisis_words":
            return _("You wrote words that sound very heavy. They are not scored.")
    return ""


def week_in_words(week: load.Week, planned: int) -> str:
    """What fits into this week, with its reason."""
    codes = {reason.code for reason in week.reasons}
    if "week_of_rest" in codes:
        return _("This week is for rest. No practice is expected of you, and nothing is lost.")
    if "week_as_planned" in codes and week.minutes >= planned:
        return _("This week can go as you planned it.")
    facts = {"minutes": week.minutes, "planned": planned}
    said = _("Where you would practise %(planned)s minutes, about %(minutes)s fit this week.") % facts
    if week.minutes <= load_drill(planned):
        said = _("A low week: one drill of 10 minutes is plenty.")
    heavy = [
        str(dict(Cause.choices)[str(reason.facts["reason"])]) for reason in week.reasons if reason.code == "heavy_week"
    ]
    return f"{said} {_because(heavy)}".strip()


def load_drill(planned: int) -> int:
    """The smallest practice there is: ten minutes, or less where less was planned."""
    return min(10, planned)


def _because(heavy: Sequence[str]) -> str:
    return _("You marked: %(reasons)s.") % {"reasons": ", ".join(heavy)} if heavy else ""


def load_in_words(done: "Practised", rest_until: date | None) -> list[str]:
    """Minutes, then what they suggest. Stopping is always as good as going on."""
    if not done.week and rest_until is None:
        return [_("No practice in the last seven days. Minutes come from practice by themselves; nothing is missing.")]
    most = load.BLOCK_MINUTES
    said = [
        _("Today %(today)s minutes, in the last seven days %(week)s.") % {"today": done.today, "week": done.week},
    ]
    if done.block_full:
        said.append(
            _("You have been at it for %(block)s minutes. %(most)s at a stretch are enough: a good moment to stop.")
            % {"block": done.block, "most": most}
        )
    elif done.today and done.stop.stop:
        said.append(_("That is as much as fits today. A good moment to stop."))
    if done.rest_day_due:
        said.append(_("You practised on each of the last six days. One day of rest a week keeps it going."))
    if rest_until is not None:
        said.append(
            _("Harder rounds are offered again from %(day)s. Easy ones, a pair and reading stay open.")
            % {"day": date_format(rest_until, _("j F"))}
        )
    return said
