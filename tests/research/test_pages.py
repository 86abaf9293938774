"""My clients' results: words and a picture for one's own eyes, a share for who leads, and nothing else for anybody."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from shoshin.kit.action import OPERATOR, action
from shoshin.kit.models import AuditEvent
from shoshin.people.models import Membership, Role
from shoshin.research.actions import build_effects
from shoshin.research.models import EffectView, OwnEffect
from shoshin.research.queries.words import written
from shoshin.research.tasks import forget_old_views
from tests.cast import NOW
from tests.doors import come_in
from tests.research.conftest import closed, key_of


@pytest.fixture
def built(willow):
    build_effects(courses=closed(willow, [12, *[30] * 11]), key_of=key_of, by=OPERATOR, at=NOW)
    return willow


def browser_of(member) -> Browser:
    browser = Browser()
    come_in(browser, member.person)
    return browser


def page_of(member, name="research:own_results", **arguments):
    response = browser_of(member).get(reverse(name, kwargs=arguments))
    return response.status_code, response.content.decode()


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[-1]))


def test_one_s_own_page_says_interval_chance_and_limits_and_draws_all_three(built):
    code, page = page_of(built[1])
    words = words_of(page)
    assert code == 200 and page.count('role="img"') == 6  # three outcomes, for wide and narrow
    assert words.count("Your interval reaches from") == 3 and words.count("in 10 parts of a difference") == 3
    assert "What this can and cannot mean" in words and page.count("<table") == 3
    assert not re.search(r"percentile|rank|top \d|better than \d|place \d", words, re.IGNORECASE)


def test_no_estimate_is_written_anywhere_by_itself(built):
    """The dot's value stands in no word and no table: only the limits and what is typical do."""
    for row in OwnEffect.objects.filter(member=built[1]).exclude(outcome="dropout"):
        factor = {"change": 1, "rate": 10}[row.outcome]
        shown = {f"{factor * value:.1f}" for value in (row.low, row.high, row.typical)}
        alone = f"{factor * row.estimate:.1f}"
        words = words_of(re.sub(r"<svg.+?</svg>", "", page_of(built[1])[1], flags=re.DOTALL))  # ticks of an axis aside
        assert all(each in words for each in shown)
        assert alone in shown or alone not in words


def test_no_more_decimals_are_written_than_the_step_has(built):
    assert "from 0.6 to 1.4. Typical here is 1.0" in words_of(page_of(built[1])[1])
    assert "0.60" not in page_of(built[1])[1] and written([0.05, 1.0], 2, 1) == ["0.05", "1.00"]
    assert written([10.0, 25.0], 1) == ["10", "25"] and written([0.5, 1 / 3], 1) == ["0.5", "0.3"]


def test_below_twenty_courses_the_page_says_how_many_and_why_that_is_too_few(built):
    code, page = page_of(built[0])
    words = words_of(page)
    assert code == 200 and "12 closed courses of yours are counted" in words and "8 to go" in words
    assert "would be chance" in words and 'role="img"' not in page and "Your interval" not in words


def test_before_the_first_build_the_page_says_so(willow):
    assert "Nothing counted yet" in page_of(willow[1])[1]
    assert "Nothing counted yet" in page_of(willow[0], "research:clinic_results")[1]


def test_a_small_clinic_s_page_names_the_published_figures_it_leans_on(willow):
    build_effects(courses=closed(willow[:6], 25), key_of=key_of, by=OPERATOR, at=NOW)
    words = words_of(page_of(willow[1])[1])
    assert "leans on published figures" in words and "Schiefele et al. 2017" in words and "Saxon et al. 2017" in words


def test_who_leads_sees_a_share_with_its_interval_and_no_person(built):
    code, page = page_of(built[0], "research:clinic_results")
    words = words_of(page)
    assert code == 200 and "percent of what differs between clients lies between therapists" in words
    assert not [member for member in built[1:] if member.person.name in words]
    assert page_of(built[1], "research:clinic_results")[0] == 404


def test_below_ten_therapists_the_page_for_who_leads_says_what_is_missing(willow):
    build_effects(courses=closed(willow[:9], 30), key_of=key_of, by=OPERATOR, at=NOW)
    words = words_of(page_of(willow[0], "research:clinic_results")[1])
    assert "Missing: 1 therapists and 0 courses" in words and "Between" not in words


