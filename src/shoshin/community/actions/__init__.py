"""What can be done in community. Every action is formative: the trail says who and when, and not about whom."""

from shoshin.community.actions.circles import (
    CannotGather,
    invite_to_circle,
    join_circle,
    leave_circle,
    make_circle,
    refuse_circle,
)
from shoshin.community.actions.coaching import (
    CannotCoach,
    accept_coaching,
    ask_coach,
    decline_coaching,
    end_coaching,
    forget_leave,
    mark_leave,
    say_how,
)
from shoshin.community.actions.gently import agree_gently, revoke_gently, tell_by_yes, tell_gently, untell_gently
from shoshin.community.actions.reviews import CannotReview, Said, open_views, review_attempt
from shoshin.community.actions.showings import CannotShow, Terms, hear_recording, show_attempt, take_back

__all__ = [
    "CannotCoach",
    "CannotGather",
    "CannotReview",
    "CannotShow",
    "Said",
    "Terms",
    "accept_coaching",
    "agree_gently",
    "ask_coach",
    "decline_coaching",
    "end_coaching",
    "forget_leave",
    "hear_recording",
    "invite_to_circle",
    "join_circle",
    "leave_circle",
    "make_circle",
    "mark_leave",
    "open_views",
    "refuse_circle",
    "review_attempt",
    "revoke_gently",
    "say_how",
    "show_attempt",
    "take_back",
    "tell_by_yes",
    "tell_gently",
    "untell_gently",
]
