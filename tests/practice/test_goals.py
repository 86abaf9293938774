"""One goal, and a week that fits."""

from django.urls import reverse

from shoshin.practice.models import Goal, Plan


def test_a_new_goal_lays_the_one_before_aside(ada, pack):
    for sentence in ("I fill every silence.", "I explain too soon."):
        ada.post(reverse("practice:choose_goal"), {"sentence": sentence})
    assert [goal.sentence for goal in Goal.objects.filter(ended_at=None)] == ["I explain too soon."]
    assert Goal.objects.count() == 2


def test_a_week_is_planned_and_reminds_nobody_who_did_not_ask(ada, pack):
    address = reverse("practice:plan_week")
    ada.post(address, {"minutes_a_week": "40", "solo_share": "60", "days": ["0", "3"]})
    plan = Plan.objects.get()
    assert (plan.minutes_a_week, plan.solo_share, plan.days, plan.reminds) == (40, 60, [0, 3], False)
    assert "0 of 40 minutes that fit" in ada.get(reverse("practice:show_practice")).content.decode()
