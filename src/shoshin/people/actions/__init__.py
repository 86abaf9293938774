"""What can be done about people. Only care ends a membership, because it knows whose clients are in a course."""

from shoshin.people.actions.clinics import (
    CannotAddMember,
    CannotConfirmSafety,
    CannotOpenClinic,
    add_member,
    confirm_safety,
    open_clinic,
)
from shoshin.people.actions.doors import (
    CannotResetFactor,
    end_sessions,
    reset_second_factor,
    set_up_factor,
    switch_membership,
)
from shoshin.people.actions.factor_resets import ask_factor_reset, confirm_factor_reset, withdraw_factor_reset
from shoshin.people.actions.invitations import (
    CannotInvite,
    CannotJoin,
    Invited,
    invite_member,
    join_clinic,
    revoke_invitation,
)
from shoshin.people.actions.members import CannotEndMembership, end_membership

__all__ = [
    "CannotAddMember",
    "CannotConfirmSafety",
    "CannotEndMembership",
    "CannotInvite",
    "CannotJoin",
    "CannotOpenClinic",
    "CannotResetFactor",
    "Invited",
    "add_member",
    "ask_factor_reset",
    "confirm_factor_reset",
    "confirm_safety",
    "end_membership",
    "end_sessions",
    "invite_member",
    "join_clinic",
    "open_clinic",
    "reset_second_factor",
    "revoke_invitation",
    "set_up_factor",
    "switch_membership",
    "withdraw_factor_reset",
]
