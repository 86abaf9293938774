"""Looking at what a colleague shows, hearing it, and answering: one's own view first, the others' after."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from shoshin.community import actions, queries
from shoshin.community.forms import ReviewForm
from shoshin.community.models import Showing
from shoshin.kit import clock
from shoshin.kit.media.playing import play, plays_recordings
from shoshin.kit.policy import HattedRequest

NO_SUCH_PART = 416


@plays_recordings
def review_attempt(request: HattedRequest, pk: int) -> HttpResponse:
    """What is shown to me. Others' views stay sealed until mine is sent."""
    showing = queries.shown_for(request.hat, pk)
    form = ReviewForm(request.POST if request.method == "POST" else None, is_played=showing.with_recording)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_attempt(showing=showing, said=form.said(), by=request.hat.member, at=clock.now())
        except actions.CannotReview as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("community:review_attempt", showing.pk)
    return render(request, "community/review_attempt.html", _facts(request, showing, form))


def shown_recording(request: HattedRequest, pk: int) -> HttpResponseBase:
    """Play what is shown to me, or a part of it. Each part is asked for anew, so that it ends when it is taken back."""
    showing = queries.shown_for(request.hat, pk)
    member, at = request.hat.member, clock.now()
    recording = queries.recording_shown(showing, at)
    if recording is None:
        raise Http404("No recording is shown with it, or it is gone.")

    def may_go_on() -> bool:
        return queries.still_plays(member, showing, clock.now())

    answer = play(request, recording.tape, recording.mime, may_go_on)
    if answer.status_code != NO_SUCH_PART:
        actions.hear_recording(showing=showing, by=member, at=at)
    return answer


def _facts(request: HattedRequest, showing: Showing, form: ReviewForm) -> dict[str, object]:
    """The work, and then the form, or the spread that opens with one's own view."""
    review = queries.review_by(request.hat.member, showing)
    facts: dict[str, object] = {"showing": showing, "review": review, "work": queries.work_of(showing, review)}
    facts["recording"] = queries.recording_shown(showing, clock.now())
    if review is not None:
        return facts | {"spread": queries.spread_of(showing, sealed=True)}
    return facts | {"form": form, "still_asks": queries.still_asks(showing)}