def show(member, to):
    return browser_of(member).post(reverse("research:show_results"), {"to": to.pk})


def test_one_colleague_sees_it_for_thirty_days_and_it_is_gone_when_taken_back(built, clock_at):
    mia, tara = built[1], built[2]
    show(mia, tara)
    view = EffectView.objects.get()
    assert view.ends_at - view.shown_at == timedelta(days=30)
    code, page = page_of(tara, "research:shown_results", pk=view.pk)
    assert code == 200 and "Results that Mia shows you" in page and 'role="img"' in page
    assert page_of(built[3], "research:shown_results", pk=view.pk)[0] == 404
    assert page_of(mia, "research:shown_results", pk=view.pk)[0] == 404
    browser_of(mia).post(reverse("research:take_back_results", args=[view.pk]))
    assert page_of(tara, "research:shown_results", pk=view.pk)[0] == 404


def test_after_thirty_days_it_is_not_found(built, clock_at):
    mia, tara = built[1], built[2]
    show(mia, tara)
    view = EffectView.objects.get()
    clock_at(NOW + timedelta(days=29, hours=23))
    assert page_of(tara, "research:shown_results", pk=view.pk)[0] == 200
    clock_at(NOW + timedelta(days=30))
    assert page_of(tara, "research:shown_results", pk=view.pk)[0] == 404
    show(mia, built[3])
    assert EffectView.objects.filter(closed_at=None).get().shown_to == built[3]


@action("tests.give_role")
def give_role(*, person, clinic, role, owner=False, by, at):
    return Membership.objects.create(person=person, clinic=clinic, role=role, is_owner=owner, began_at=at)


@pytest.mark.parametrize("office", ["owner", Role.LEAD, Role.OPERATOR])
def test_nobody_with_an_office_is_shown_anything_with_whatever_hat(built, office, clock_at):
    mia, tara = built[1], built[2]
    if office == "owner":
        tara = built[0]
    else:
        give_role(person=tara.person, clinic=tara.clinic, role=office, by=OPERATOR, at=NOW)
    show(mia, tara)
    assert not EffectView.objects.exists()
    assert f'value="{tara.pk}"' not in page_of(mia)[1]


def test_who_comes_to_lead_loses_the_view_at_once(built, clock_at):
    mia, tara = built[1], built[2]
    show(mia, tara)
    view = EffectView.objects.get()
    lead = give_role(person=tara.person, clinic=tara.clinic, role=Role.LEAD, by=OPERATOR, at=NOW)
    for hat in (tara, lead):
        assert page_of(hat, "research:shown_results", pk=view.pk)[0] == 404
    assert "Tara00 sees this page" not in page_of(mia)[1]
    show(mia, built[4])
    assert EffectView.objects.filter(closed_at=None).get().shown_to == built[4]


def test_only_one_person_at_a_time_and_only_of_the_own_clinic(built, cast, clock_at):
    mia = built[1]
    show(mia, cast.eve)
    assert not EffectView.objects.exists()
    show(mia, built[2])
    show(mia, built[3])
    assert [view.shown_to for view in EffectView.objects.all()] == [built[2]]


def test_a_page_of_somebody_who_is_shown_two_people_s_results_names_them_and_holds_no_figure_of_theirs(built, clock_at):
    tara = built[2]
    show(built[1], tara)
    show(built[3], tara)
    page = page_of(tara)[1]
    assert "Mia" in page and "Tara01" in page and page.count('role="img"') == 6


def test_a_year_after_its_end_a_view_is_forgotten(built, clock_at):
    show(built[1], built[2])
    end = EffectView.objects.get().ends_at
    forget_old_views({}, end + timedelta(days=364))
    assert EffectView.objects.count() == 1
    forget_old_views({}, end + timedelta(days=366))
    assert not EffectView.objects.exists()


def test_giving_opening_and_taking_back_are_each_in_the_trail(built, clock_at):
    mia, tara = built[1], built[2]
    show(mia, tara)
    view = EffectView.objects.get()
    page_of(tara, "research:shown_results", pk=view.pk)
    browser_of(mia).post(reverse("research:take_back_results", args=[view.pk]))
    left = AuditEvent.objects.filter(event__contains="results").order_by("pk").values_list("event", "actor_id")
    assert list(left) == [
        ("research.show_results", str(mia.pk)),
        ("read research:shown_results", str(tara.pk)),
        ("research.take_back_results", str(mia.pk)),
    ]
