"""Addresses of the measures pages."""

from django.urls import path

from shoshin.measures.views import catalogue, imports, licences

app_name = "measures"
urlpatterns = [
    path("", catalogue.list_measures, name="list_measures"),
    path("import/", imports.import_measure, name="import_measure"),
    path("<str:measure_id>/", catalogue.measure, name="measure"),
    path("<str:measure_id>/fhir/", catalogue.export_measure, name="export_measure"),
    path("<str:measure_id>/licence/", licences.confirm_licence, name="confirm_licence"),
]
