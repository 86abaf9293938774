"""The client's form: which one a link or a browser opens, and what stands on it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from shoshin.feedback.models import Assignment, Draft
from shoshin.feedback.models.assignments import AssignmentState, Way
from shoshin.kit.row_security import enter
from shoshin.measures import queries as measures

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion
    from shoshin.measures.models.definitions import Measure
    from shoshin.measures.queries import Form, FormItem
    from shoshin.people.models import Clinic

OPEN_STATES = (AssignmentState.OPEN, AssignmentState.BEGUN)
# What filing answers needs, and no more. Facts are parsed once a process, so they are not fetched with each form.
NEEDED, SPARED = ("version", "clinic", "course", "appointment"), ("version__facts",)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
IDLE = timedelta(minutes=60)
SECONDS_A_QUESTION = 10
LONGEST_ROW = 21  # a slider with more steps than this is a number box where there is no JavaScript
LONGEST_TEXT = 2000
LONGEST_LEAD_IN = 160  # a longer one is repeated with its last sentence alone, which is the question
KEPT = 64  # sheets a process remembers


@dataclass(frozen=True)
class Question:
    """One item as it stands on the page. `look` is picks, slider, number or words."""

    item: "FormItem"
    number: int
    total: int
    look: str
    steps: tuple[str, ...] = ()
    risk_from: float | None = None
    progress: str = ""
    lead_in: str = ""

    @property
    def name(self) -> str:
        """The name of its input."""
        return f"q-{self.item.id}"

    @property
    def picks(self) -> tuple[tuple[str, str], ...]:
        """The answers of a choice as an input carries them, each with its words."""
        return tuple((f"{option.value:g}", option.text) for option in self.item.options)

    @property
    def ends(self) -> tuple[str, str]:
        """The lowest and the highest answer, written plainly."""
        return f"{self.item.low:g}", f"{self.item.high:g}"

    @property
    def marked_from(self) -> str:
        """From which answer on a safety question is marked; nothing for any other."""
        return "" if self.risk_from is None else f"{self.risk_from:g}"


@dataclass(frozen=True)
class Sheet:
    """A whole form as a page shows it: worded, or a skeleton in our own neutral labels."""

    form: "Form"
    questions: tuple[Question, ...]
    one_by_one: bool

    @property
    def asks_about_safety(self) -> bool:
        return any(question.risk_from is not None for question in self.questions)

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        return max(1, round(len(self.questions) * SECONDS_A_QUESTION / 60))


def fingerprint(secret: str) -> str:
    """What the database keeps of a link or a cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_open(assignment: Assignment, at: datetime) -> bool:
    """Whether the form may still be answered."""
    return assignment.state in OPEN_STATES and at < assignment.expires_at


def takes_answers(assignment: Assignment) -> bool:
    """Whether the browser that began may send: also a second copy from another tab, which is filed as such."""
    return assignment.state in (AssignmentState.BEGUN, AssignmentState.DONE)


def key_of(assignment: Assignment) -> UUID:
    """The key under which this beginning of the form is filed, the same for every retry and every tab."""
    return UUID(hex=fingerprint(f"response {assignment.form_hash}")[:32])


def label_of(assignment: Assignment) -> str:
    """What a page of this form carries, so that a page left open is not taken for the form begun after it."""
    return str(salted_hmac("feedback.form page", str(assignment.pk), algorithm="sha256").hexdigest()[:16])


def marks_safety(version: "MeasureVersion", answers: Mapping[str, Any]) -> bool:
    """Whether a safety question is marked in these answers."""
    return bool(measures.risk_items_marked(version, answers))


def sent_together(assignment: Assignment) -> QuerySet[Assignment]:
    """Everything that was asked in one go, in order."""
    return Assignment.objects.filter(
        client_id=assignment.client_id, sent_at=assignment.sent_at, way=assignment.way
    ).order_by("pk")


def next_together(assignment: Assignment, at: datetime) -> Assignment | None:
    """The next form of the same asking that is still open."""
    together = map(_in_one_clinic, _with_needed(sent_together(assignment)))
    return next((each for each in together if is_open(each, at)), None)


