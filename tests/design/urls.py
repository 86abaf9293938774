"""The few addresses a page's frame asks for, so that these tests stand on the design alone."""

from django.http import HttpResponse
from django.urls import path
from django.views.i18n import set_language


def nothing(request):
    return HttpResponse()


urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("accounts/logout/", nothing, name="account_logout"),
    path("accounts/password/change/", nothing, name="account_change_password"),
]
