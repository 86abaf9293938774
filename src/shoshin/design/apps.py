from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "shoshin.design"
