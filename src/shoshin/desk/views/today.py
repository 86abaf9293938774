from django.http import HttpResponse
from django.shortcuts import render

from shoshin.desk import queries
from shoshin.kit import clock
from shoshin.kit.backup.state import notice_for_owner
from shoshin.kit.policy import HattedRequest
from shoshin.people import queries as people


def today(request: HattedRequest) -> HttpResponse:
    """Who is coming, who answered, who has not, what needs an answer."""
    at = clock.now()
    backups = notice_for_owner(at) if request.member.is_owner else ""
    resets = people.resets_to_confirm(request.member, at)
    facts = {"today": queries.today(request.hat, at), "at": at, "backups": backups, "resets": resets}
    return render(request, "desk/today.html", facts)
