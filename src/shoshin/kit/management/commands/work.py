"""Run tasks until told to stop: what `shoshin worker` calls."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shoshin.kit import clock, tasks


class Command(BaseCommand):
    help = "Run tasks as they fall due, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due now, and leave.")

    def handle(self, *args: Any, **told: Any) -> None:
        if told["once"]:
            tasks.discover()
            self.stdout.write(f"{tasks.run_due(clock.now())} tasks were taken up.")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Running tasks as they fall due. Stop with Ctrl+C.")
        tasks.work(stop)
