"""Sign-in limits and used codes count across processes, or the check says so."""

import pytest
from django.conf import settings as conf
from django.core.cache import cache

from shoshin.kit.shared_cache import cache_refusal, check_shared_cache


@pytest.mark.parametrize(
    ("backend", "processes", "refused"),
    [
        ("django.core.cache.backends.locmem.LocMemCache", 2, True),
        ("django.core.cache.backends.locmem.LocMemCache", 1, False),
        ("django.core.cache.backends.dummy.DummyCache", 1, True),
        ("django.core.cache.backends.db.DatabaseCache", 8, False),
    ],
)
def test_a_cache_of_ones_own_is_refused_where_there_are_several_processes(backend, processes, refused):
    assert bool(cache_refusal(backend, processes)) is refused


def test_the_check_speaks_up_and_ours_is_quiet(settings):
    assert check_shared_cache(None) == []
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert "would work twice" in check_shared_cache(None)[0].msg


def test_a_flood_of_tries_does_not_wipe_what_was_counted(db):
    """Django's own default keeps 300 entries and drops a third beyond: a used code would be forgotten."""
    assert conf.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000
    cache.set("a-used-code", "y", 600)
    for number in range(400):
        cache.set(f"try-{number}", 1, 600)
    assert cache.get("a-used-code") == "y"
