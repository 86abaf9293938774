"""Whose notes have outlived their place in the clinic."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from shoshin.people import queries as people
from shoshin.welfare.queries.export import TABLES

GOES_AFTER = timedelta(days=30)


def rows_of_people_who_left(at: datetime) -> list[QuerySet[Any]]:
    """Rows of people without a membership of that clinic that is open or ended in the last 30 days, a query a table."""
    since = people.members_since(at - GOES_AFTER)
    here = since.filter(person_id=OuterRef("person_id"), clinic_id=OuterRef("clinic_id"))
    return [model.objects.filter(~Exists(here)) for model in TABLES.values()]
