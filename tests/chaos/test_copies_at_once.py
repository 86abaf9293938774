"""The same form from many hands at once is filed once; a different copy is kept, shown, and its marks are heard."""

import random
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client as Browser

from shoshin.feedback.models import Alert, Assignment, Response
from shoshin.kit import clock
from shoshin.kit.action import OPERATOR
from shoshin.measures.actions import load_measures
from tests.cast import cast_at
from tests.chaos.prepare import send_forms
from tests.doors import come_in

pytestmark = [pytest.mark.slow]
THREADS, COPIES, FORMS = 20, 5, 20
NOTHING_MARKED = {f"q-{number}": "1" for number in range(1, 9)} | {"q-9": "0", "gaps-seen": "1"}
REFERENCE = re.compile(r"Received, reference (\w{8})<")


@pytest.fixture
def here(transactional_db):
    """The cast as of now, with measures: threads see what others have committed."""
    at = clock.now()
    load_measures(by=OPERATOR, at=at)
    return cast_at(at)


def begun_forms(cast, count):
    """So many forms, each of a client of their own and begun in a browser of its own."""
    phones = []
    for _ in range(count):
        ((pk, token),) = send_forms(cast=cast, count=1, by=OPERATOR, at=clock.now())
        phone = Browser(raise_request_exception=False)
        assert phone.post(f"/f/{token}/").status_code == 303
        phones.append((Assignment.objects.get(pk=pk), phone))
    return phones


def another_tab(phone):
    tab = Browser(raise_request_exception=False)
    tab.cookies = phone.cookies.copy()
    return tab


def all_at_once(work):
    """Every piece of work in a thread of its own, let go in one moment."""
    start = threading.Barrier(len(work))

    def go(piece):
        try:
            start.wait(60)
            return piece()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as hands:
        return list(hands.map(go, work))


