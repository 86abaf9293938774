"""Addresses of feedback, one line a route. `/f/` is the client's form, `/p/` the client's own page."""

from django.urls import path

from shoshin.feedback.views import client_form, client_page, history, members, paper, sending, therapist

app_name = "feedback"
urlpatterns = [
    path("clients/<str:ref>/send/", sending.send_measure, name="send_measure"),
    path("clients/<str:ref>/answer-here/", sending.answer_here, name="answer_here"),
    path("clients/<str:ref>/paper/<str:measure_id>/", paper.enter_paper, name="enter_paper"),
    path("responses/<str:reference>/correct/", paper.correct_response, name="correct_response"),
    path("responses/<str:reference>/", therapist.response, name="response"),
    path("responses/<str:reference>/read/", therapist.read_response, name="read_response"),
    path("signals/<int:pk>/", therapist.answer_signal, name="answer_signal"),
    path("alerts/<int:pk>/", therapist.acknowledge_alert, name="acknowledge_alert"),
    path("alerts/<int:pk>/close/", therapist.close_alert, name="close_alert"),
    path("clients/<slug:ref>/changes/new/", therapist.record_change, name="record_change"),
    path("clients/<slug:ref>/schedule/", therapist.schedule_measures, name="schedule_measures"),
    path("clients/<slug:ref>/courses/end/", therapist.end_course, name="end_course"),
    path("clinic/people/<int:pk>/end/", members.end_membership, name="end_membership"),
    path("clinic/people/<int:pk>/clients/", members.hand_over_clients, name="hand_over_clients"),
    path("import/", history.import_outcomes, name="import_outcomes"),
    path("import/<int:pk>/", history.imported, name="imported"),
    path("import/<int:pk>/take-back/", history.take_back_import, name="take_back_import"),
    path("f/now/", client_form.form, name="form"),
    path("f/now/draft/", client_form.save_draft, name="save_draft"),
    path("f/now/decline/", client_form.decline_form, name="decline_form"),
    path("f/received/", client_form.form_received, name="form_received"),
    path("f/<str:token>/", client_form.start_form, name="start_form"),
    path("p/now/", client_page.client_page, name="client_page"),
    path("p/close/", client_page.leave_client_page, name="leave_client_page"),
    path("p/<str:token>/", client_page.open_client_page, name="open_client_page"),
]
