"""Limits and used codes hold only where every process counts in one place."""

from typing import Any

from django.conf import settings
from django.core.checks import Error

INSTEAD = "use the database's, as the settings bring it."


def cache_refusal(backend: str, processes: int) -> str:
    """Why this cache cannot guard the door of so many processes; nothing where it can. The one place of the rule."""
    name = backend.rpartition(".")[2]
    if name == "DummyCache":
        return f"The cache {name} forgets everything, so nobody would be slowed down at the door: {INSTEAD}"
    if processes > 1 and name == "LocMemCache":
        return (
            f"The cache {name} is not shared by the {processes} processes, so limits on sign-in would not hold and a "
            f"code would work twice: {INSTEAD}"
        )
    return ""


def check_shared_cache(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Django's check of the above, for as many processes as `shoshin serve` starts by default."""
    refusal = cache_refusal(str(settings.CACHES["default"]["BACKEND"]), processes=2)
    return [Error(refusal, id="kit.E001")] if refusal else []