def send_in_copies(cast) -> list[str]:
    """20 forms, each sent five times at once from 20 threads; what went wrong."""
    wrong, forms = [], begun_forms(cast, FORMS)
    for place in range(0, FORMS, THREADS // COPIES):
        together = [phone for _, phone in forms[place : place + THREADS // COPIES] for _ in range(COPIES)]
        answers = all_at_once([lambda phone=phone: sent_and_shown(another_tab(phone)) for phone in together])
        for (form, _), shown in zip(forms[place:], in_fives(answers), strict=False):
            filed = list(Response.objects.filter(assignment=form).values_list("reference", flat=True))
            wrong += [f"{form.pk}: shown {shown}, filed {filed}"] if [*set(shown)] != filed else []
    return wrong


def in_fives(answers):
    return [answers[place : place + COPIES] for place in range(0, len(answers), COPIES)]


def sent_and_shown(tab) -> str:
    answer = tab.post("/f/now/", NOTHING_MARKED)
    found = REFERENCE.search(tab.get("/f/received/").content.decode())
    return found[1] if answer.status_code == 303 and found else f"status {answer.status_code}"


def test_each_form_sent_five_times_at_once_is_filed_once_with_one_reference(here, say):
    wrong = send_in_copies(here)
    say(f"{FORMS} forms, {COPIES} copies each, {THREADS} threads: {Response.objects.count()} filed, {len(wrong)} wrong")
    assert wrong == []
    assert Response.objects.count() == FORMS


def test_the_rig_sees_a_form_that_forgets_its_key(here, monkeypatch):
    monkeypatch.setattr("shoshin.feedback.queries.forms.key_of", lambda assignment: uuid4())
    assert send_in_copies(here) != []


def test_a_different_copy_at_the_same_moment_is_kept_shown_and_heard(here, as_member):
    for form, phone in begun_forms(here, 8):
        copies = [NOTHING_MARKED, NOTHING_MARKED | {"q-9": "2"}]
        statuses = all_at_once([lambda c=c, p=phone: another_tab(p).post("/f/now/", c).status_code for c in copies])
        assert statuses == [303, 303]
        first, second = Response.objects.filter(assignment=form).order_by("pk")
        assert second.corrects == first
        assert {first.answers["9"], second.answers["9"]} == {0, 2}
        marked = first if first.answers["9"] else second
        alert = Alert.objects.get(assignment=form)
        assert (alert.response, alert.value) == (marked, 2)
        as_member(here.ada).post(f"/responses/{second.reference}/read/")
        page = as_member(here.ada).get(f"/responses/{second.reference}/").content.decode()
        assert first.reference in page and "A second, different copy arrived" in page


def test_two_corrections_at_once_leave_one_and_tell_the_other(here, as_member):
    for form, phone in begun_forms(here, 4):
        phone.post("/f/now/", NOTHING_MARKED)
        filed = Response.objects.get(assignment=form)
        as_member(here.ada).post(f"/responses/{filed.reference}/read/")
        answers = all_at_once([lambda n=n, r=filed: corrected(here.ada, r, n) for n in "23"])
        assert sorted(answers) == [302, 422]
        assert Response.objects.filter(corrects=filed).count() == 1


def corrected(member, filed, answer) -> int:
    browser = come_in(Browser(raise_request_exception=False), member.person)
    facts = NOTHING_MARKED | {"q-1": answer, "because": f"it was {answer}"}
    return browser.post(f"/responses/{filed.reference}/correct/", facts).status_code


def test_two_acknowledgements_at_once_keep_one_note_and_tell_the_other(here):
    for form, phone in begun_forms(here, 4):
        phone.post("/f/now/", NOTHING_MARKED | {"q-9": "1"})
        alert = Alert.objects.get(assignment=form)
        answers = all_at_once([lambda n=n, a=alert: acknowledged(here.ada, a, n) for n in ("I call", "I wait")])
        assert sorted(status for status, _ in answers) != [302, 302], "one of two notes would be lost without a word"
        kept = next(note for status, note in answers if status == 302)
        alert.refresh_from_db()
        assert alert.note == kept


def acknowledged(member, alert, note) -> tuple[int, str]:
    browser = come_in(Browser(raise_request_exception=False), member.person)
    return browser.post(f"/alerts/{alert.pk}/", {"note": note}).status_code, note


HISTORIES = 30


def test_two_windows_in_any_order_lose_no_answer_and_no_mark(here, say):
    play_histories(here, HISTORIES, say)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_two_windows_in_500_orders_lose_no_answer_and_no_mark(here, say):
    play_histories(here, 500, say)


def play_histories(cast, count, say) -> None:
    dice, steps = random.Random(5), 0
    for form, phone in begun_forms(cast, count):
        history = [("save", 1), ("save", 2), ("send", 0), ("save", 3), ("send", 0), ("save", 2)]
        dice.shuffle(history)
        steps += play(
            form, phone, [(*step, {"1": dice.randint(0, 3), "9": dice.choice([0, 0, 1, 2])}) for step in history]
        )
    say(f"{count} histories, {steps} steps")


def play(form, phone, history) -> int:
    """One history of two windows, beside a model of what must be there after each step."""
    sent, draft, heard = [], (-1, None), False
    for what, seq, answers in history:
        given = {f"q-{item}": str(value) for item, value in answers.items()}
        if what == "save":
            facts = {"seq": seq, "answers": given}
            status = phone.post("/f/now/draft/", facts, "application/json").status_code
            assert status == (409 if sent else 200)
            heard = heard or answers["9"] >= 1
            draft = (seq, answers) if not sent and seq > draft[0] else draft
        else:
            assert phone.post("/f/now/", given | {"gaps-seen": "1"}).status_code == 303
            sent += [answers] if answers not in sent else []
            heard = heard or answers["9"] >= 1
        assert_as_modelled(form, sent, draft, heard)
    return len(history)


def assert_as_modelled(form, sent, draft, heard) -> None:
    filed = list(Response.objects.filter(assignment=form).order_by("pk"))
    copies = [filed[0], *Response.objects.filter(corrects__assignment=form).order_by("pk")] if filed else []
    assert [response.answers for response in copies] == sent, "each different copy is kept, once"
    kept = list(form.draft_rows().values_list("seq", "answers"))
    assert kept == ([draft] if draft[1] is not None and not sent else []), "an older save never comes back"
    alerts = list(Alert.objects.filter(assignment=form))
    assert bool(alerts) is heard, "a mark in any window is heard"
    marked = {response.pk for response in copies if response.answers["9"] >= 1}
    assert {alert.response_id for alert in alerts if alert.response_id} == marked
