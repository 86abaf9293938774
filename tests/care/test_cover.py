"""Going away, asking, accepting, stepping back: what counts, what is refused, and what a colleague then sees."""

import re
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from shoshin.care.actions import (
    CannotAnswerCover,
    CannotAskCover,
    CannotEnterAbsence,
    accept_cover,
    ask_cover,
    cancel_absence,
    decline_cover,
    enter_absence,
    set_reading_hours,
    write_handover,
    write_summary,
)
from shoshin.care.models import Absence, Cover, Duty, ReadingHour
from shoshin.care.queries import clients_of
from shoshin.desk.queries import today
from shoshin.feedback.models import Alert, SignalRow
from shoshin.kit.action import SYSTEM
from shoshin.people.actions import add_member
from shoshin.policy import POLICY
from tests.care.absences import away, covering, give_role, leave_clinic
from tests.cast import NOW
from tests.forms_of_ben import ben_answers

SINCE, UNTIL = "2026-11-10 09:00", "2026-11-12 17:00"
DURING = NOW + timedelta(days=8)


def sees_ben(member, at=DURING) -> bool:
    return clients_of(covering(member, at)).filter(ref="benbenbe").exists()


@pytest.fixture
def clock(monkeypatch):
    """Move the clock of the pages."""
    return lambda at: monkeypatch.setattr("shoshin.kit.clock.now", lambda: at)


def test_asking_opens_nothing_accepting_does(cast):
    absence = away(cast.ada, SINCE, UNTIL, colleague=cast.mia)
    assert not sees_ben(cast.mia)
    accept_cover(cover=absence.covers.get(), by=cast.mia, at=NOW)
    assert sees_ben(cast.mia) and not sees_ben(cast.eve)


def test_it_opens_the_absent_members_clients_and_nobody_elses(cast):
    noor = add_member(clinic=cast.clinic, name="Noor", email="n@example.org", role="therapist", by=cast.ada, at=NOW)
    away(cast.ada, SINCE, UNTIL, colleague=noor, accepted=True)
    assert [client.code for client in clients_of(covering(noor, DURING))] == ["B. N."]


def test_cover_is_not_handed_on(cast):
    """Mia covers Ada, Noor covers Mia: Noor sees Mia's client and not Ada's."""
    noor = add_member(clinic=cast.clinic, name="Noor", email="n@example.org", role="therapist", by=cast.ada, at=NOW)
    away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True)
    away(cast.mia, SINCE, UNTIL, colleague=noor, accepted=True)
    assert [client.code for client in clients_of(covering(noor, DURING))] == ["N. A."]


@pytest.mark.parametrize("what", ["cancelled", "declined", "absent left", "cover left"])
def test_it_closes_in_the_same_moment_when_any_of_it_ends(what, cast):
    absence = away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True)
    assert sees_ben(cast.mia)
    if what == "cancelled":
        cancel_absence(absence=absence, by=cast.ada, at=DURING)
    if what == "declined":
        decline_cover(cover=absence.covers.get(), by=cast.mia, at=DURING)
    if what.endswith("left"):
        leave_clinic(member=cast.ada if what == "absent left" else cast.mia, by=SYSTEM, at=DURING)
    assert not sees_ben(cast.mia)


def test_a_swap_opens_for_the_one_and_closes_for_the_other_in_one_moment(cast):
    noor = add_member(clinic=cast.clinic, name="Noor", email="n@example.org", role="therapist", by=cast.ada, at=NOW)
    absence = away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True)
    asked = ask_cover(absence=absence, colleague=noor, by=cast.ada, at=NOW)
    assert sees_ben(cast.mia) and not sees_ben(noor)
    accept_cover(cover=asked, by=noor, at=NOW)
    assert sees_ben(noor) and not sees_ben(cast.mia)
    assert absence.covers.get(colleague=cast.mia).get_ending_display() == "somebody else covers"


def test_asking_another_takes_an_unanswered_question_back(cast):
    noor = add_member(clinic=cast.clinic, name="Noor", email="n@example.org", role="therapist", by=cast.ada, at=NOW)
    absence = away(cast.ada, SINCE, UNTIL, colleague=cast.mia)
    ask_cover(absence=absence, colleague=noor, by=cast.ada, at=NOW)
    with pytest.raises(CannotAnswerCover, match="no longer open"):
        accept_cover(cover=absence.covers.get(colleague=cast.mia), by=cast.mia, at=NOW)


