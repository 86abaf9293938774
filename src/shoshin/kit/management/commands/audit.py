"""Read the audit trail from its first row to its last, or keep its end outside the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shoshin.kit import chain, clock

SHOWN = 20


class Command(BaseCommand):
    help = "Verify the audit trail, or anchor it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify", "anchor"])

    def handle(self, *args: Any, **told: Any) -> None:
        if told["what"] == "anchor":
            moved = chain.anchor(chain.anchors_file(), clock.now())
            self.stdout.write(f"{moved} chains have moved since the last anchor; {chain.anchors_file()} says where.")
            return
        verdict = chain.verify(chain.anchors_file())
        read = f"{verdict.rows} rows in {verdict.chains} chains were read, beside {verdict.anchors} anchors."
        if verdict.whole:
            self.stdout.write(f"The audit trail is whole. {read}")
            return
        for problem in verdict.problems[:SHOWN]:
            self.stderr.write(f"clinic {problem.clinic_id}, row {problem.seq}: {problem.what}")
        more = len(verdict.problems) - SHOWN
        if more > 0:
            self.stderr.write(f"and {more} more.")
        raise CommandError(
            f"The audit trail does not hold in {len(verdict.problems)} places. {read} "
            "Nothing was changed. Keep this database and its backups as they are, and compare them."
        )
