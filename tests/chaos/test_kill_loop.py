"""Received means on disk, exactly once: the whole server is killed again and again while clients send."""

import copy
import functools

import pytest

from tests.chaos.loop import run
from tests.chaos.oracle import problems, rows_of

pytestmark = [pytest.mark.slow]


def kinds(found: list[str]) -> set[str]:
    return {each.partition(":")[0] for each in found}


def judged(broken_clinic, say, forms: int, blows: int) -> None:
    clinic = broken_clinic(forms)
    told = run(clinic, blows)
    say(f"{clinic.kind}: {told}")
    assert told.wrong == []
    assert all(form.reference for form in told.forms)
    assert told.blows >= blows
    assert told.crowd.cut > 0, "no request was in flight at any blow, so nothing was proved"
    assert any(form.answers["9"] for form in told.forms), "no safety question was marked, so nothing was proved"
    every_tampering_is_seen(clinic, told.forms)


@pytest.mark.timeout(600)
def test_200_forms_and_8_kills_of_the_whole_server_lose_and_double_nothing(broken_clinic, say):
    judged(broken_clinic, say, 200, 8)


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_2000_forms_and_50_kills_of_the_whole_server_lose_and_double_nothing(broken_clinic, say):
    judged(broken_clinic, say, 2000, 50)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("defect", "blows", "seen"),
    [
        pytest.param("hasty", 2, "lost", marks=pytest.mark.rest),
        pytest.param("forgetful", 0, "doubled", marks=pytest.mark.chaos),
        pytest.param("deaf", 0, "alert", marks=pytest.mark.chaos),
    ],
)
def test_the_loop_sees_a_server_that_is_hasty_forgetful_or_deaf(broken_clinic, say, defect, blows, seen):
    """The same clients and the same judge, on a server with a defect sown into it."""
    clinic = broken_clinic(24)
    clinic.more = {"CHAOS_DEFECT": defect}
    application = "tests.chaos.defective:application"
    told = run(clinic, blows, application=application, blow=functools.partial(kill_defective, application))
    say(f"{clinic.kind}, {defect}: {told}")
    assert seen in kinds(told.wrong)


def kill_defective(application, clinic):
    clinic.kill()
    clinic.start(application)
    clinic.wait_until_up()


def every_tampering_is_seen(clinic, forms) -> None:
    """The judge itself: each kind of damage, done to a copy of the rows, is named."""
    rows = rows_of(clinic.home, clinic.database)
    assert problems(rows, forms) == []
    for kind, damage in DAMAGES.items():
        damaged = copy.deepcopy(rows)
        damage(damaged)
        assert kind.partition(" ")[0] in kinds(problems(damaged, forms)), f"{kind} was not seen"


def first_marked(rows):
    return next(row for row in rows["alerts"] if row["response_id"])


DAMAGES = {
    "lost": lambda rows: rows["responses"].pop(),
    "doubled": lambda rows: rows["responses"].append(rows["responses"][0] | {"id": -1, "reference": "TWICE222"}),
    "changed": lambda rows: rows["responses"][0]["answers"].update({"1": 4}),
    "score": lambda rows: rows["scores"][0].update(value=99),
    "score twice": lambda rows: rows["scores"].append(rows["scores"][0]),
    "alert gone": lambda rows: rows["alerts"].remove(first_marked(rows)),
    "alert twice": lambda rows: rows["alerts"].append(first_marked(rows)),
    "alert apart": lambda rows: first_marked(rows).update(response_id=None),
    "audit gone": lambda rows: rows["audit"].clear(),
    "state open": lambda rows: rows["assignments"][-1].update(state="begun"),
}
