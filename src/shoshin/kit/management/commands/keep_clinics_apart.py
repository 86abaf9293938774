"""Raising the database's walls between clinics, as the role that owns the tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from shoshin.kit import row_security


class Command(BaseCommand):
    """Part of `shoshin setup`. On SQLite it does nothing."""

    help = "Let PostgreSQL itself keep clinics apart, and say so where it cannot for our role."

    def handle(self, **told: Any) -> None:
        apart = "owner" in settings.DATABASES
        role = settings.DATABASES["default"]["USER"] if apart else None
        row_security.raise_walls("owner" if apart else "default", role)
        if not row_security.is_walled_off():
            self.stderr.write(
                "The database role of SHOSHIN_DATABASE may read everything, so the database itself keeps no clinics "
                "apart. Give Shoshin a role of its own; docs/for_clinics.md says how."
            )
