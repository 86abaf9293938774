"""What is said when a client's recording does not arrive or is not kept: what is safe, and what to do."""

from django.utils.translation import gettext_lazy as _

from shoshin.kit.media.arriving import Sentences

ARRIVING = Sentences(
    arrived=_("This recording has arrived already."),
    too_large=_("This is more than a recording may hold, half an hour at most. Take a shorter part."),
    torn=_("A part of the recording did not arrive whole. It is sent again."),
    mixed_up=_("Two recordings got mixed up, so neither is kept. Record again."),
    no_room=_("There is no room for a recording now. Nothing of it is kept."),
    not_whole=_("This is no whole recording. Record again."),
    on_its_way=_("Parts of the recording are still on their way."),
    unlike=_("The recording did not arrive as it was sent, so it is not kept. Record again."),
)
REFUSALS = {
    "wrong_type": _("This is no recording that can be kept here. Bring a WebM, MP4, M4A, OGG, MP3 or WAV file."),
    "broken": _("The recording could not be read, so nothing of it is kept. Record again, or bring another file."),
    "too_long": _("A recording lasts half an hour at most, and nothing of this one is kept. Take a shorter part."),
    "too_large": _("This is more than a recording may hold, so nothing of it is kept. Take a shorter part."),
    "too_much": _("Checking the recording took too much, so it was not kept. Take a shorter part."),
    "no_checker": _("Recordings cannot be checked here, so none is kept."),
}


def refusal_in_words(why: str) -> str:
    """Why a recording was not kept, and what to do."""
    return str(REFUSALS.get(why, REFUSALS["broken"]))
