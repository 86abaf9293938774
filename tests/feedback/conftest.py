"""A moment that tests may move, made-up wording for measures with a safety question, and a client's phone."""

from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser

from shoshin.kit.action import OPERATOR
from shoshin.measures import queries as measures
from shoshin.measures.actions import add_wording
from shoshin.measures.models.wording import Wording, key_of
from tests.cast import NOW, promise_hours


class Moment:
    """What the clock of the pages says."""

    def __init__(self) -> None:
        self.at: datetime = NOW

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def moment(monkeypatch):
    moment = Moment()
    monkeypatch.setattr("shoshin.kit.clock.now", lambda: moment.at)
    return moment


def made_up_wording(version) -> Wording:
    """Sentences nobody published: item and answer counts fit, the words are ours."""
    facts = measures.facts(version)
    return Wording(
        measure=facts.id,
        version=facts.version,
        language="en",
        title=f"Made-up {facts.short}",
        stem="A made-up lead-in.",
        items={item.id: f"A made-up question {item.id}" for item in facts.items},
        anchors={
            name: {key_of(value): f"answer {key_of(value)}" for value in (scale.values or scale.ends)[: scale.anchors]}
            for name, scale in facts.scales.items()
        },
        source="made up for the tests",
        licence="CC0",
    )


@pytest.fixture
def worded(measures_loaded):
    """Made-up wording for two measures with and without a safety question, and for our own two."""
    for measure_id in ("phq-9", "phq-8", "shoshin-check", "shoshin-wellbeing"):
        version = measures.measure_version(measure_id)
        add_wording(
            version=version, wording=made_up_wording(version), source_sha256="0" * 64, clinic=None, by=OPERATOR, at=NOW
        )


@pytest.fixture
def public(settings, cast):
    """Clients reach this place by https, everybody in it is invented, and Ada reads every day."""
    promise_hours(cast.ada)
    settings.PUBLIC_ADDRESS = "https://forms.example.org"
    settings.DEMO = True


@pytest.fixture
def ask(cast, worded, moment, settings):
    """Ada asks Ben for measures by link: the assignments and the token."""
    from shoshin.feedback.actions.assignments import send_measure

    promise_hours(cast.ada)
    settings.PUBLIC_ADDRESS, settings.DEMO = "https://forms.example.org", True

    def send(*measure_ids, appointment=None, language="en"):
        moment.pass_by(seconds=1)
        return send_measure(
            course=cast.course,
            versions=[measures.measure_version(measure_id) for measure_id in measure_ids],
            language=language,
            way="link",
            appointment=appointment,
            by=cast.ada,
            at=moment.at,
        )

    return send


@pytest.fixture
def phone():
    """The client's own browser, nobody signed in."""
    return Browser()


@pytest.fixture
def begun(ask, phone):
    """A form begun on the phone by its link."""

    def begin(*measure_ids, **facts):
        sent = ask(*measure_ids, **facts)
        assert phone.post(f"/f/{sent.token}/").status_code == 303
        return sent.assignments[0]

    return begin
