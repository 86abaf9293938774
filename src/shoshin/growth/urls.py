"""Addresses of growth. Each name has its row in `policy.py`."""

from django.urls import path

from shoshin.growth import views

app_name = "growth"
urlpatterns = [
    path("", views.show_growth, name="show_growth"),
    path("clients/<slug:ref>/", views.begin_episode, name="begin_episode"),
    path("episodes/<int:pk>/", views.show_episode, name="show_episode"),
    path("episodes/<int:pk>/moment/", views.meet_differently, name="meet_differently"),
    path("episodes/<int:pk>/back/", views.note_back_in_room, name="note_back_in_room"),
    path("notes/<slug:key>/", views.link_note, name="link_note"),
    path("review/", views.review_week, name="review_week"),
    path("review/<slug:ref>/", views.decide_review, name="decide_review"),
]
