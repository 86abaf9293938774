"""A fault at the n-th word with the database, for every n: the step is done whole or not at all, and a person is told.

The faults are those of a real day: the database locked or gone, a disk that fails, memory that runs out. They strike
each statement of a request, and its commit: before it (nothing may be there) and after it (all must be there).
"""

import contextlib
import errno
import json

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser

from shoshin.feedback.actions import responses
from shoshin.feedback.models import Alert, Response
from shoshin.kit import clock
from shoshin.kit.action import OPERATOR
from shoshin.kit.models import AuditEvent
from shoshin.measures.actions import load_measures
from tests.cast import cast_at
from tests.chaos.prepare import send_forms
from tests.doors import come_in

pytestmark = [pytest.mark.slow]
MOST = 200  # statements; no view comes near
PROBLEMS = {
    "OperationalError": lambda: OperationalError("database is locked"),
    "OSError": lambda: OSError(errno.EIO, "Input/output error"),
    "MemoryError": MemoryError,
}
ANSWERS = {f"q-{number}": "1" for number in range(1, 10)}


class Fault:
    """Raise at the n-th statement of this thread's connection; or around its commit."""

    def __init__(self, place: int, problem) -> None:
        self.place, self.problem, self.count, self.struck = place, problem, 0, False

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.count == self.place:
            self.struck = True
            raise self.problem()
        return execute(sql, params, many, context)

    @contextlib.contextmanager
    def around_commit(self, *, committed: bool):
        """The line breaks as the commit is said: before the database heard it, or after."""
        commit = connection._commit

        def broken():
            if not self.struck and connection.in_atomic_block is False:
                self.struck = True
                if committed:
                    commit()
                raise self.problem()
            return commit()

        connection._commit = broken
        try:
            yield self
        finally:
            del connection._commit


@pytest.fixture
def here(transactional_db):
    at = clock.now()
    load_measures(by=OPERATOR, at=at)
    return cast_at(at)


def begun(cast, token) -> Browser:
    phone = Browser(raise_request_exception=False)
    assert phone.post(f"/f/{token}/").status_code == 303
    return phone


def member(cast) -> Browser:
    return come_in(Browser(raise_request_exception=False), cast.ada.person)


class Submit:
    """Sending a form whose safety question is marked."""

    def __init__(self, cast, form, token) -> None:
        self.form, self.phone = form, begun(cast, token)

    def do(self):
        return self.phone.post("/f/now/", ANSWERS | {"gaps-seen": "1"})

    def state(self):
        filed = list(Response.objects.filter(assignment=self.form))
        alerts = Alert.objects.filter(assignment=self.form, response__isnull=False).count()
        scores, told = sum(each.scores.count() for each in filed), sum(map(told_of, filed))
        done = Response.objects.filter(assignment__state="done", assignment=self.form).exists()
        return len(filed), scores, alerts, min(told, 1), done

    nothing, whole = (0, 0, 0, 0, False), (1, 1, 1, 1, True)


class SaveDraft:
    """Saving on the way, with the safety question marked."""

    def __init__(self, cast, form, token) -> None:
        self.form, self.phone = form, begun(cast, token)

    def do(self):
        return self.phone.post("/f/now/draft/", json.dumps({"seq": 3, "answers": ANSWERS}), "application/json")

    def state(self):
        from shoshin.feedback.models import Draft

        alerts = list(Alert.objects.filter(assignment=self.form))
        return Draft.objects.filter(assignment=self.form).count(), len(alerts), sum(map(told_of, alerts))

    nothing, whole = (0, 0, 0), (1, 1, 1)


class AcknowledgeAlert(Submit):
    """A person answers for an alert."""

    def __init__(self, cast, form, token) -> None:
        super().__init__(cast, form, token)
        super().do()
        self.alert, self.browser = Alert.objects.get(assignment=form), member(cast)

    def do(self):
        return self.browser.post(f"/alerts/{self.alert.pk}/", {"note": "I call this evening"})

    def state(self):
        self.alert.refresh_from_db()
        told = AuditEvent.objects.filter(
            event="feedback.acknowledge_alert", subjects__result=f"feedback.alert:{self.alert.pk}"
        )
        return self.alert.note, self.alert.acknowledged_at is not None, told.count()

    nothing, whole = ("", False, 0), ("I call this evening", True, 1)


