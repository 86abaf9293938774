"""Addresses of feedback, one line a route. `/f/` is the client's form, `/p/` the client's own page."""

from django.urls import path

from shoshin.feedback.views import client_form

app_name = "feedback"
urlpatterns = [
    path("f/now/", client_form.form, name="form"),
    path("f/now/draft/", client_form.save_draft, name="save_draft"),
    path("f/now/decline/", client_form.decline_form, name="decline_form"),
    path("f/received/", client_form.form_received, name="form_received"),
    path("f/<str:token>/", client_form.start_form, name="start_form"),
]
