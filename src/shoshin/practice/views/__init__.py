"""Pages of practice."""

from shoshin.practice.views.checks import flag_statement, list_flags, settle_flags, sort_statement
from shoshin.practice.views.content import (
    install_pack,
    list_packs,
    remove_pack,
    show_exercise,
    show_practice,
    show_skill,
)
from shoshin.practice.views.goals import choose_goal, log_minutes, plan_week, rest_goal, stop_reminders
from shoshin.practice.views.mine import keep_mistake, list_attempts
from shoshin.practice.views.recordings import (
    finish_recording,
    keep_recording,
    list_recordings,
    recording,
    remove_recording,
    send_recording_part,
    start_recording,
    withdraw_recordings,
)
from shoshin.practice.views.rounds import (
    choose_level,
    rate_attempt,
    record_attempt,
    record_reaction,
    show_round,
    start_round,
    stop_round,
)

__all__ = [
    "choose_goal",
    "choose_level",
    "finish_recording",
    "flag_statement",
    "install_pack",
    "keep_mistake",
    "keep_recording",
    "list_attempts",
    "list_flags",
    "list_packs",
    "list_recordings",
    "log_minutes",
    "plan_week",
    "rate_attempt",
    "record_attempt",
    "record_reaction",
    "recording",
    "remove_pack",
    "remove_recording",
    "rest_goal",
    "send_recording_part",
    "settle_flags",
    "show_exercise",
    "show_practice",
    "show_round",
    "show_skill",
    "sort_statement",
    "start_recording",
    "start_round",
    "stop_reminders",
    "stop_round",
    "withdraw_recordings",
]
