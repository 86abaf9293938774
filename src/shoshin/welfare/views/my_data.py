"""Taking one's own data along, and deleting all of it."""

import json

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest
from shoshin.welfare import actions, queries


def export_welfare(request: HattedRequest) -> HttpResponse:
    """Every row of one's own, to take along."""
    rows = queries.export(request.hat.member)
    text = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": 'attachment; filename="how-i-am.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


def delete_welfare(request: HattedRequest) -> HttpResponse:
    """What goes, and the word that makes it go."""
    member = request.hat.member
    if request.method == "POST":
        actions.delete_welfare(member=member, by=member, at=clock.now())
        messages.success(request, _("Everything you noted about yourself here is deleted."))
        return redirect("welfare:show_welfare")
    rows = sum(map(len, queries.export(member).values()))
    return render(request, "welfare/delete_welfare.html", {"rows": rows})
