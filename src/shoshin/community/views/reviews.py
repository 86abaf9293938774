"""Looking at what a colleague shows, and answering: one's own view first, the others' after."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shoshin.community import actions, queries
from shoshin.community.forms import ReviewForm
from shoshin.community.models import Showing
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def review_attempt(request: HattedRequest, pk: int) -> HttpResponse:
    """What is shown to me. Others' views stay sealed until mine is sent."""
    showing = queries.shown_for(request.hat, pk)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_attempt(showing=showing, said=form.said(), by=request.hat.member, at=clock.now())
        except actions.CannotReview as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("community:review_attempt", showing.pk)
    return render(request, "community/review_attempt.html", _facts(request, showing, form))


def _facts(request: HattedRequest, showing: Showing, form: ReviewForm) -> dict[str, object]:
    """The work, and then the form, or the spread that opens with one's own view."""
    review = queries.review_by(request.hat.member, showing)
    facts: dict[str, object] = {"showing": showing, "review": review, "work": queries.work_of(showing, review)}
    if review is not None:
        return facts | {"spread": queries.spread_of(showing, sealed=True)}
    return facts | {"form": form, "still_asks": queries.still_asks(showing)}
