"""How long a session lasts, where else one is signed in, and what was being written when it ended."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.people import actions, queries
from shoshin.people.queries.sessions import BEGAN, DEVICE, SEEN, named

IDLE = 20 * 60
LONGEST = 10 * 60 * 60
STAMP = 60  # the last click is noted to the minute, to spare the database
KEPT = "kept_words"
KEPT_FOR = 60 * 60
KEPT_SIZE = 200_000


class SessionHours:
    """Twenty minutes without a click, or ten hours, end a session. What was sent too late waits for its writer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.user.is_authenticated:
            now, session = int(clock.now().timestamp()), request.session
            if now - session.get(SEEN, now) > IDLE or now - session.get(BEGAN, now) > LONGEST:
                _end(request, now)
            else:
                _stamp(session, now, request.headers.get("user-agent", ""))
                if _waits_here(request, now):
                    return redirect("people:kept_words")
        return self.get_response(request)


def begin_afresh(session: Any) -> None:
    """Whatever this browser's session was before, its hours count from this sign-in on."""
    for name in (BEGAN, SEEN, DEVICE):
        session.pop(name, None)
    session.set_expiry(0)


def _stamp(session: Any, now: int, device: str) -> None:
    """Note that somebody was here. A session without a beginning begins now."""
    if BEGAN not in session:
        session[BEGAN], session[DEVICE] = now, named(device)
    if now - session.get(SEEN, 0) >= STAMP:
        session[SEEN] = now


def list_sessions(request: Any) -> HttpResponse:
    """Every browser somebody is signed in with, and the way to end all of them."""
    person, here = request.user, request.session.session_key
    if request.method == "POST":
        everywhere = "everywhere" in request.POST
        actions.end_sessions(person=person, keep="" if everywhere else here, by=person.actor, at=clock.now())
        if everywhere:
            auth.logout(request)
            return redirect(settings.LOGIN_URL)
        messages.success(request, _("Every other browser is signed out."))
        return redirect("people:list_sessions")
    return render(request, "people/list_sessions.html", {"sessions": queries.sessions_of(person, here, clock.now())})


def kept_words(request: Any) -> HttpResponse:
    """What somebody was sending when their session ended: to send after all, or to throw away."""
    kept = request.session.get(KEPT)
    if request.method == "POST" or not kept:
        request.session.pop(KEPT, None)
        return redirect("/")
    shown = [value for name, value in kept["fields"] if len(value) > 20]
    return render(request, "people/kept_words.html", {"kept": kept, "shown": shown})


def keep_words(request: Any, now: int) -> None:
    """Keep in the session what this request was sending, for whoever sends it when they come back to the page."""
    if kept := _words_of(request, now):
        request.session[KEPT] = kept


def _end(request: Any, now: int) -> None:
    kept = _words_of(request, now)
    auth.logout(request)
    if kept:
        request.session[KEPT] = kept
        request.session.set_expiry(KEPT_FOR)
    messages.info(request, _("You were signed out because nothing happened for a while. Sign in to go on."))


def _words_of(request: Any, now: int) -> dict[str, Any] | None:
    """What this request was sending. Nothing of the account pages: passwords are typed there."""
    if request.method != "POST" or request.path.startswith("/accounts/"):
        return None
    fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    fields = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
    if not fields or sum(len(value) for _name, value in fields) > KEPT_SIZE:
        return None
    return {"person": request.user.pk, "path": request.get_full_path(), "fields": fields, "at": now}


def _waits_here(request: Any, now: int) -> bool:
    """Whether words wait for this person on this page. Sent words, old words and another person's words go."""
    kept = request.session.get(KEPT)
    if not kept:
        return False
    here = request.get_full_path() == kept["path"]
    if kept["person"] != request.user.pk or now - kept["at"] > KEPT_FOR or (here and request.method == "POST"):
        request.session.pop(KEPT)
        return False
    return here
