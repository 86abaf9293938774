from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "shoshin.research"
    default_auto_field = "django.db.models.BigAutoField"
