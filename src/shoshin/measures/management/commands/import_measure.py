"""Bring in a form from a file at the terminal: look first, then store it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shoshin.kit.clock import now
from shoshin.measures import queries
from shoshin.measures.actions import CannotAddWording, CannotImportMeasure, import_measure
from shoshin.measures.queries.json_files import figure_written
from shoshin.people.queries import owner_by_email

STATEMENT = "Said at the terminal: I have read the terms of this form, and they allow how we use it."


class Command(BaseCommand):
    """`shoshin measures import FILE`: the same reading and storing as the page."""

    help = "Bring in a FHIR Questionnaire, a REDCap dictionary or a ReproSchema folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--owner", required=True)
        parser.add_argument("--higher", choices=["worse", "better"])
        parser.add_argument("--risk", action="append", default=[])
        parser.add_argument("--no-risk", action="store_true")
        parser.add_argument("--weights", action="append", default=[])
        parser.add_argument("--terms-allow", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = owner_by_email(options["owner"])
        if owner is None:
            raise CommandError(f"No clinic's owner has the address {options['owner']}. Nothing was changed.")
        path: Path = options["path"]
        proposal = _proposal(path, _choices(options))
        self._describe(proposal)
        questions = _open_questions(proposal)
        if proposal.problems or questions:
            say = ["What to type:", *questions] if questions else []
            raise CommandError("\n".join(["Nothing was stored.", *map(str, proposal.problems), *say]))
        if not options["terms_allow"]:
            raise CommandError("Nothing was stored. If its terms allow your use, add --terms-allow.")
        try:
            version = import_measure(proposal=proposal, statement=STATEMENT, clinic=owner.clinic, by=owner, at=now())
        except (CannotImportMeasure, CannotAddWording) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Stored as {version.measure_id}, version {version.version}.")

    def _describe(self, proposal: queries.Proposal) -> None:
        if proposal.measure is not None:
            measure = proposal.measure
            self.stdout.write(f"{measure.title.get('en', measure.id)}: {len(measure.items)} items.")
        for note in proposal.notes:
            self.stdout.write(f"Note: {note}")


def _proposal(path: Path, choices: queries.Choices) -> queries.Proposal:
    if path.is_dir():
        return queries.folder_proposal(path, choices)
    return queries.proposal_from(path.name, path.read_bytes(), choices)


def _choices(options: dict[str, Any]) -> queries.Choices:
    said_risk = options["risk"] or options["no_risk"]
    return queries.Choices(
        weights=dict(_weights(text) for text in options["weights"]),
        higher_is_worse={"worse": True, "better": False}.get(options["higher"]),
        risk_items=tuple(options["risk"]) if said_risk else None,
    )


def _weights(text: str) -> tuple[str, tuple[float, ...]]:
    key, _, numbers = text.partition("=")
    weights = [figure_written(number) for number in numbers.split(",")]
    if None in weights:
        raise CommandError(f"--weights {text}: write KEY=0,1,2,3 with one number for each answer.")
    return key, tuple(weight for weight in weights if weight is not None)


def _open_questions(proposal: queries.Proposal) -> list[str]:
    """What only a person can say, each with the words to type."""
    asked = [
        f"  --weights {question.key}=…   one number each for: {', '.join(question.answers)}"
        for question in proposal.weight_questions
    ]
    if proposal.asks_direction:
        asked.append("  --higher worse   or   --higher better")
    if proposal.asks_risk:
        draft = proposal.draft
        ids = ", ".join(item.id for item in draft.items if item.kind != "text") if draft else ""
        asked.append(f"  --risk ITEM for each question about safety, or --no-risk   (items: {ids})")
    return asked
