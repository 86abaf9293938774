"""Store the packs of exercises that come with the product."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shoshin.kit.action import OPERATOR
from shoshin.kit.clock import now
from shoshin.practice.actions import CannotInstallPack, load_packs
from shoshin.practice.models.packs import CannotReadPack


class Command(BaseCommand):
    """`manage.py load_packs`: safe to run again and again."""

    help = "Store the packs of exercises that come with the product."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_packs(by=OPERATOR, at=now())
        except (CannotReadPack, CannotInstallPack) as refusal:
            raise CommandError(f"Nothing was stored.\n{refusal}") from None
        self.stdout.write(f"Packs: {len(report.added)} added, {len(report.unchanged)} unchanged.")
