"""The one address."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from bare.models import Note


def insert_row(request: HttpRequest) -> HttpResponse:
    """Insert one row."""
    Note.objects.create(text=request.body.decode(), at=timezone.now())
    return HttpResponse("kept")


urlpatterns = [path("", insert_row)]
