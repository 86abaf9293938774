"""The three shelves, a skill, an exercise, and the packs they come from."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.people import queries as people
from shoshin.practice import actions, queries
from shoshin.practice.forms import PackForm, StartForm
from shoshin.practice.models import Exercise
from shoshin.welfare import queries as welfare


def show_practice(request: HattedRequest) -> HttpResponse:
    """Where practice begins: my one goal, the week, what is open, what returns, and the three shelves."""
    member, at = request.hat.member, clock.now()
    today = people.day_of(member.clinic, at)
    facts = {
        "goal": queries.active_goal(member),
        "week": queries.week_of(member, today),
        "flags": queries.waiting_flags(member.clinic) if member.leads else (),
        "gate": welfare.gate(member, at),
        "trusted": welfare.trusted_person(member),
        "running": queries.running_round(member),
        "returning": queries.returning_skills(member, today),
        "shelves": queries.shelves(member.clinic),
        "rounds": queries.latest_rounds(member, 5),
    }
    return render(request, "practice/show_practice.html", facts)


def show_skill(request: HattedRequest, slug: str) -> HttpResponse:
    """One skill: what it is, and its exercises."""
    skill = queries.skill_called(request.hat.member.clinic, slug)
    if skill is None:
        raise Http404("No such skill here.")
    exercises = skill.exercises.order_by("title").select_related("pack")
    facts = {"skill": skill, "exercises": exercises, "checked": queries.blind_checked(exercises, request.member.clinic)}
    return render(request, "practice/show_skill.html", facts)


def show_exercise(request: HattedRequest, pk: int) -> HttpResponse:
    """What to practise, by which criterion, and the way into a round."""
    exercise = queries.exercise_for(request.hat, pk)
    facts = {"form": StartForm(exercise=exercise), **facts_of(request, exercise)}
    return render(request, "practice/show_exercise.html", facts)


def facts_of(request: HattedRequest, exercise: Exercise) -> dict[str, Any]:
    """What the page of an exercise shows beside its form."""
    member, at = request.hat.member, clock.now()
    return {
        "exercise": exercise,
        "suggested": queries.beginning_level(member, exercise, at),
        "record": queries.record_with(member, exercise),
        "met": queries.statements_met(member, exercise).exists(),
        "checked": bool(queries.blind_checked([exercise], member.clinic)),
        "enough": queries.enough_for_today(member, at),
    }


def list_packs(request: HattedRequest) -> HttpResponse:
    """The packs this clinic is offered."""
    clinic = request.hat.member.clinic
    packs = [(pack, queries.agreement_of(pack, clinic)) for pack in queries.offered_packs(clinic)]
    return render(request, "practice/list_packs.html", {"packs": packs})


def install_pack(request: HattedRequest) -> HttpResponse:
    """Bring in a pack, or a newer version of one."""
    member = request.hat.member
    form = PackForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if request.method == "POST" and form.is_valid():
        try:
            pack = actions.install_pack(pack=form.cleaned_data["pack"], clinic=member.clinic, by=member, at=clock.now())
        except actions.CannotInstallPack as refusal:
            form.add_error("pack", str(refusal))
        else:
            messages.success(request, _("%(pack)s is offered to everybody here.") % {"pack": pack.title})
            return redirect("practice:list_packs")
    return render(request, "practice/install_pack.html", {"form": form})


@require_POST
def remove_pack(request: HattedRequest, pk: int) -> HttpResponse:
    """Offer a pack no longer."""
    pack = queries.own_pack_for(request.hat, pk)
    actions.remove_pack(pack=pack, by=request.hat.member, at=clock.now())
    messages.success(request, _("%(pack)s is offered no longer. What was tried from it stays.") % {"pack": pack.title})
    return redirect("practice:list_packs")
