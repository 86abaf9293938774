"""What the tests of welfare share: a clock that stands still, days of checks, and made-up wording."""

from datetime import timedelta

import pytest

from shoshin.kit import clock
from shoshin.kit.action import OPERATOR
from shoshin.kit.policy import Hat
from shoshin.measures import queries as measures
from shoshin.measures.actions import add_wording, confirm_licence
from shoshin.welfare.actions import check_capacity
from tests.cast import NOW
from tests.feedback.conftest import made_up_wording


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def hat():
    return lambda member, at=NOW: Hat(member=member, at=at)


def checks(member, *capacities, until=NOW, **said):
    """A check a day, the last one at this moment."""
    last = len(capacities) - 1
    return [
        check_capacity(member=member, capacity=each, by=member, at=until - timedelta(days=last - place), **said)
        for place, each in enumerate(capacities)
    ]


@pytest.fixture
def worded(measures_loaded, cast):
    """SCS-SF and CBI with sentences made up for the tests, as a clinic may bring them in."""
    for measure_id in ("scs-sf", "cbi"):
        version = measures.measure_version(measure_id)
        confirm_licence(version=version, clinic=cast.clinic, statement="ok", by=cast.ada, at=NOW)
        add_wording(
            version=version,
            wording=made_up_wording(version),
            source_sha256="0" * 64,
            clinic=cast.clinic,
            by=OPERATOR,
            at=NOW,
        )
    return {name: measures.measure_version(name) for name in ("scs-sf", "cbi")}
