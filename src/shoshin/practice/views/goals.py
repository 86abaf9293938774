"""One goal, a week that fits, and minutes practised elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.kit import calls, clock
from shoshin.kit.policy import HattedRequest
from shoshin.people import queries as people
from shoshin.practice import actions, queries
from shoshin.practice.forms import GoalForm, MinutesForm, PlanForm


def choose_goal(request: HattedRequest) -> HttpResponse:
    """The one thing I am learning now. Choosing another lays this one aside."""
    member = request.hat.member
    form = GoalForm(request.POST or None, skills=queries.offered_skills(member.clinic))
    if request.method == "POST" and form.is_valid():
        goal = actions.choose_goal(by=member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("This is your goal now. One at a time is enough."))
        return redirect("practice:show_skill", goal.skill.slug) if goal.skill else redirect("practice:show_practice")
    facts = {"form": form, "goal": queries.active_goal(member), "earlier": queries.earlier_goals(member)}
    return render(request, "practice/choose_goal.html", facts)


@require_POST
def rest_goal(request: HattedRequest) -> HttpResponse:
    """Lay the goal aside."""
    goal = queries.active_goal(request.hat.member)
    if goal is not None:
        actions.rest_goal(goal=goal, by=request.hat.member, at=clock.now())
    return redirect("practice:show_practice")


def plan_week(request: HattedRequest) -> HttpResponse:
    """How much fits in a week."""
    member, plan = request.hat.member, queries.plan_of(request.hat.member)
    form = PlanForm(request.POST or None, initial=_as_planned(plan), mails=calls.can_mail())
    if request.method == "POST" and form.is_valid():
        actions.plan_week(week=form.week(), by=member, at=clock.now())
        messages.success(request, _("This is your week. Change it whenever it does not fit."))
        return redirect("practice:show_practice")
    return render(request, "practice/plan_week.html", {"form": form, "plan": plan})


@require_POST
def stop_reminders(request: HattedRequest) -> HttpResponse:
    """Remind no more."""
    actions.stop_reminders(by=request.hat.member, at=clock.now())
    messages.success(request, _("No more reminders."))
    return redirect("practice:plan_week")


def _as_planned(plan: Any) -> dict[str, Any]:
    if plan is None:
        quiet = {"quiet_from": actions.WeekThatFits.quiet_from, "quiet_until": actions.WeekThatFits.quiet_until}
        return {"minutes_a_week": 60, "solo_share": 70, "days": [0, 1, 2, 3, 4], **quiet}
    names = ("minutes_a_week", "solo_share", "days", "reminds", "quiet_from", "quiet_until")
    return {name: getattr(plan, name) for name in names}


def log_minutes(request: HattedRequest) -> HttpResponse:
    """Note time practised elsewhere."""
    member, at = request.hat.member, clock.now()
    form = MinutesForm(request.POST or None, initial={"on": people.day_of(member.clinic, at), "mode": "pair"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.log_minutes(by=member, at=at, **form.cleaned_data)
        except actions.CannotPlan as refusal:
            form.add_error("on", str(refusal))
        else:
            return redirect("practice:show_practice")
    return render(request, "practice/log_minutes.html", {"form": form})
