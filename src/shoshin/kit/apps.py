from django.apps import AppConfig
from django.core.checks import register


class KitConfig(AppConfig):
    name = "shoshin.kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shoshin.kit.shared_cache import check_shared_cache

        register(check_shared_cache)