def test_from_today_without_a_time_begins_now_and_whole_days_end_at_midnight(cast):
    day = date(2026, 11, 3)
    absence = enter_absence(member=cast.ada, from_day=day, until_day=day, by=cast.ada, at=NOW)
    assert (absence.begins_at, absence.ends_at) == (NOW, NOW + timedelta(hours=15))


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("2026-11-01 09:00", "2026-11-02 09:00", "over already"),
        ("2026-11-12 09:00", "2026-11-10 09:00", "over already"),
        ("2026-11-11 09:00", "2026-11-13 09:00", "absence in these days already"),
        ("1026-11-11 09:00", "2026-11-13 09:00", "cannot be right"),
        ("2027-03-28 01:30", "2027-03-30 09:00", "clocks jump over"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_with_a_sentence(since, until, says, cast):
    away(cast.ada, SINCE, UNTIL)
    with pytest.raises(CannotEnterAbsence, match=says):
        away(cast.ada, since, until)
    assert Absence.objects.count() == 1


def test_only_another_therapist_or_lead_of_the_clinic_can_be_asked(cast):
    absence = away(cast.ada, SINCE, UNTIL)
    for wrong in (cast.ada, cast.eve):
        with pytest.raises(CannotAskCover):
            ask_cover(absence=absence, colleague=wrong, by=cast.ada, at=NOW)
    give_role(member=cast.mia, role="operator", by=SYSTEM, at=NOW)
    with pytest.raises(CannotAskCover):
        ask_cover(absence=absence, colleague=cast.mia, by=cast.ada, at=NOW)
    assert not Cover.objects.exists()


def test_whoever_is_away_then_cannot_accept_and_nobody_accepts_what_is_over(cast):
    absence = away(cast.ada, SINCE, UNTIL, colleague=cast.mia)
    with pytest.raises(CannotAnswerCover, match="is over"):
        accept_cover(cover=absence.covers.get(), by=cast.mia, at=NOW + timedelta(days=30))
    away(cast.mia, "2026-11-12 16:00", "2026-11-14 17:00")
    with pytest.raises(CannotAnswerCover, match="away yourself"):
        accept_cover(cover=absence.covers.get(), by=cast.mia, at=NOW)


OPEN = {"care:list_clients", "desk:today", "desk:client", "desk:line_picture"}
OPEN |= {"feedback:response", "feedback:read_response", "feedback:acknowledge_alert", "feedback:close_alert"}


def test_the_policy_opens_to_cover_what_it_needs_and_no_more():
    assert {name for name, row in POLICY.items() if "cover" in row.relations} == OPEN


@pytest.fixture
def full_record(cast, measures_loaded):
    """Ben's record with a line, an alert, a signal and a summary."""
    for weeks in (3, 2, 1):
        ben_answers(cast, 12, weeks=weeks, source="paper")
    ben_answers(cast, 22, risk=2)
    kept = cast.course.appointments.filter(state="kept").first()
    write_summary(
        appointment=kept, talked_about="sleep", agreed="a secret walk", until_next_time="", by=cast.ada, at=NOW
    )
    return cast


def record_addresses(cast) -> dict[str, str]:
    """Every page about Ben that is opened by an address."""
    given = {"ref": cast.ben.ref, "measure_id": "phq-9", "reference": cast.ben.responses.last().reference}
    pks = {
        "feedback:answer_signal": SignalRow.objects.first().pk,
        "feedback:acknowledge_alert": Alert.objects.first().pk,
        "care:close_consultation": cast.course.consultations.first().pk,
    }
    found = {}
    for name, row in POLICY.items():
        if row.relations and "GET" in row.methods:
            for names in (("ref",), ("pk",), ("reference",), ("ref", "measure_id")):
                values = given | {"pk": pks.get(name, cast.ben_today.pk)}
                try:
                    found[name] = reverse(name, kwargs={each: values[each] for each in names})
                except Exception:
                    continue
    return found


def test_during_the_cover_the_colleague_opens_exactly_those_pages_and_after_it_none(full_record, as_member, clock):
    cast = full_record
    away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True)
    clock(DURING)
    browser, addresses = as_member(cast.mia), record_addresses(cast)
    assert len(addresses) > 20
    opened = {name for name, address in addresses.items() if browser.get(address).status_code != 404}
    assert opened == OPEN & set(addresses)
    clock(DURING + timedelta(days=4))
    assert {name for name, address in addresses.items() if as_member(cast.mia).get(address).status_code != 404} == set()


