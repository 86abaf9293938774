"""Why a level or a statement came next, in the reader's language. Codes and figures are `science.difficulty`'s."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from shoshin.kit.media.arriving import Sentences

REFUSALS = {
    "wrong_type": _("This is no recording that can be kept here. What you write stays; answer without it."),
    "broken": _("The recording could not be read. Record again; what you write stays."),
    "too_long": _("A recording lasts half an hour at most. Record a shorter one; what you write stays."),
    "too_large": _("This is more than a recording may hold. Answer with a shorter one, or without."),
    "too_much": _(
        "Checking the recording took too much, so it was not kept. Record a shorter one; what you write stays."
    ),
    "no_checker": _("Recordings cannot be checked here, so none is kept. What you write stays."),
}

ARRIVING = Sentences(
    arrived=_("This recording has arrived already."),
    too_large=_("This is more than a recording may hold. Answer with a shorter one, or without."),
    torn=_("A part of the recording did not arrive whole. It is sent again."),
    mixed_up=_("Two recordings got mixed up. Record again; what you write stays."),
    no_room=_("There is no room for a recording now. What you write is kept as always."),
    not_whole=_("This is no whole recording. Record again, or answer without it."),
    on_its_way=_("Parts of the recording are still on their way."),
    unlike=_("The recording did not arrive as it was sent. Record again; what you write stays."),
)

SENTENCES = {
    "round_begins": _("You begin at level %(level)s."),
    "asked_stop": _("You stopped. That is always right."),
    "second_strain_mark": _(
        "You marked it as too much twice, so this round ends here. What you tried is kept; the next one begins easier."
    ),
    "easiest_on_red": _("Today is a day for rest, so the easiest level it is."),
    "higher_level_fits": _("Made harder, because a harder level fits you now."),
    "lower_level_fits": _("Made easier, because an easier level fits you better today."),
    "too_hard_marked": _("Made easier, because you marked “too hard”."),
    "high_shame_marked": _("Made easier, because you marked strong shame."),
    "asked_down": _("Made easier, as you wished."),
    "asked_up": _("Made harder, as you wished."),
    "up_waits_for_another_round": _(
        "It stays here: you marked “too hard” in this round. Going up waits for another one."
    ),
    "highest_level": _("This is the hardest level there is."),
    "criteria_missed": _("Made easier, because the criterion was out of reach %(in_a_row)s times in a row."),
    "level_stays": _("It stays at this level."),
    "up_waits_for_you": _(
        "It stays here after an earlier “too hard”. When you begin a round you may choose to go higher."
    ),
    "amber_holds": _("It stays here, because this week asks for care."),
    "too_easy_in_a_row": _(
        "Made harder, because it was too easy %(in_a_row)s times in a row and you met the criterion."
    ),
    "likeliest_in_zone": _("Chosen because it is likely to be a good challenge for you."),
    "all_met_lately": _("You have met all of this level lately; this one is the longest ago."),
    "lower_level_only": _("This exercise has nothing at that level, so this is the nearest one below."),
}


def in_words(reason: Mapping[str, Any]) -> str:
    """A stored reason, a code and its facts, as a sentence."""
    return str(SENTENCES[reason["code"]]) % reason["facts"]


def refusal_in_words(why: str) -> str:
    """Why a recording was not kept, with what is safe and what to do."""
    found = REFUSALS.get(why, _("The recording could not be read. Record again; what you write stays."))
    return str(found)
