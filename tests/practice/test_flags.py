"""Flagging a statement, and settling what was flagged."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.kit.action import action
from shoshin.people.models import Membership, Person, Role
from shoshin.practice.actions import CannotCheck, flag_statement, settle_flags
from shoshin.practice.models import Flag
from shoshin.practice.queries import next_statement, waiting_flags, warned_statements
from tests.cast import NOW, PASSWORD
from tests.practice.tries import begin, met


@action("tests.add_a_lead_of_practice")
def a_lead(*, clinic, by, at):
    lea = Person.objects.create_user("lea@example.org", PASSWORD, "Lea")
    return Membership.objects.create(person=lea, clinic=clinic, role=Role.LEAD, began_at=at)


def flag(member, statement, reason="unreal"):
    return flag_statement(statement=statement, reason=reason, by=member, at=NOW)


def settle(member, statement, reason="unreal", is_so=False, at=NOW):
    sentence = "I looked at it."
    return settle_flags(statement=statement, reason=reason, sentence=sentence, is_so=is_so, by=member, at=at)


def test_after_an_answer_one_tap_leads_to_a_flag_with_that_statement_chosen(ada, aloud, cast):
    round = begin(aloud, cast.ada)
    said = next_statement(round).statement
    page = ada.get(reverse("practice:round", args=[round.pk])).content.decode()
    assert "Flag this statement" not in page
    attempt = met(round)
    address = reverse("practice:flag_statement", args=[aloud.pk])
    page = ada.get(f"{address}?statement={attempt.statement_id}").content.decode()
    assert f'<option value="{said.pk}" selected>' in page
    ada.post(address, {"statement": said.pk, "reason": "unfair"})
    flagged = Flag.objects.get()
    assert (flagged.statement, flagged.reason, flagged.flagged_by) == (said, "unfair", cast.ada)


def test_only_statements_that_were_met_can_be_flagged_so_that_none_is_read_before(ada, aloud, cast):
    address = reverse("practice:flag_statement", args=[aloud.pk])
    assert "once you have met it" in ada.get(address).content.decode()
    met(begin(aloud, cast.ada))
    unmet = aloud.statements.exclude(attempts__member=cast.ada).first()
    page = ada.post(address, {"statement": unmet.pk, "reason": "unreal"}).content.decode()
    assert unmet.says not in page
    assert not Flag.objects.exists()


def test_the_same_reader_and_reason_are_one_flag_and_an_unknown_reason_is_refused(aloud, cast):
    said = aloud.statements.first()
    assert flag(cast.ada, said).pk == flag(cast.ada, said).pk
    with pytest.raises(CannotCheck, match="one of the reasons"):
        flag(cast.ada, said, "boring")


def test_the_queue_groups_by_statement_counts_readers_and_names_nobody(as_member, aloud, cast):
    said = aloud.statements.first()
    for member in (cast.ada, cast.mia):
        flag(member, said, "unreal")
    flag(cast.mia, said, "language")
    (group,) = waiting_flags(cast.clinic)
    assert [(question.reason, question.readers) for question in group.questions] == [("language", 1), ("unreal", 2)]
    lea = a_lead(clinic=cast.clinic, by=cast.ada, at=NOW)
    page = as_member(lea).get(reverse("practice:list_flags")).content.decode()
    assert "Flagged by 2 readers." in page
    assert said.says in page
    assert "Mia" not in page


def test_the_queue_opens_to_leads_and_the_owner_and_to_nobody_else(as_member, aloud, cast):
    address = reverse("practice:list_flags")
    assert as_member(cast.mia).get(address).status_code == 404
    assert as_member(cast.ada).get(address).status_code == 200


def test_settling_takes_a_sentence_and_closes_every_flag_of_that_reason(ada, aloud, cast):
    said = aloud.statements.first()
    for member in (cast.ada, cast.mia):
        flag(member, said)
    address = reverse("practice:settle_flags", args=[said.pk])
    ada.post(address, {"reason": "unreal", "sentence": " ", "is_so": "0"})
    assert Flag.objects.filter(settled_at=None).count() == 2
    ada.post(address, {"reason": "unreal", "sentence": "People here do talk so.", "is_so": "0"})
    assert {(row.settled, row.is_so) for row in Flag.objects.all()} == {("People here do talk so.", False)}
    assert waiting_flags(cast.clinic) == []


def test_another_clinics_flags_are_its_own(aloud, cast):
    said = aloud.statements.first()
    flag(cast.eve, said)
    assert waiting_flags(cast.clinic) == []
    assert len(waiting_flags(cast.eve.clinic)) == 1


def test_a_statement_flagged_as_distressing_is_shown_after_a_warning_until_somebody_finds_otherwise(ada, aloud, cast):
    round = begin(aloud, cast.ada)
    said = next_statement(round).statement
    address = reverse("practice:round", args=[round.pk])
    assert "distressing" not in ada.get(address).content.decode()
    flag(cast.mia, said, "distressing")
    page = ada.get(address).content.decode()
    assert page.index("found the next words distressing") < page.index(said.says)
    settle(cast.ada, said, "distressing", is_so=True)
    assert warned_statements(cast.clinic, [said]) == {said.pk}
    flag(cast.mia, said, "distressing")
    later = NOW + timedelta(hours=1)
    settle(cast.ada, said, "distressing", is_so=False, at=later)
    assert warned_statements(cast.clinic, [said]) == set()
    assert "distressing" not in ada.get(address).content.decode()
