"""One client's record: to take along, and to delete. And one's own."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.desk import actions
from shoshin.desk.queries.export import what_goes
from shoshin.feedback import queries as feedback
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.practice import queries as practice


def my_data(request: HattedRequest) -> HttpResponse:
    """What is mine here, and the ways to take it along."""
    return render(request, "desk/my_data.html", {"recordings": len(practice.reels_of(request.hat.member))})


def export_own(request: HattedRequest) -> StreamingHttpResponse:
    """Everything of one's own, as one archive; with the recordings, where they are asked for."""
    wanted = request.GET.get("recordings") == "1"
    archive = actions.export_own(hat=request.hat, with_recordings=wanted, by=request.member, at=clock.now())
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    return StreamingHttpResponse(iter(archive), content_type="application/zip", headers=headers)


def export_client(request: HattedRequest, ref: str) -> StreamingHttpResponse:
    """The whole record, as one archive."""
    client = care.client_for(request.hat, ref)
    packed = actions.export_client(client=client, by=request.member, at=clock.now())
    name = f'attachment; filename="record-{client.ref}.zip"'
    headers = {"Content-Disposition": name}
    return StreamingHttpResponse(iter(packed), content_type="application/zip", headers=headers)


def delete_client(request: HattedRequest, ref: str) -> HttpResponse:
    """What goes, what stays, and the code typed to confirm."""
    client = care.client_for(request.hat, ref)
    problem = ""
    if request.method == "POST":
        typed = request.POST.get("typed_code", "")
        try:
            actions.delete_client(client=client, typed_code=typed, by=request.member, at=clock.now())
        except actions.CannotDeleteClient as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The client's record is deleted."))
            return redirect("care:list_clients")
    facts = {"client": client, "goes": what_goes(client), "problem": problem}
    facts["alerts"] = feedback.unacknowledged_alerts(client)
    return render(request, "desk/delete_client.html", facts)
