"""Addresses of practice. Each name has its row in `policy.py`."""

from django.urls import path

from shoshin.practice import views

app_name = "practice"
urlpatterns = [
    path("", views.show_practice, name="show_practice"),
    path("skills/<slug:slug>/", views.show_skill, name="show_skill"),
    path("exercises/<int:pk>/", views.show_exercise, name="show_exercise"),
    path("exercises/<int:pk>/start/", views.start_round, name="start_round"),
    path("exercises/<int:pk>/flag/", views.flag_statement, name="flag_statement"),
    path("rounds/<int:pk>/", views.show_round, name="round"),
    path("rounds/<int:pk>/answer/", views.record_attempt, name="record_attempt"),
    path("rounds/<int:pk>/level/", views.choose_level, name="choose_level"),
    path("rounds/<int:pk>/stop/", views.stop_round, name="stop_round"),
    path("attempts/", views.list_attempts, name="list_attempts"),
    path("attempts/<int:pk>/rating/", views.rate_attempt, name="rate_attempt"),
    path("attempts/<int:pk>/reaction/", views.record_reaction, name="record_reaction"),
    path("attempts/<int:pk>/keep/", views.keep_mistake, name="keep_mistake"),
    path("rounds/<int:pk>/recording/", views.start_recording, name="start_recording"),
    path("recordings/", views.list_recordings, name="list_recordings"),
    path("recordings/withdraw/", views.withdraw_recordings, name="withdraw_recordings"),
    path("recordings/<uuid:reel>/", views.recording, name="recording"),
    path("recordings/<uuid:reel>/parts/<int:number>/", views.send_recording_part, name="send_recording_part"),
    path("recordings/<uuid:reel>/finish/", views.finish_recording, name="finish_recording"),
    path("recordings/<uuid:reel>/keep/", views.keep_recording, name="keep_recording"),
    path("recordings/<uuid:reel>/remove/", views.remove_recording, name="remove_recording"),
    path("goal/", views.choose_goal, name="choose_goal"),
    path("goal/rest/", views.rest_goal, name="rest_goal"),
    path("week/", views.plan_week, name="plan_week"),
    path("week/stop/", views.stop_reminders, name="stop_reminders"),
    path("minutes/", views.log_minutes, name="log_minutes"),
    path("packs/", views.list_packs, name="list_packs"),
    path("packs/add/", views.install_pack, name="install_pack"),
    path("packs/<int:pk>/remove/", views.remove_pack, name="remove_pack"),
    path("packs/<int:pk>/sort/", views.sort_statement, name="sort_statement"),
    path("flags/", views.list_flags, name="list_flags"),
    path("flags/<int:pk>/settle/", views.settle_flags, name="settle_flags"),
]
