"""What can be done in practice."""

from shoshin.practice.actions.abilities import learn_from, schedule_return
from shoshin.practice.actions.checking import check_recording, remove_expired_recordings
from shoshin.practice.actions.checks import CannotCheck, flag_statement, settle_flags, sort_statement
from shoshin.practice.actions.goals import (
    CannotPlan,
    WeekThatFits,
    choose_goal,
    count_round,
    log_minutes,
    plan_week,
    rest_goal,
)
from shoshin.practice.actions.packs import CannotInstallPack, install_pack, load_packs, remove_pack
from shoshin.practice.actions.recordings import (
    CannotRecord,
    accept_recording,
    agree_to_recordings,
    join_recording,
    keep_recording,
    receive_recording,
    refuse_recording,
    remove_recording,
    start_recording,
    withdraw_recordings,
)
from shoshin.practice.actions.reminders import remind, stop_reminders
from shoshin.practice.actions.rounds import (
    Answer,
    CannotPractise,
    Felt,
    choose_level,
    keep_mistake,
    rate_attempt,
    record_attempt,
    record_reaction,
    start_round,
    stop_round,
)

__all__ = [
    "Answer",
    "CannotCheck",
    "CannotInstallPack",
    "CannotPlan",
    "CannotPractise",
    "CannotRecord",
    "Felt",
    "WeekThatFits",
    "accept_recording",
    "agree_to_recordings",
    "check_recording",
    "choose_goal",
    "choose_level",
    "count_round",
    "flag_statement",
    "install_pack",
    "join_recording",
    "keep_mistake",
    "keep_recording",
    "learn_from",
    "load_packs",
    "log_minutes",
    "plan_week",
    "rate_attempt",
    "receive_recording",
    "record_attempt",
    "record_reaction",
    "refuse_recording",
    "remind",
    "remove_expired_recordings",
    "remove_pack",
    "remove_recording",
    "rest_goal",
    "schedule_return",
    "settle_flags",
    "sort_statement",
    "start_recording",
    "start_round",
    "stop_reminders",
    "stop_round",
    "withdraw_recordings",
]
