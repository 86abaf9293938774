"""The demo door: enter as anybody of the invented clinic, on this machine only (the policy sees to that)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shoshin.kit import row_security
from shoshin.people import queries
from shoshin.people.queries.members import demo_member_for
from shoshin.people.views.door import sign_in


def enter_demo(request: HttpRequest) -> HttpResponse:
    """One button a person."""
    with row_security.acting_for(row_security.EVERY):
        if request.method == "POST":
            sign_in(request, demo_member_for(request.POST.get("member", "")))
            return redirect("/")
        return render(request, "people/enter_demo.html", {"members": queries.demo_members()})
