"""Addresses of community. Each name has its row in `policy.py`."""

from django.urls import path

from shoshin.community import views

app_name = "community"
urlpatterns = [
    path("", views.show_community, name="show_community"),
    path("circles/new/", views.make_circle, name="make_circle"),
    path("circles/<int:pk>/", views.show_circle, name="circle"),
    path("circles/<int:pk>/invite/", views.invite_to_circle, name="invite_to_circle"),
    path("circles/<int:pk>/leave/", views.leave_circle, name="leave_circle"),
    path("invitations/<int:pk>/join/", views.join_circle, name="join_circle"),
    path("invitations/<int:pk>/refuse/", views.refuse_circle, name="refuse_circle"),
    path("attempts/<int:pk>/show/", views.show_attempt, name="show_attempt"),
    path("mine/<int:pk>/", views.show_spread, name="spread"),
    path("mine/<int:pk>/open/", views.open_views, name="open_views"),
    path("mine/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("shown/<int:pk>/", views.review_attempt, name="review_attempt"),
    path("shown/<int:pk>/recording/", views.shown_recording, name="shown_recording"),
    path("coaching/new/", views.ask_coach, name="ask_coach"),
    path("coaching/<int:pk>/", views.show_coaching, name="coaching"),
    path("coaching/<int:pk>/accept/", views.accept_coaching, name="accept_coaching"),
    path("coaching/<int:pk>/decline/", views.decline_coaching, name="decline_coaching"),
    path("coaching/<int:pk>/end/", views.end_coaching, name="end_coaching"),
    path("coaching/<int:pk>/how/", views.say_how, name="say_how"),
    path("coaching/<int:pk>/gently/tell/", views.tell_gently, name="tell_gently"),
    path("coaching/<int:pk>/gently/take-back/", views.untell_gently, name="untell_gently"),
    path("coaching/<int:pk>/gently/yes/", views.agree_gently, name="agree_gently"),
    path("coaching/<int:pk>/gently/no/", views.revoke_gently, name="revoke_gently"),
    path("leave/", views.mark_leave, name="mark_leave"),
    path("leave/<int:pk>/forget/", views.forget_leave, name="forget_leave"),
]
