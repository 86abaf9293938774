"""What other apps may ask of people."""

from shoshin.people.queries.calendar import day_of, zone_of
from shoshin.people.queries.clinics import has_clinic, the_clinic
from shoshin.people.queries.factor_resets import (
    leads_beside,
    open_resets,
    people_to_help,
    reset_for,
    resets_to_confirm,
)
from shoshin.people.queries.invitations import invitation_by_token, invitation_for, open_invitations
from shoshin.people.queries.members import (
    clinicians_of,
    colleague_for,
    contacts_of,
    demo_members,
    has_second_factor,
    hat_among,
    member_of,
    members_of,
    members_since,
    memberships_of,
    names_of,
    open_memberships,
    own_membership_for,
    owner_by_email,
    people_with_factor,
    second_factors_of,
    therapist_by_email,
    therapists_of,
    therapists_without_office,
)
from shoshin.people.queries.own_export import own_record
from shoshin.people.queries.safety import Region, Safety, SafetyLine, region, regions, safety_for
from shoshin.people.queries.sessions import sessions_of

__all__ = [
    "Region",
    "Safety",
    "SafetyLine",
    "clinicians_of",
    "colleague_for",
    "contacts_of",
    "day_of",
    "demo_members",
    "has_clinic",
    "has_second_factor",
    "hat_among",
    "invitation_by_token",
    "invitation_for",
    "leads_beside",
    "member_of",
    "members_of",
    "members_since",
    "memberships_of",
    "names_of",
    "open_invitations",
    "open_memberships",
    "open_resets",
    "own_membership_for",
    "own_record",
    "owner_by_email",
    "people_to_help",
    "people_with_factor",
    "region",
    "regions",
    "reset_for",
    "resets_to_confirm",
    "safety_for",
    "second_factors_of",
    "sessions_of",
    "the_clinic",
    "therapist_by_email",
    "therapists_of",
    "therapists_without_office",
    "zone_of",
]
