"""Addresses of welfare. Each name has its row in `policy.py`; all of them show the asking person's own rows."""

from django.urls import path

from shoshin.welfare import views

app_name = "welfare"
urlpatterns = [
    path("me/", views.show_welfare, name="show_welfare"),
    path("me/check/", views.check_capacity, name="check_capacity"),
    path("me/check/<int:pk>/forget/", views.forget_check, name="forget_check"),
    path("me/check/<int:pk>/show/", views.share_check, name="share_check"),
    path("me/easier/", views.ease_off, name="ease_off"),
    path("me/easier/end/", views.stop_easing_off, name="stop_easing_off"),
    path("me/pause/", views.take_pause, name="take_pause"),
    path("me/lines/", views.mark_lines, name="mark_lines"),
    path("me/notes/", views.write_note, name="write_note"),
    path("me/notes/<slug:key>/", views.note, name="note"),
    path("me/notes/<slug:key>/keep/", views.keep_note, name="keep_note"),
    path("me/notes/<slug:key>/forget/", views.forget_note, name="forget_note"),
    path("me/notes/<slug:key>/show/", views.share_note, name="share_note"),
    path("me/shown/<int:pk>/", views.shown_item, name="shown_item"),
    path("me/shown/<int:pk>/end/", views.stop_sharing, name="stop_sharing"),
    path("me/trusted/", views.name_trusted_person, name="name_trusted_person"),
    path("me/trusted/forget/", views.forget_trusted_person, name="forget_trusted_person"),
    path("me/measures/", views.list_own_measures, name="list_own_measures"),
    path("me/measures/<slug:measure_id>/", views.fill_own_measure, name="fill_own_measure"),
    path("me/data/", views.export_welfare, name="export_welfare"),
    path("me/data/delete/", views.delete_welfare, name="delete_welfare"),
]
