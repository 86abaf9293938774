"""Addresses of growth. Each name has its row in `policy.py`."""

from django.urls import path

from shoshin.growth import views

app_name = "growth"
urlpatterns = [
    path("", views.show_growth, name="show_growth"),
    path("clients/<slug:ref>/", views.begin_episode, name="begin_episode"),
    path("clients/<slug:ref>/recordings/", views.list_client_recordings, name="list_client_recordings"),
    path("recordings/<uuid:reel>/", views.show_client_recording, name="show_client_recording"),
    path("recordings/<uuid:reel>/start/", views.start_client_recording, name="start_client_recording"),
    path(
        "recordings/<uuid:reel>/parts/<int:number>/",
        views.send_client_recording_part,
        name="send_client_recording_part",
    ),
    path("recordings/<uuid:reel>/finish/", views.finish_client_recording, name="finish_client_recording"),
    path("recordings/<uuid:reel>/play/", views.client_recording, name="client_recording"),
    path("recordings/<uuid:reel>/remove/", views.remove_client_recording, name="remove_client_recording"),
    path("episodes/<int:pk>/", views.show_episode, name="show_episode"),
    path("episodes/<int:pk>/moment/", views.meet_differently, name="meet_differently"),
    path("episodes/<int:pk>/back/", views.note_back_in_room, name="note_back_in_room"),
    path("notes/<slug:key>/", views.link_note, name="link_note"),
    path("review/", views.review_week, name="review_week"),
    path("review/<slug:ref>/", views.decide_review, name="decide_review"),
]
