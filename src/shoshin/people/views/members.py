"""The people of a clinic: who is here, who is asked to come, and under which hat somebody acts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shoshin.kit import clock, row_security
from shoshin.kit.action import Actor
from shoshin.kit.policy import HattedRequest
from shoshin.people import actions, queries
from shoshin.people.forms.members import InviteForm, JoinForm
from shoshin.people.queries.members import memberships_of
from shoshin.people.views.door import CHOSEN, sign_in
from shoshin.people.views.letters import sent_invitation

NEWCOMER = Actor("newcomer")


def list_members(request: HattedRequest) -> HttpResponse:
    """Everybody of the owner's clinic, and the invitations that still open."""
    clinic = request.hat.member.clinic
    with_factor = queries.people_with_factor(clinic)
    members = list(queries.members_of(clinic))
    facts = {
        "here": [(member, member.person_id in with_factor) for member in members if member.ended_at is None],
        "gone": [member for member in members if member.ended_at is not None],
        "invited": queries.open_invitations(clinic, clock.now()),
    }
    return render(request, "people/list_members.html", facts)


def invite_member(request: HattedRequest) -> HttpResponse:
    """Name, address and role; then the link, shown once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.invite_member(**form.cleaned_data, by=request.hat.member, at=clock.now())
        except actions.CannotInvite as refusal:
            form.add_error(None, str(refusal))
        else:
            path = reverse("people:join_clinic", args=[invited.token])
            link = settings.PUBLIC_ADDRESS + path if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)
            mailed = sent_invitation(invited.invitation, link)
            facts = {"invitation": invited.invitation, "link": link, "mailed": mailed}
            return render(request, "people/invitation.html", facts)
    return render(request, "people/invite_member.html", {"form": form})


def revoke_invitation(request: HattedRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = queries.invitation_for(request.hat.member, pk)
    actions.revoke_invitation(invitation=invitation, by=request.hat.member, at=clock.now())
    messages.success(request, _("The invitation is taken back. Its link opens nothing."))
    return redirect("people:list_members")


def join_clinic(request: Any, token: str) -> HttpResponse:
    """Come in by a link: with a new account, or with the one somebody is signed in to. Looking changes nothing."""
    at = clock.now()
    invitation = queries.invitation_by_token(token, at)
    if invitation is None:
        return render(request, "people/closed_invitation.html", status=404)
    known = request.user if request.user.is_authenticated else None
    form = JoinForm(None if known else request.POST or None, email=invitation.email, initial={"name": invitation.name})
    problem = ""
    if request.method == "POST" and (known or form.is_valid()):
        given = {"person": known} if known else form.cleaned_data
        try:
            member = actions.join_clinic(invitation=invitation, by=_comer(known), at=at, **given)
        except actions.CannotJoin as refusal:
            problem = str(refusal)
        else:
            return _enter(request, member)
    facts = {"invitation": invitation, "form": form, "known": known, "problem": problem}
    return render(request, "people/join_clinic.html", facts, status=422 if problem or form.errors else 200)


def switch_membership(request: Any) -> HttpResponse:
    """Choose the membership to act under. The session's key changes with it."""
    if request.POST.get("member"):
        member = queries.own_membership_for(request.user, request.POST["member"])
        with row_security.acting_for(member.clinic_id, request.user.pk):
            actions.switch_membership(member=member, by=member, at=clock.now())
        _put_on(request, member)
        return redirect("/")
    hats = memberships_of(request.user)
    return render(request, "people/switch_membership.html", {"hats": hats, "now": request.hat.member})


def _comer(known: Any) -> Actor:
    return known.actor if known else NEWCOMER


def _enter(request: Any, member: Any) -> HttpResponse:
    """Into the new membership. A new account is signed in; a known one keeps its session under a new key."""
    if request.user.is_authenticated:
        _put_on(request, member)
    else:
        sign_in(request, member)
    return redirect("/")


def _put_on(request: Any, member: Any) -> None:
    request.session.cycle_key()
    request.session[CHOSEN] = member.pk
