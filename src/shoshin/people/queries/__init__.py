"""What other apps may ask of people."""

from shoshin.people.queries.clinics import has_clinic, the_clinic
from shoshin.people.queries.members import (
    contacts_of,
    demo_members,
    member_of,
    owner_by_email,
    therapist_by_email,
    therapists_of,
)
from shoshin.people.queries.safety import Region, Safety, SafetyLine, region, regions, safety_for

__all__ = [
    "Region",
    "Safety",
    "SafetyLine",
    "contacts_of",
    "demo_members",
    "has_clinic",
    "member_of",
    "owner_by_email",
    "region",
    "regions",
    "safety_for",
    "the_clinic",
    "therapist_by_email",
    "therapists_of",
]
