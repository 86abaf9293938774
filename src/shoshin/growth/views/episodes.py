"""From a signal to one moment, one round, and back into the room."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shoshin.care import queries as care
from shoshin.feedback import queries as feedback
from shoshin.growth import actions, queries
from shoshin.growth.forms import MightForm, MomentForm
from shoshin.growth.models import Episode, Might
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.kit.record import is_key

LEADS_TO_PRACTICE = (Might.RELATIONSHIP, Might.MINE, Might.UNKNOWN)


def show_growth(request: HattedRequest) -> HttpResponse:
    """My episodes: what I tried beside what the client answered, as two separate things."""
    going_on, closed = queries.show_episodes(request.hat, clock.now())
    return render(request, "growth/show_growth.html", {"going_on": going_on, "closed": closed})


def begin_episode(request: HattedRequest, ref: str) -> HttpResponse:
    """What might it be? Five answers; three of them lead to practice, if one likes."""
    client, at = care.client_for(request.hat, ref), clock.now()
    signal, going_on = queries.latest_signal(request.hat, client), queries.open_episode_with(request.hat, client, at)
    form = MightForm(request.POST or None, initial={"what": going_on.what_might_be if going_on else None})
    if request.method == "POST" and form.is_valid():
        course, what = care.open_course(client), form.cleaned_data["what"]
        try:
            begun = actions.open_episode(
                client=client, course=course, signal=signal, what=what, by=request.hat.member, at=at
            )
        except actions.CannotGoOn as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after(begun)
    facts = {"client": client, "form": form, "signal": signal, "going_on": going_on}
    if signal is not None:
        facts["title"] = feedback.signal_title(signal.kind, signal.level, signal.occasion)
        facts["reasons"] = feedback.reason_sentences(signal.reasons)
    return render(request, "growth/begin_episode.html", facts)


def _after(episode: Episode) -> HttpResponse:
    to_practice = episode.what_might_be in LEADS_TO_PRACTICE and not episode.sentence
    return redirect("growth:meet_differently" if to_practice else "growth:show_episode", episode.pk)


def meet_differently(request: HattedRequest, pk: int) -> HttpResponse:
    """The moment I'd like to meet differently: one sentence, and a skill to begin with."""
    episode = queries.episode_for(request.hat, pk)
    kind = episode.signal.kind if episode.signal else ""
    offered = queries.suggestions(episode.clinic, episode.what_might_be, kind)
    chosen = {"skill": str(episode.goal.skill_id or "")} if episode.goal else {}
    form = MomentForm(request.POST or None, offered=offered, initial={"sentence": episode.sentence} | chosen)
    if request.method == "POST" and form.is_valid():
        try:
            actions.meet_differently(episode=episode, by=request.hat.member, at=clock.now(), **form.moment())
        except actions.CannotGoOn as refusal:
            form.add_error("sentence", str(refusal))
        else:
            messages.success(request, _("This is your goal now. One round of ten minutes is already a whole episode."))
            return redirect("growth:show_episode", episode.pk)
    shown = queries.show_episode(request.hat, episode, clock.now())
    return render(request, "growth/meet_differently.html", {"form": form, "shown": shown})


def show_episode(request: HattedRequest, pk: int) -> HttpResponse:
    """One episode of mine: the moment, what I tried, what the client answered, and the next small step."""
    episode = queries.episode_for(request.hat, pk)
    shown = queries.show_episode(request.hat, episode, clock.now())
    goal = episode.goal
    exercise = queries.first_exercise(episode.clinic, goal.skill) if goal else None
    beside = queries.notes_beside(request.hat, episode, clock.now())
    facts = {"shown": shown, "exercise": exercise, "may_practise": LEADS_TO_PRACTICE, "beside": beside}
    return render(request, "growth/show_episode.html", facts)


@require_POST
def note_back_in_room(request: HattedRequest, pk: int) -> HttpResponse:
    """One tap: I did it, no chance came, I forgot."""
    episode = queries.episode_for(request.hat, pk)
    number = request.POST.get("appointment", "")
    appointment = episode.course.appointments.filter(pk=int(number) if is_key(number) else 0).first()
    did = request.POST.get("did", "")
    try:
        actions.note_back_in_room(
            episode=episode, appointment=appointment, did=did, by=request.hat.member, at=clock.now()
        )
    except actions.CannotGoOn as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted. Nobody sees it but you."))
    return redirect("growth:show_episode", episode.pk)
