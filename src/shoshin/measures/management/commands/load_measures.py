"""Store the measure files that come with the product, and our own wording."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shoshin.kit.action import OPERATOR
from shoshin.kit.clock import now
from shoshin.measures.actions import CannotLoadMeasures, load_measures, load_wording


class Command(BaseCommand):
    """`manage.py load_measures`: safe to run again and again."""

    help = "Store the measure files that come with the product, and our own wording."

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        try:
            report = load_measures(by=OPERATOR, at=at)
        except CannotLoadMeasures as refusal:
            raise CommandError(f"Nothing was stored.\n{refusal}") from None
        load_wording(folder=None, clinic=None, by=OPERATOR, at=at)
        self.stdout.write(f"Measures: {len(report.added)} added, {len(report.unchanged)} unchanged.")