def test_the_clients_page_shows_the_cover_what_they_need_and_leads_nowhere_closed(full_record, as_member, clock):
    cast = full_record
    away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True, handover="call his sister first")
    clock(DURING)
    browser = as_member(cast.mia)
    page = browser.get("/clients/benbenbe/").content.decode()
    assert "You cover for Ada until" in page and "call his sister first" in page
    assert "A safety question was marked" in page
    assert "a secret walk" not in page
    assert dead_ends(browser, page) == []
    own = as_member(cast.ada).get("/clients/benbenbe/").content.decode()
    assert "a secret walk" in own and "/clients/benbenbe/send/" in own


def dead_ends(browser, page: str) -> list[str]:
    """Links and forms of a page that this browser cannot follow."""
    links = {
        link for link in re.findall(r'(?:href|data-wide|data-narrow)="(/[^"#?]*)"', page) if "/static/" not in link
    }
    forms = [action for action in re.findall(r'<form method="post" action="([^"]+)"', page) if "/clients/" in action]
    assert len(links) > 5
    return [link for link in links if browser.get(link).status_code == 404] + forms


def test_the_covers_today_shows_the_clients_the_note_and_the_alert_and_leads_nowhere_closed(
    full_record, as_member, clock
):
    cast = full_record
    away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True, handover="call his sister first")
    clock(DURING)
    browser = as_member(cast.mia)
    page = browser.get("/").content.decode()
    assert "You cover for Ada until" in page and "call his sister first" in page
    assert f"/alerts/{Alert.objects.get().pk}/" in page
    assert "Kept or missed?" not in page
    assert dead_ends(browser, page) == []
    assert "Kept or missed?" in as_member(cast.ada).get("/").content.decode()


def test_the_colleague_acknowledges_the_alert_by_name(full_record, as_member, clock):
    cast = full_record
    away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True)
    clock(DURING)
    address = reverse("feedback:acknowledge_alert", args=[Alert.objects.get().pk])
    assert as_member(cast.mia).post(address, {"note": "I call him at noon."}).status_code == 302
    assert Alert.objects.get().acknowledged_by == cast.mia


def test_the_handover_is_seen_by_the_cover_only_and_only_during_the_cover(cast, as_member, clock):
    absence = away(cast.ada, SINCE, UNTIL, colleague=cast.mia, accepted=True)
    write_handover(absence=absence, words="call his sister first", by=cast.ada, at=NOW)
    for at, shown in ((NOW, False), (DURING, True), (DURING + timedelta(days=4), False)):
        clock(at)
        assert ("call his sister first" in as_member(cast.mia).get("/").content.decode()) == shown


def test_today_warns_of_a_gap_shows_requests_and_tells_owner_and_lead_within_a_day(cast):
    away(cast.mia, SINCE, UNTIL, colleague=cast.ada)
    mine, hers = (today(covering(member, NOW), NOW) for member in (cast.ada, cast.mia))
    assert [gap.member for gap in hers.gaps] == [cast.mia]
    assert [each.absence.member for each in mine.cover_requests] == [cast.mia]
    assert mine.gaps_of_others == [] and mine.has_more_than_alerts
    day_before = NOW + timedelta(days=6, hours=1)
    assert [gap.member for gap in today(covering(cast.ada, day_before), day_before).gaps_of_others] == [cast.mia]
    accept_cover(cover=Cover.objects.get(), by=cast.ada, at=NOW)
    assert today(covering(cast.mia, NOW), NOW).gaps == []


# The pages.


def test_hours_are_promised_on_a_page_and_half_a_line_is_asked_again(cast, as_member):
    browser = as_member(cast.ada)
    refused = browser.post("/cover/hours/", {"begins_1": "09:00", "ends_3": "10:00"})
    assert refused.status_code == 422 and "Give both times" in refused.content.decode()
    assert browser.post("/cover/hours/", {"begins_1": "09:00", "ends_1": "08:00"}).status_code == 422
    assert not ReadingHour.objects.exists()
    assert browser.post("/cover/hours/", {"begins_1": "09:00", "ends_1": "10:00"}).status_code == 302
    assert "09:00–10:00" in browser.get("/cover/").content.decode()
    assert browser.get("/cover/hours/").content.decode().count('value="09:00') == 1


