"""Pages of community."""

from shoshin.community.views.circles import (
    invite_to_circle,
    join_circle,
    leave_circle,
    make_circle,
    refuse_circle,
    show_circle,
)
from shoshin.community.views.coaching import (
    accept_coaching,
    ask_coach,
    decline_coaching,
    end_coaching,
    say_how,
    show_coaching,
)
from shoshin.community.views.gently import agree_gently, revoke_gently, tell_gently, untell_gently
from shoshin.community.views.leave import forget_leave, mark_leave
from shoshin.community.views.page import show_community
from shoshin.community.views.reviews import review_attempt, shown_recording
from shoshin.community.views.showings import open_views, show_attempt, show_spread, take_back

__all__ = [
    "accept_coaching",
    "agree_gently",
    "ask_coach",
    "decline_coaching",
    "end_coaching",
    "forget_leave",
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
    "show_circle",
    "show_coaching",
    "show_community",
    "show_spread",
    "shown_recording",
    "take_back",
    "tell_gently",
    "untell_gently",
]
