"""One thing shown to one person."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import chain, clock
from shoshin.kit.policy import READ, HattedRequest
from shoshin.welfare import actions, queries
from shoshin.welfare.forms import ShareForm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shoshin.people.models import Membership
    from shoshin.welfare.models import SharedItem


def share_note(request: HattedRequest, key: str) -> HttpResponse:
    """Choose one person and an end for one note."""
    note = queries.note_for(request.hat, key)

    def share(to: "Membership", until: "datetime", at: "datetime") -> "SharedItem":
        return actions.share_note(note=note, to=to, until=until, by=request.hat.member, at=at)

    return _share(request, share, {"note": note})


def share_check(request: HattedRequest, pk: int) -> HttpResponse:
    """Choose one person and an end for one check."""
    check = queries.check_for(request.hat, pk)

    def share(to: "Membership", until: "datetime", at: "datetime") -> "SharedItem":
        return actions.share_check(check=check, to=to, until=until, by=request.hat.member, at=at)

    return _share(request, share, {"check": check})


def _share(request: HattedRequest, share: "Callable[..., SharedItem]", thing: dict[str, object]) -> HttpResponse:
    at = clock.now()
    form = ShareForm(request.POST or None, colleagues=queries.people_to_show(request.hat.member))
    if request.method == "POST" and form.is_valid():
        try:
            shared = share(form.colleague(), form.until(at), at)
        except actions.CannotShare as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s sees this one thing.") % {"name": shared.shown_to})
            return redirect("welfare:show_welfare")
    return render(request, "welfare/share.html", thing | {"form": form})


def stop_sharing(request: HattedRequest, pk: int) -> HttpResponse:
    """Take it back."""
    share = queries.share_for(request.hat, pk)
    actions.stop_sharing(share=share, by=request.hat.member, at=clock.now())
    messages.success(request, _("Taken back. Nobody but you opens it now."))
    return redirect("welfare:show_welfare")


def shown_item(request: HattedRequest, pk: int) -> HttpResponse:
    """What somebody chose to show. That it was opened is written down before it is shown."""
    item, at = queries.shown_item_for(request.hat, pk), clock.now()
    actor = request.hat.member.actor
    event = f"{READ}welfare:shown_item"
    chain.remember([chain.Entry(at, actor.kind, actor.id, event, item.clinic_id, None, {"share": str(item.pk)})])
    causes = queries.causes_in_words(item.capacity_check) if item.capacity_check is not None else []
    return render(request, "welfare/shown_item.html", {"item": item, "causes": causes})
