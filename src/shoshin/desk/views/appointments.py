from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shoshin.care import queries as care
from shoshin.desk import queries
from shoshin.kit import clock
from shoshin.kit.policy import HattedRequest


def glance(request: HattedRequest, pk: int) -> HttpResponse:
    """Two minutes before an appointment: the line, what was agreed last time, three strengths."""
    appointment = care.appointment_for(request.hat, pk)
    page = queries.glance(request.hat, appointment, clock.now())
    return render(request, "desk/glance.html", {"page": page, "client": page.client})


def summary_sheet(request: HattedRequest, pk: int) -> HttpResponse:
    """The sheet both keep of an appointment: to print from the browser, or as a PDF where one can be made."""
    appointment = care.appointment_for(request.hat, pk)
    sheet = queries.summary_sheet(appointment)
    context = {"sheet": sheet, "client": sheet.client, "can_pdf": queries.can_make_pdf()}
    if request.GET.get("format") != "pdf":
        return render(request, "desk/summary_sheet.html", context)
    if not context["can_pdf"]:
        messages.warning(
            request, _("This machine cannot make a PDF: the library Pango is missing. Print this page instead.")
        )
        return redirect("desk:summary_sheet", pk=pk)
    pdf = queries.as_pdf(render_to_string("desk/summary_sheet_pdf.html", context, request))
    name = f"summary-{sheet.appointment.starts_at:%Y-%m-%d}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