def linked_form(token: str, at: datetime) -> Assignment | None:
    """The open form behind a link; nothing, after the same work, for a link unknown, expired, used or revoked."""
    behind = Assignment.objects.filter(token_hash=fingerprint(token), way=Way.LINK)
    enter(behind)
    found = behind.first()
    return next_together(found or Assignment(client_id=0, sent_at=at, way=Way.LINK), at)


def begun_form(secret: str) -> Assignment | None:
    """The form this browser began, open or not."""
    if not secret:
        return None
    begun = Assignment.objects.filter(form_hash=fingerprint(secret))
    enter(begun)
    return next(map(_in_one_clinic, _with_needed(begun)), None)


def _with_needed(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return assignments.select_related(*NEEDED).defer(*SPARED)


def _in_one_clinic(assignment: Assignment) -> Assignment:
    """A form and its course are of the same clinic, which is fetched once."""
    assignment.course.clinic = assignment.clinic
    return assignment


def kept_draft(assignment: Assignment, at: datetime) -> Draft | None:
    """What this browser saved, unless it has been idle for an hour."""
    return Draft.objects.filter(assignment=assignment, saved_at__gt=at - IDLE).first()


def sheet_for(version: "MeasureVersion", language: str, clinic: "Clinic | None") -> Sheet:
    """The form of a measure in this language; where it has no wording, its skeleton."""
    form = measures.form_for(version, language, clinic) or measures.skeleton_for(version, language)
    return _sheet(version, form, language)


_bare: dict[tuple[str, str], Sheet] = {}


def bare_sheet(version: "MeasureVersion", language: str) -> Sheet:
    """The same questions without their wording, which reading answers does not need. Facts never change: made once."""
    key = (version.sha256, language)
    sheet = _bare.get(key)
    if sheet is None:
        if len(_bare) >= KEPT:
            _bare.clear()
        sheet = _bare[key] = _sheet(version, measures.skeleton_for(version, language), language)
    return sheet


def _sheet(version: "MeasureVersion", form: "Form", language: str) -> Sheet:
    facts = measures.facts(version)
    safety = facts.safety
    total = len(form.items)
    one_by_one = total > 2 and all(_look(item) == "picks" for item in form.items)
    with override(language):
        questions = tuple(
            Question(
                item=item,
                number=place,
                total=total,
                look=_look(item),
                steps=_steps(item),
                risk_from=safety.threshold if safety and item.id in safety.items else None,
                progress=_progress(place, total, one_by_one),
                lead_in=_lead_in(form.stem) if one_by_one and _shares_lead_in(facts, item.id) else "",
            )
            for place, item in enumerate(form.items, start=1)
        )
    return Sheet(form, questions, one_by_one)


def _shares_lead_in(facts: "Measure", item_id: str) -> bool:
    """Whether an item goes on from the lead-in: it is answered on the same scale as the first one."""
    return facts.item(item_id).scale == facts.items[0].scale


def _lead_in(stem: str) -> str:
    """What is repeated above each question: the lead-in, or of a long one its last sentence."""
    return stem if len(stem) <= LONGEST_LEAD_IN else SENTENCE_END.split(stem.strip())[-1]


def _look(item: "FormItem") -> str:
    """How an item is asked: a choice as buttons, a short scale as a slider, a long one as a number, words as words."""
    if item.kind == "text":
        return "words"
    if item.options:
        return "picks"
    return "slider" if _count(item) <= LONGEST_ROW else "number"


def _count(item: "FormItem") -> int:
    return int((item.high - item.low) / item.step) + 1


def _steps(item: "FormItem") -> tuple[str, ...]:
    if _look(item) != "slider":
        return ()
    return tuple(f"{item.low + place * item.step:g}" for place in range(_count(item)))


def _progress(number: int, total: int, with_time: bool) -> str:
    """How far, and about how long still."""
    if not with_time:
        return _("%(number)s of %(total)s") % {"number": number, "total": total}
    seconds = (total - number + 1) * SECONDS_A_QUESTION
    if seconds <= 30:
        left = _("almost done")
    elif seconds <= 90:
        left = _("about a minute left")
    else:
        minutes = round(seconds / 60)
        left = ngettext("about %d minute left", "about %d minutes left", minutes) % minutes
    return _("%(number)s of %(total)s · %(left)s") % {"number": number, "total": total, "left": left}
