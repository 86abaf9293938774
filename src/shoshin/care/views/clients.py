"""The list of clients, a new client, what a client agrees to, and what a client brings."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.care import actions, queries
from shoshin.care.forms import AddClientForm, ChoicesForm, StrengthForm
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest

CLIENTS_A_PAGE = 25
LOOKS_A_PAGE = 50


def list_clients(request: HattedRequest) -> HttpResponse:
    """Everyone this hat may see, a page at a time."""
    search, everyone = request.GET.get("q", "").strip()[:40], "all" in request.GET
    in_course = not (everyone or search)
    clients = queries.client_list(request.hat, clock.now(), search, in_course=in_course)
    page = Paginator(clients, CLIENTS_A_PAGE).get_page(request.GET.get("page"))
    request.hat.saw(*(client.pk for client in page))
    has_any = bool(page.object_list) or queries.clients_of(request.hat).exists()
    facts = {"page": page, "search": search, "everyone": everyone, "has_any": has_any}
    return render(request, "care/list_clients.html", facts)


def add_client(request: HattedRequest) -> HttpResponse:
    """A code, a language, the day the course begins."""
    member, at = request.hat.member, clock.now()
    form = AddClientForm(request.POST or None, initial={"opened_on": queries.day_of(member.clinic, at)})
    if request.method == "POST" and form.is_valid():
        try:
            client = actions.add_client(therapist=member, by=member, at=at, **form.cleaned_data)
        except actions.CannotAddClient as refusal:
            form.add_error("code", str(refusal))
        except actions.CannotOpenCourse as refusal:
            form.add_error("opened_on", str(refusal))
        else:
            messages.success(request, _("%(code)s is here. The course is open.") % {"code": client.code})
            return redirect("desk:client", client.ref)
    return render(request, "care/add_client.html", {"form": form})


def record_choices(request: HattedRequest, ref: str) -> HttpResponse:
    """Three questions, each with its own answer."""
    client = queries.client_for(request.hat, ref)
    member, at = request.hat.member, clock.now()
    if request.method == "POST" and "ask_anew" in request.POST:
        actions.ask_anew(client=client, by=member, at=at)
        return redirect("care:record_choices", client.ref)
    latest = queries.latest_choices(client)
    form = ChoicesForm(request.POST or None, asked=queries.purposes_asked(client), latest=latest)
    if request.method == "POST" and form.is_valid():
        actions.record_choices(client=client, choices=form.choices(), by=member, at=at)
        messages.success(request, _("What %(code)s said is written down.") % {"code": client.code})
        return redirect("desk:client", client.ref)
    said = client.choices.order_by("-said_at", "-pk")
    return render(request, "care/record_choices.html", {"form": form, "client": client, "said": said})


def who_looked(request: HattedRequest, ref: str) -> HttpResponse:
    """Everybody who opened this client's record or wrote in it, a line a person and day."""
    client = queries.client_for(request.hat, ref)
    page = Paginator(queries.who_looked(client), LOOKS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "care/who_looked.html", {"client": client, "page": page})


def note_strength(request: HattedRequest, ref: str) -> HttpResponse:
    """One line about what helps."""
    client = queries.client_for(request.hat, ref)
    form = StrengthForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(map(str, form.errors["text"])))
        return redirect("desk:client", client.ref)
    try:
        actions.note_strength(client=client, text=form.cleaned_data["text"], by=request.hat.member, at=clock.now())
    except actions.CannotNoteStrength as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted. You see it again before the next appointment."))
    return redirect("desk:client", client.ref)


def retire_strength(request: HattedRequest, pk: int) -> HttpResponse:
    """Set one aside."""
    strength = queries.strength_for(request.hat, pk)
    actions.retire_strength(strength=strength, by=request.hat.member, at=clock.now())
    messages.success(request, _("Set aside. It stays in the record."))
    return redirect("desk:client", strength.client.ref)
