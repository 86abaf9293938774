"""Filling the demo clinic: once, from a seed, into an empty database."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from shoshin.care.models import Client
from shoshin.desk.actions import CannotFillDemoClinic, fill_demo_clinic
from shoshin.feedback.models import ScoreRow
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent

AT = datetime(2026, 11, 4, 10, 30, tzinfo=UTC)


def small_clinic(seed=7, **more):
    return fill_demo_clinic(clients=48, years=1, seed=seed, therapists=4, by=OPERATOR, at=AT, **more)


def test_the_same_seed_makes_the_same_people(db):
    def people(seed):
        with transaction.atomic():
            small_clinic(seed=seed)
            made = list(Client.objects.order_by("pk").values_list("code", "ref"))
            made += list(ScoreRow.objects.order_by("pk").values_list("response__reference", "value"))
            transaction.set_rollback(True)
        return made

    assert people(3) == people(3) != people(4)


def test_it_refuses_a_database_that_has_a_clinic_and_changes_nothing(cast):
    before = Client.objects.count(), AuditEvent.objects.count()
    with pytest.raises(CannotFillDemoClinic, match="nothing was changed"):
        small_clinic()
    assert (Client.objects.count(), AuditEvent.objects.count()) == before


def test_progress_is_told_from_start_to_end(db):
    shares: list[float] = []
    small_clinic(progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_clinic_may_be_very_small(db):
    filled = fill_demo_clinic(clients=1, years=1, seed=1, therapists=2, by=OPERATOR, at=AT)
    assert Client.objects.count() == filled.clients == 1
