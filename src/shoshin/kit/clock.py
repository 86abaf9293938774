"""The only place where the product reads the time. Views and commands call it; everything else takes `at`."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()
