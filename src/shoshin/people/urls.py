"""Addresses of the door, the first run, the people of a clinic and the safety numbers."""

from django.urls import path

from shoshin.people.views import clinics, demo, factor_resets, factors, members, safety, sessions

app_name = "people"
urlpatterns = [
    path("start/", clinics.first_run, name="first_run"),
    path("demo/", demo.enter_demo, name="enter_demo"),
    path("no-clinic/", clinics.no_clinic, name="no_clinic"),
    path("safety/", safety.safety, name="safety"),
    path("clinic/safety/", safety.confirm_safety, name="confirm_safety"),
    path("clinic/people/", members.list_members, name="list_members"),
    path("clinic/people/invite/", members.invite_member, name="invite_member"),
    path("clinic/invitations/<int:pk>/revoke/", members.revoke_invitation, name="revoke_invitation"),
    path("clinic/factors/", factor_resets.ask_factor_reset, name="ask_factor_reset"),
    path("clinic/factors/<int:pk>/", factor_resets.confirm_factor_reset, name="confirm_factor_reset"),
    path("clinic/factors/<int:pk>/take-back/", factor_resets.withdraw_factor_reset, name="withdraw_factor_reset"),
    path("join/<str:token>/", members.join_clinic, name="join_clinic"),
    path("me/hat/", members.switch_membership, name="switch_membership"),
    path("me/factor/", factors.set_up_factor, name="set_up_factor"),
    path("me/sessions/", sessions.list_sessions, name="list_sessions"),
    path("me/words/", sessions.kept_words, name="kept_words"),
]
