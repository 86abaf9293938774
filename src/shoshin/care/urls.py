"""Addresses of care. Each name has its row in `policy.py`."""

from django.urls import path

from shoshin.care import views

app_name = "care"
urlpatterns = [
    path("clients/", views.list_clients, name="list_clients"),
    path("clients/new/", views.add_client, name="add_client"),
    path("clients/emergency/", views.open_break_glass, name="open_break_glass"),
    path("clients/emergency/<int:pk>/", views.review_break_glass, name="review_break_glass"),
    path("clients/<slug:ref>/courses/new/", views.open_course, name="open_course"),
    path("clients/<slug:ref>/appointments/new/", views.add_appointments, name="add_appointments"),
    path("clients/<slug:ref>/choices/", views.record_choices, name="record_choices"),
    path("clients/<slug:ref>/recordings/", views.ask_to_record, name="ask_to_record"),
    path("recordings/<uuid:reel>/withdraw/", views.withdraw_recording, name="withdraw_recording"),
    path("clients/<slug:ref>/strengths/", views.note_strength, name="note_strength"),
    path("clients/<slug:ref>/told-outside/", views.record_disclosure, name="record_disclosure"),
    path("clients/<slug:ref>/who-looked/", views.who_looked, name="who_looked"),
    path("clients/<slug:ref>/page-key/", views.make_page_key, name="make_page_key"),
    path("appointments/<int:pk>/move/", views.move_appointment, name="move_appointment"),
    path("appointments/<int:pk>/cancel/", views.cancel_appointment, name="cancel_appointment"),
    path("appointments/<int:pk>/kept/", views.keep_appointment, name="keep_appointment"),
    path("appointments/<int:pk>/missed/", views.miss_appointment, name="miss_appointment"),
    path("appointments/<int:pk>/after/", views.write_summary, name="write_summary"),
    path("strengths/<int:pk>/retire/", views.retire_strength, name="retire_strength"),
    path("consultations/<int:pk>/", views.close_consultation, name="close_consultation"),
    path("cover/", views.cover, name="cover"),
    path("cover/hours/", views.set_reading_hours, name="set_reading_hours"),
    path("cover/absences/new/", views.enter_absence, name="enter_absence"),
    path("cover/absences/<int:pk>/ask/", views.ask_cover, name="ask_cover"),
    path("cover/absences/<int:pk>/words/", views.write_handover, name="write_handover"),
    path("cover/absences/<int:pk>/cancel/", views.cancel_absence, name="cancel_absence"),
    path("cover/requests/<int:pk>/", views.answer_cover, name="answer_cover"),
    path("cover/requests/<int:pk>/yes/", views.accept_cover, name="accept_cover"),
    path("cover/requests/<int:pk>/no/", views.decline_cover, name="decline_cover"),
    path("clinic/duty/", views.name_duty, name="name_duty"),
    path("clinic/duty/<int:pk>/end/", views.end_duty, name="end_duty"),
]
