"""Sorting blind: twenty at a time, each reader alone, and no figure before three have sorted thirty of the same."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shoshin.kit.action import action
from shoshin.people.models import Membership, Person, Role
from shoshin.practice.actions import CannotCheck, install_pack, settle_flags, sort_statement
from shoshin.practice.models import BlindSort, Flag, Statement
from shoshin.practice.queries import agreement_of, blind_checked, sorting_of, waiting_flags
from tests.cast import NOW, PASSWORD
from tests.practice.packs import exercise, small_pack, statement
from tests.practice.test_flags import a_lead


@pytest.fixture
def large(cast):
    """A pack with thirty-three statements, eleven a level."""
    many = [statement(11 * (level - 1) + n, level) for level in (1, 2, 3) for n in range(1, 12)]
    return install_pack(
        pack=small_pack(name="large", exercises={"many": exercise(statements=many)}),
        clinic=cast.clinic,
        by=cast.ada,
        at=NOW,
    )


@pytest.fixture
def readers(cast):
    return [cast.ada, cast.mia, a_lead(clinic=cast.clinic, by=cast.ada, at=NOW)]


@action("tests.add_a_reader")
def a_member(*, person, clinic, by, at):
    return Membership.objects.create(person=person, clinic=clinic, role=Role.THERAPIST, began_at=at)


def sort(reader, said, level, at=NOW):
    return sort_statement(statement=said, level=level, by=reader, at=at)


def sort_many(reader, pack, count, blur=0):
    """The first `count` statements this reader meets, every `blur`-th of them one level off."""
    for place in range(count):
        said = sorting_of(reader, pack, goes_on=True).statement
        off = blur and place % blur == 0
        sort(reader, said, said.level % 3 + 1 if off else said.level)


def test_one_statement_at_a_time_is_sorted_and_its_level_does_not_show(as_member, large, cast):
    mia = as_member(cast.mia)
    address = reverse("practice:sort_statement", args=[large.pk])
    said = sorting_of(cast.mia, large).statement
    page = mia.get(address).content.decode()
    assert said.says in page
    assert sum(each.says in page for each in Statement.objects.filter(exercise__pack=large)) == 1
    mia.post(address, {"statement": said.pk, "level": "2"})
    assert BlindSort.objects.values_list("statement", "level", "sorted_by").get() == (said.pk, 2, cast.mia.pk)
    assert said.says not in mia.get(address).content.decode()


def test_every_reader_meets_the_statements_in_the_same_order(large, readers):
    order = []
    for reader in readers[:2]:
        sort_many(reader, large, 5)
        order.append(
            list(BlindSort.objects.filter(sorted_by=reader).order_by("pk").values_list("statement", flat=True))
        )
    assert order[0] == order[1]


def test_after_twenty_comes_a_rest_and_one_may_go_on(as_member, large, cast):
    sort_many(cast.mia, large, 20)
    mia, address = as_member(cast.mia), reverse("practice:sort_statement", args=[large.pk])
    assert "That was a set of twenty" in mia.get(address).content.decode()
    assert "1 of 20" in mia.get(f"{address}?more=1").content.decode()
    sort_many(cast.mia, large, 13)
    assert "You have sorted every statement" in mia.get(address).content.decode()


def test_the_first_sorting_stays_and_a_fourth_level_is_refused(large, cast):
    said = sorting_of(cast.mia, large).statement
    sort(cast.mia, said, 1)
    sort(cast.mia, said, 3)
    assert BlindSort.objects.get().level == 1
    with pytest.raises(CannotCheck, match="one of the three levels"):
        sort(cast.mia, said, 4)


def test_a_statement_of_another_pack_is_not_sorted_here(as_member, large, aloud, cast):
    address = reverse("practice:sort_statement", args=[large.pk])
    answer = as_member(cast.mia).post(address, {"statement": aloud.statements.first().pk, "level": "1"})
    assert answer.status_code == 404
    assert not BlindSort.objects.exists()


@pytest.mark.parametrize(("count", "each", "shown"), [(2, 33, False), (3, 29, False), (3, 30, True)])
def test_agreement_shows_once_three_readers_have_sorted_thirty_of_the_same(
    as_member, large, readers, cast, count, each, shown
):
    for reader in readers[:count]:
        sort_many(reader, large, each, blur=5)
    found = agreement_of(large, cast.clinic)
    assert (found.value is not None) == shown
    page = as_member(cast.mia).get(reverse("practice:list_packs")).content.decode()
    assert ("They agree with the writers by" in page) == shown
    assert ("not yet blind-checked" in page) != shown


def test_an_exercise_is_blind_checked_once_each_of_its_statements_has_three_readers(as_member, large, readers, cast):
    many = large.exercises.get()
    address = reverse("practice:show_exercise", args=[many.pk])
    for reader in readers:
        sort_many(reader, large, 32)
    assert blind_checked([many], cast.clinic) == set()
    assert "not yet blind-checked" in as_member(cast.mia).get(address).content.decode()
    for reader in readers:
        sort_many(reader, large, 1)
    assert blind_checked([many], cast.clinic) == {many.pk}
    assert "not yet blind-checked" not in as_member(cast.mia).get(address).content.decode()
    assert blind_checked([many], cast.eve.clinic) == set(), "each clinic reads for itself"


def test_a_fourth_reader_counts_where_all_four_have_thirty_in_common(large, readers, cast):
    for reader in readers:
        sort_many(reader, large, 33)
    noor = Person.objects.create_user("noor@example.org", PASSWORD, "Noor")
    fourth = a_member(person=noor, clinic=cast.clinic, by=cast.ada, at=NOW)
    sort_many(fourth, large, 10)
    assert (agreement_of(large, cast.clinic).readers, agreement_of(large, cast.clinic).statements) == (3, 33)
    sort_many(fourth, large, 20)
    assert (agreement_of(large, cast.clinic).readers, agreement_of(large, cast.clinic).statements) == (4, 30)


def test_where_most_of_three_readers_disagree_with_the_level_a_look_is_suggested(as_member, large, readers, cast):
    doubtful, fine = Statement.objects.filter(exercise__pack=large, level=1)[:2]
    for reader, level in zip(readers, (3, 2, 1), strict=True):
        sort(reader, doubtful, level)
        sort(reader, fine, 1 if level != 2 else 2)
    (group,) = waiting_flags(cast.clinic)
    (question,) = group.questions
    assert (group.statement, question.reason, question.readers, question.sorters) == (doubtful, "wrong_level", 0, 3)
    page = as_member(cast.ada).get(reverse("practice:list_flags")).content.decode()
    assert "most of 3 blind readers put it at another level" in page
    said = {"reason": "wrong_level", "sentence": "Level 2 next time.", "is_so": True}
    settle_flags(statement=doubtful, by=cast.ada, at=NOW + timedelta(days=1), **said)
    assert waiting_flags(cast.clinic) == []
    assert Flag.objects.get().is_so is True


def test_two_readers_who_disagree_suggest_nothing_yet(large, readers, cast):
    said = Statement.objects.filter(exercise__pack=large, level=1).first()
    for reader in readers[:2]:
        sort(reader, said, 3)
    assert waiting_flags(cast.clinic) == []
