"""Addresses of the door, the first run and the safety numbers."""

from django.urls import path

from shoshin.people.views import clinics, demo, safety

app_name = "people"
urlpatterns = [
    path("start/", clinics.first_run, name="first_run"),
    path("demo/", demo.enter_demo, name="enter_demo"),
    path("no-clinic/", clinics.no_clinic, name="no_clinic"),
    path("safety/", safety.safety, name="safety"),
    path("clinic/safety/", safety.confirm_safety, name="confirm_safety"),
]