class CorrectResponse(Submit):
    """A slip is put right, and the new version marks the safety question too."""

    def __init__(self, cast, form, token) -> None:
        super().__init__(cast, form, token)
        super().do()
        self.filed, self.browser = Response.objects.get(assignment=form), member(cast)

    def do(self):
        address = f"/responses/{self.filed.reference}/correct/"
        return self.browser.post(address, ANSWERS | {"q-9": "2", "because": "a slip"})

    def state(self):
        later = list(Response.objects.filter(corrects=self.filed))
        alerts = Alert.objects.filter(response__in=later).count()
        return len(later), sum(each.scores.count() for each in later), alerts, sum(map(told_of, later))

    nothing, whole = (0, 0, 0, 0), (1, 1, 1, 1)


def told_of(row) -> int:
    """How many audit rows speak of this row."""
    return AuditEvent.objects.filter(subjects__result=f"{row._meta.label_lower}:{row.pk}").count()


STEPS = [Submit, SaveDraft, AcknowledgeAlert, CorrectResponse]


def strike(cast, kind, problem) -> tuple[int, list[str]]:
    """Break one kind of step at each statement in turn, and around its commit: how many places, and what was wrong."""
    wrong, place = [], 0
    while (place := place + 1) < MOST:
        step, fault = made(cast, kind), Fault(place, problem)
        with connection.execute_wrapper(fault):
            answer = step.do()
        if not fault.struck:
            break
        wrong += judged(step, answer, f"{kind.__name__} at statement {place}")
    for committed in (False, True):
        step, fault = made(cast, kind), Fault(0, problem)
        with fault.around_commit(committed=committed):
            answer = step.do()
        assert fault.struck, "the commit was never reached"
        where = "after" if committed else "before"
        # Out of memory at its commit, a driver may have committed all the same: all or nothing then, and no more.
        sure = step.whole if committed else step.nothing if problem is PROBLEMS["OperationalError"] else None
        wrong += judged(step, answer, f"{kind.__name__} {where} its commit", sure)
    return place + 1, wrong


def made(cast, kind):
    ((form, token),) = send_forms(cast=cast, count=1, by=OPERATOR, at=clock.now())
    return kind(cast, form, token)


def judged(step, answer, where, wanted=None) -> list[str]:
    """All or nothing, a page for a person, and the next try succeeds."""
    found, wrong = step.state(), []
    if found not in ((step.nothing, step.whole) if wanted is None else (wanted,)):
        wrong.append(f"{where}: half done, {found}")
    if answer.status_code >= 400 and "Leave this page" not in answer.content.decode():
        wrong.append(f"{where}: a bare {answer.status_code}")
    if answer.status_code < 400 and found == step.nothing:
        wrong.append(f"{where}: answered {answer.status_code}, and nothing is there")
    step.do()
    if step.state() != step.whole:
        wrong.append(f"{where}: the next try left {step.state()}")
    return wrong


@pytest.mark.parametrize(
    "problem",
    ["OperationalError", *(pytest.param(name, marks=pytest.mark.chaos) for name in ("OSError", "MemoryError"))],
)
@pytest.mark.parametrize("kind", STEPS, ids=lambda kind: kind.__name__)
def test_a_fault_at_any_statement_leaves_all_or_nothing_and_a_page_for_a_person(here, kind, problem, say):
    places, wrong = strike(here, kind, PROBLEMS[problem])
    say(f"{kind.__name__}, {problem}: struck at {places} places, {len(wrong)} wrong")
    assert places > 8
    assert wrong == []


def test_the_rig_sees_a_step_that_commits_half_way(here, monkeypatch):
    whole = responses.raise_alerts

    def commit_first(**facts):
        for word in ("COMMIT", "BEGIN"):
            connection.connection.cursor().execute(word)
        whole(**facts)

    monkeypatch.setattr(responses, "raise_alerts", commit_first)
    _, wrong = strike(here, Submit, PROBLEMS["OperationalError"])
    assert any("half done" in each for each in wrong)
