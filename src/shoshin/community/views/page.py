"""The one page from which all of it is reached: what waits for me, what I show, with whom I practise."""

from django.http import HttpResponse
from django.shortcuts import render

from shoshin.community import queries
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest

LATEST = 20


def show_community(request: HattedRequest) -> HttpResponse:
    """What colleagues show me, what I show, my circles, and coaching."""
    member, at = request.hat.member, clock.now()
    coachings = list(queries.coachings_of(member))
    facts = {
        "shown": [(each, queries.review_by(member, each)) for each in queries.shown_to(member, at)],
        "showings": [(each, queries.waiting_views(each)) for each in queries.shown_by(member)[:LATEST]],
        "circles": [(circle, queries.people_in(circle)) for circle in queries.circles_of(member)],
        "invitations": queries.invitations_to(member),
        "mostly": queries.mostly_from(member),
        "asked": [each for each in coachings if not each.accepted_at and each.coach.person_id == member.person_id],
        "coachings": [each for each in coachings if each.accepted_at or each.trainee.person_id == member.person_id],
        "to_tell": queries.coaches_to_tell(member, at),
        "at": at,
    }
    return render(request, "community/show_community.html", facts)
