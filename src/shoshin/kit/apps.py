from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "shoshin.kit"
    default_auto_field = "django.db.models.BigAutoField"
