"""Addresses of research. Each name has its row in `policy.py`."""

from django.urls import path

from shoshin.research import views

app_name = "research"
urlpatterns = [
    path("", views.own_results, name="own_results"),
    path("show/", views.show_results, name="show_results"),
    path("shown/<int:pk>/", views.shown_results, name="shown_results"),
    path("shown/<int:pk>/back/", views.take_back_results, name="take_back_results"),
    path("clinic/", views.clinic_results, name="clinic_results"),
]
