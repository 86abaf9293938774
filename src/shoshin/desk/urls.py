"""Pages that join several apps."""

from django.urls import path

from shoshin.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("my-data/", views.my_data, name="my_data"),
    path("my-data/archive/", views.export_own, name="export_own"),
    path("clients/<slug:ref>/", views.client, name="client"),
    path(
        "clients/<slug:ref>/courses/<int:pk>/lines/<slug:measure>/<slug:fit>.svg",
        views.line_picture,
        name="line_picture",
    ),
    path("clients/<slug:ref>/in-emergency/", views.look_in_emergency, name="look_in_emergency"),
    path("appointments/<int:pk>/before/", views.glance, name="glance"),
    path("appointments/<int:pk>/sheet/", views.summary_sheet, name="summary_sheet"),
    path("clients/<slug:ref>/together/", views.show_client_page, name="show_client_page"),
    path("clients/<slug:ref>/export/", views.export_client, name="export_client"),
    path("clients/<slug:ref>/delete/", views.delete_client, name="delete_client"),
]
