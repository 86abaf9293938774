"""Tables of practice: what can be practised, and what one person tried. Nothing here knows a client of anybody."""

from shoshin.practice.models.abilities import Ability, Difficulty
from shoshin.practice.models.checks import BlindSort, Flag
from shoshin.practice.models.content import AnswerKind, Exercise, Family, Pack, Skill, Statement
from shoshin.practice.models.goals import Goal, Minutes, Mode, Plan
from shoshin.practice.models.recordings import Recording, RecordingConsent
from shoshin.practice.models.rounds import Attempt, Rating, Reaction, Round, Stopped

__all__ = [
    "Ability",
    "AnswerKind",
    "Attempt",
    "BlindSort",
    "Difficulty",
    "Exercise",
    "Family",
    "Flag",
    "Goal",
    "Minutes",
    "Mode",
    "Pack",
    "Plan",
    "Rating",
    "Reaction",
    "Recording",
    "RecordingConsent",
    "Round",
    "Skill",
    "Statement",
    "Stopped",
]
