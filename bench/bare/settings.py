"""The database of the product, and as little else as Django runs with."""

from shoshin.settings import DATABASES, DEFAULT_AUTO_FIELD, USE_TZ

__all__ = ["DATABASES", "DEFAULT_AUTO_FIELD", "USE_TZ"]

SECRET_KEY = "a yardstick keeps no secrets"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["bare"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bare.urls"
