"""A clinic whose clients have had their say, and the mart that is built of it."""

from datetime import date, timedelta

import pytest

from shoshin.care.actions import record_choices
from shoshin.care.models import Client, Course
from shoshin.care.models.courses import Ending
from shoshin.feedback.actions import end_course
from shoshin.feedback.models.responses import ImportBatch, TimeKind
from shoshin.kit.action import OPERATOR, action
from shoshin.measures.models import MeasureVersion
from shoshin.research.actions import build_mart, gather_mart
from tests.cast import NOW


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME, settings.MART_KEY = tmp_path / "home", ""
    settings.HOME.mkdir()
    return settings.HOME


def says(client, yes, at=NOW):
    record_choices(client=client, choices={"figures": yes}, by=client.therapist, at=at)


def built(folder, at=NOW):
    mart, facts = gather_mart(folder, at)
    build_mart(mart=mart, by=OPERATOR, at=at)
    return facts


def ended(course, how=Ending.PLANNED):
    return end_course(
        course=course,
        how={"ended_on": NOW.date(), "ending": how, "decided_by": "together", "grounds": [], "ground_words": ""},
        by=course.therapist,
        at=NOW,
    )


@action("tests.add_clients")
def add_clients(*, cast, count, by, at, care_only=False):
    """More clients of Ada's, each with an open course."""
    made = []
    for number in range(count):
        client = Client.objects.create(
            clinic=cast.clinic, therapist=cast.ada, code=f"extra {care_only} {number}", added_at=at, care_only=care_only
        )
        Course.objects.create(
            clinic=cast.clinic, client=client, therapist=cast.ada, opened_on=date(2026, 9, 1) + timedelta(days=number)
        )
        made.append(client)
    return made


@action("tests.change")
def change(*, row, values, by, at):
    """Change a row as no page would."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@action("tests.own_copy")
def own_copy(*, version, cast, by, at):
    """A measure of the clinic's own, like this one but for its name."""
    facts = version.facts | {"id": "our-own-form"}
    return MeasureVersion.objects.create(
        measure_id="our-own-form",
        version="1",
        facts=facts,
        sha256="0" * 64,
        clinic=cast.clinic,
        created_at=at,
        created_by=by,
    )


@action("tests.batch_without_days")
def batch_without_days(*, member, by, at):
    """A file of history that told time by numbers of appointments."""
    return ImportBatch.objects.create(
        clinic=member.clinic,
        therapist=member,
        file_name="old.csv",
        digest="0" * 64,
        rows_added=3,
        time_kind=TimeKind.APPOINTMENT,
        dates_known=False,
        imported_at=at,
        imported_by="ada",
    )
