"""Print the inventory of data."""

from typing import Any

from django.core.management.base import BaseCommand

from shoshin.kit.inventory import inventory


class Command(BaseCommand):
    help = "Print what is kept, why, how private it is and for how long."

    def handle(self, *args: Any, **told: Any) -> None:
        self.stdout.write(inventory(), ending="")
