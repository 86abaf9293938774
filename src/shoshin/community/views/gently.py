"""One sentence for one's coach, and the standing yes to it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.community import actions, queries
from shoshin.community.models import Coaching
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def _learnt_in(request: HattedRequest, pk: int) -> Coaching:
    """A coaching in which the one asking learns; 404 for its coach, as for everybody else."""
    coaching = queries.coaching_for(request.hat, pk)
    if coaching.trainee.person_id != request.hat.member.person_id or coaching.accepted_at is None:
        raise Http404("No such coaching of yours.")
    return coaching


@require_POST
def tell_gently(request: HattedRequest, pk: int) -> HttpResponse:
    """Tell the coach, for a week."""
    coaching = _learnt_in(request, pk)
    actions.tell_gently(coaching=coaching, by=request.hat.member, at=clock.now())
    messages.success(request, _("Told: one sentence, no number and no reason."))
    return redirect("community:coaching", pk)


@require_POST
def untell_gently(request: HattedRequest, pk: int) -> HttpResponse:
    """Take it back."""
    coaching = _learnt_in(request, pk)
    actions.untell_gently(coaching=coaching, by=request.hat.member, at=clock.now())
    messages.success(request, _("Taken back. Your coach no longer reads it."))
    return redirect("community:coaching", pk)


@require_POST
def agree_gently(request: HattedRequest, pk: int) -> HttpResponse:
    """Say yes for the days to come."""
    coaching = _learnt_in(request, pk)
    actions.agree_gently(coaching=coaching, by=request.hat.member, at=clock.now())
    messages.success(request, _("Kept. You can take this yes back at any time."))
    return redirect("community:coaching", pk)


@require_POST
def revoke_gently(request: HattedRequest, pk: int) -> HttpResponse:
    """Take the yes back, at once."""
    coaching = _learnt_in(request, pk)
    actions.revoke_gently(coaching=coaching, by=request.hat.member, at=clock.now())
    messages.success(request, _("Your yes is taken back. Nothing goes by itself any more."))
    return redirect("community:coaching", pk)
