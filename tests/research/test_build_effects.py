"""Building: one private row a therapist and outcome, a share without anybody in it, and everything replaced."""

import numpy as np
import pytest
from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, transaction

from shoshin.kit.action import OPERATOR, action
from shoshin.kit.models import AuditEvent
from shoshin.research.actions import build_effects
from shoshin.research.models import ClinicEffect, OwnEffect
from shoshin.science.therapist_effects import OUTCOMES, OwnResult, cases_of, own_results
from tests.cast import NOW
from tests.research.conftest import closed, key_of, make_clinic, together


def build(courses, at=NOW):
    return build_effects(courses=courses, key_of=key_of, by=OPERATOR, at=at)


def test_every_therapist_has_a_row_for_each_outcome_with_its_interval(willow):
    built = build(closed(willow, 25))
    assert (built.clinics, built.therapists, built.with_figure) == (1, 12, 12)
    rows = OwnEffect.objects.all()
    assert {(row.member_id, row.outcome) for row in rows} == {(m.pk, o) for m in willow for o in OUTCOMES}
    assert all(row.low < row.estimate < row.high and 0 < row.chance < 1 and not row.leans for row in rows)
    assert all(row.courses == 25 for row in rows.filter(outcome="change"))
    assert AuditEvent.objects.filter(event="research.build_effects").count() == 1


def test_the_figures_are_those_of_the_science_for_this_therapist(willow):
    courses = closed(willow, 40, rho=0.3)
    build(courses)
    change = (courses.first - courses.last) / courses.first.std(ddof=1)
    plain = [change[courses.therapist == key_of(member)].mean() for member in willow]
    found = [OwnEffect.objects.get(member=member, outcome="change").estimate for member in willow]
    assert np.corrcoef(plain, found)[0, 1] > 0.9 and np.std(found) < np.std(plain)


def test_a_clinic_s_share_has_its_interval_and_nobody_in_it(willow):
    build(closed(willow, 25))
    rows = ClinicEffect.objects.filter(outcome="change", severity=0)
    row = rows.get()
    assert (row.therapists, row.courses) == (12, 300) and row.low <= row.share <= row.high
    assert not {"member", "person"} & {field.name for field in ClinicEffect._meta.get_fields()}


@pytest.mark.parametrize(("people", "each", "missing"), [(9, 30, (1, 0)), (10, 19, (0, 10))])
def test_below_ten_therapists_or_two_hundred_courses_there_is_no_share(willow, people, each, missing):
    build(closed(willow[:people], each))
    for row in ClinicEffect.objects.all():
        assert row.share is None and (row.missing_therapists, row.missing_courses) >= missing
    assert (
        OwnEffect.objects.filter(leans=True).exclude(source="").count() == OwnEffect.objects.exclude(low=None).count()
    )


def test_nineteen_courses_give_no_estimate_and_say_how_many_there_are(willow):
    build(closed(willow, [19, 20, *[25] * 10]))
    few, enough = (OwnEffect.objects.get(member=member, outcome="change") for member in willow[:2])
    assert (few.courses, few.estimate, few.low, few.reason) == (19, None, None, "too_few_own_courses")
    assert (enough.courses, enough.low is None) == (20, False)


def test_an_earlier_build_is_replaced_and_a_client_who_withdrew_is_gone_at_the_next(willow):
    courses = closed(willow, [20, *[25] * 11])
    build(courses)
    assert OwnEffect.objects.get(member=willow[0], outcome="change").estimate is not None
    kept = np.arange(len(courses.course)) > 0  # ada's first client says no to clinic figures
    build(type(courses)(**{name: getattr(courses, name)[kept] for name in courses.__dataclass_fields__}))
    assert OwnEffect.objects.count() == 36
    row = OwnEffect.objects.get(member=willow[0], outcome="change")
    assert (row.courses, row.estimate) == (19, None)


def test_who_has_left_still_counts_and_has_no_row(willow):
    end(member=willow[3], by=OPERATOR, at=NOW)
    build(closed(willow, 25))
    assert not OwnEffect.objects.filter(member=willow[3]).exists()
    assert ClinicEffect.objects.get(outcome="change", severity=0).therapists == 12


@action("tests.end_member")
def end(*, member, by, at):
    member.ended_at = at
    member.save()


def test_two_clinics_are_counted_apart(willow):
    others = make_clinic(name="Oak House", count=6, by=OPERATOR, at=NOW)
    build(together(closed(willow, 25), closed(others, 30, seed=2, clinic="c2")))
    alone = {row.member_id: row.estimate for row in OwnEffect.objects.filter(outcome="change")}
    build(closed(willow, 25))
    for row in OwnEffect.objects.filter(outcome="change"):
        assert row.estimate == alone[row.member_id]
    assert ClinicEffect.objects.filter(clinic=others[0].clinic).count() == 0


def test_a_mart_that_joins_two_clinics_is_refused(willow, cast):
    mixed = closed([*willow, cast.eve], 25)
    with pytest.raises(ValueError, match="joins or divides"):
        build(mixed)
    assert not OwnEffect.objects.exists()


@action("tests.spoil")
def spoil(*, by, at, model, **change):
    model.objects.filter(outcome="change").update(**change)


@pytest.mark.parametrize("change", [{"low": None}, {"high": None}, {"chance": None}, {"courses": 19}])
def test_the_database_keeps_no_estimate_without_interval_or_of_few_courses(willow, change):
    build(closed(willow, 25))
    with pytest.raises(IntegrityError), transaction.atomic():
        spoil(model=OwnEffect, by=OPERATOR, at=NOW, **change)


@pytest.mark.parametrize("change", [{"low": None}, {"therapists": 9}, {"courses": 199}])
def test_the_database_keeps_no_share_without_interval_or_of_few(willow, change):
    build(closed(willow, 25))
    with pytest.raises(IntegrityError), transaction.atomic():
        spoil(model=ClinicEffect, by=OPERATOR, at=NOW, **change)


def test_in_a_clinic_of_four_nobody_s_figure_gives_away_a_colleague_s(db):
    members = make_clinic(name="Oak House", count=4, by=OPERATOR, at=NOW)
    build(closed(members, 40))
    assert set(OwnEffect.objects.values_list("estimate", "reason")) == {(None, "too_few_colleagues")}


def kept_anywhere() -> dict[str, str]:
    """All rows of all tables, as text by table."""
    return {model.__name__: serializers.serialize("json", model._default_manager.all()) for model in apps.get_models()}


def test_a_result_is_kept_in_one_table_and_only_rounded(willow):
    """E5: what the fit has found is nowhere in full, and what is shown is in no trail, task or session."""
    courses = closed(willow, 25)
    build(courses)
    names = ("therapist", "course", "measure", "first", "last", "direction", "appointments", "planned")
    exact = own_results(cases_of(**{name: getattr(courses, name) for name in names}), "change")
    figures = [
        each for one in exact.values() if isinstance(one, OwnResult) for each in (one.estimate, one.low, one.high)
    ]
    tables = kept_anywhere()
    assert len(figures) == 36 and len(tables) > 50
    assert not [name for name, rows in tables.items() if any(f"{abs(each):.5f}"[:-1] in rows for each in figures)]
    step = {round(row.estimate / 0.2, 6) % 1 for row in OwnEffect.objects.filter(outcome="change")}
    assert step == {0.0}
    assert [name for name, rows in tables.items() if '"estimate"' in rows] == ["OwnEffect"]