def test_an_absence_is_entered_and_answered_on_pages(cast, as_member, clock):
    clock(NOW)
    ada = as_member(cast.ada)
    given = {"from_day": "2026-11-10", "until_day": "2026-11-12", "colleague": str(cast.mia.pk), "handover": "x"}
    assert ada.post("/cover/absences/new/", given).status_code == 302
    assert "Nobody covers you from Tuesday 10 November, 00:00" in ada.get("/").content.decode()
    asked = Cover.objects.get()
    mia = as_member(cast.mia)
    assert f"/cover/requests/{asked.pk}/" in mia.get("/").content.decode()
    assert "Yes, I cover" in mia.get(f"/cover/requests/{asked.pk}/").content.decode()
    assert mia.post(f"/cover/requests/{asked.pk}/yes/").status_code == 302
    page = as_member(cast.ada).get("/cover/").content.decode()
    assert "Mia covers" in page and "Nobody covers you" not in page
    assert as_member(cast.mia).post(f"/cover/requests/{asked.pk}/no/").status_code == 302
    assert "nobody covers" in as_member(cast.ada).get("/cover/").content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {"from_day": ""},
        {"from_day": "tomorrow", "until_day": "2026-11-12"},
        {"from_day": "0001-01-01", "until_day": "9999-12-31"},
        {"from_day": "2026-11-10", "until_day": "2026-11-12", "from_time": "25:00"},
        {"from_day": "2026-11-10", "until_day": "2026-11-12", "colleague": "999999999999999999999"},
        {"from_day": "2026-11-10", "until_day": "2026-11-12", "handover": "x" * 3000},
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_nothing(given, cast, as_member, clock):
    clock(NOW)
    assert as_member(cast.ada).post("/cover/absences/new/", given).status_code == 422
    assert not Absence.objects.exists()


def test_somebody_elses_absence_and_request_answer_404(cast, as_member):
    absence = away(cast.ada, SINCE, UNTIL, colleague=cast.mia)
    asked = absence.covers.get()
    for stranger in (cast.mia, cast.eve):
        for path in ("ask", "words"):
            assert as_member(stranger).get(f"/cover/absences/{absence.pk}/{path}/").status_code == 404
        assert as_member(stranger).post(f"/cover/absences/{absence.pk}/cancel/").status_code == 404
    for stranger in (cast.ada, cast.eve):
        assert as_member(stranger).get(f"/cover/requests/{asked.pk}/").status_code == 404
        assert as_member(stranger).post(f"/cover/requests/{asked.pk}/yes/").status_code == 404
    assert not Cover.objects.filter(accepted_at__isnull=False).exists()


def test_the_owner_names_people_on_duty_and_nobody_else_can(cast, as_member):
    owner = as_member(cast.ada)
    assert owner.post("/clinic/duty/", {"member": str(cast.mia.pk)}).status_code == 302
    assert "Mia" in owner.get("/clinic/duty/").content.decode()
    duty = Duty.objects.get()
    assert owner.post("/clinic/duty/", {"member": str(cast.eve.pk)}).status_code == 422
    assert as_member(cast.mia).get("/clinic/duty/").status_code == 404
    assert as_member(cast.eve).post(f"/clinic/duty/{duty.pk}/end/").status_code == 404
    assert as_member(cast.ada).post(f"/clinic/duty/{duty.pk}/end/").status_code == 302
    assert not Duty.objects.filter(ended_at=None).exists()


def test_a_lone_therapists_page_asks_for_no_colleague_and_says_what_clients_are_told(cast, as_member, clock):
    clock(NOW)
    away(cast.eve, SINCE, UNTIL)
    set_reading_hours(member=cast.eve, hours=[(1, time(9), time(10))], by=cast.eve, at=NOW)
    page = as_member(cast.eve).get("/cover/").content.decode()
    assert "Nobody covers you" in page and "forms say so" in page and "Ask a colleague" not in page


def test_an_operator_promises_nothing(cast, as_member):
    give_role(member=cast.mia, role="operator", by=SYSTEM, at=NOW)
    assert as_member(cast.mia).get("/cover/").status_code == 404
    assert "/cover/" not in as_member(cast.mia).get("/").content.decode()
