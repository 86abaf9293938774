"""The forms of the demo clinic: what was asked for, what came back, its scores, and who read it."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from shoshin.desk.actions.demo_calendar import Visit, moment
from shoshin.desk.actions.demo_stories import Plan, Story
from shoshin.desk.actions.demo_words import words
from shoshin.measures import queries as measures
from shoshin.science.simulation import gad7_items, phq9_items

if TYPE_CHECKING:
    from shoshin.measures.models import MeasureVersion

SLIDERS = ("understood", "aims", "way", "overall")
LINK_OPEN, DEVICE_OPEN = timedelta(hours=24), timedelta(hours=4)
DECLINED, GAP, GUESSED = 0.15, 0.02, 0.06
GUESSES_A_WEEK = 2
# How the forms of those who come today stand, by their order; "none" was not answered.
TODAY = ("unread", "read", "none", "half", "unread")
# Whose safety question is marked today and waits: (therapist, place among the therapist's clients).
MARKED_TODAY = ((0, 3), (3, 0))


@dataclass
class Filed:
    """A form that came back, with what the signal rules read of it."""

    response: Any
    version: "MeasureVersion"
    value: float | None
    visit: Visit

    @property
    def measure_id(self) -> str:
        return self.version.measure_id

    @property
    def occasion(self) -> int:
        return int(self.response.occasion)

    @property
    def received_at(self) -> datetime:
        moment: datetime = self.response.received_at
        return moment


@dataclass
class Asked:
    """One measure asked around one appointment: when, and what came of it (None: nothing came)."""

    story: Story
    visit: Visit
    measure_id: str
    answers: dict[str, Any] | None
    sent_at: datetime
    received_at: datetime
    read_at: datetime | None
    still_open: bool = False


class FormMaker:
    """Makes the rows of every form of a clinic."""

    def __init__(self, plan: Plan, versions: "dict[str, MeasureVersion]") -> None:
        self.plan, self.chance, self.versions = plan, plan.chance, versions
        self.guesses: Counter[tuple[int, int]] = Counter()

    def fill(self, story: Story) -> None:
        """Every form of one course."""
        self.chance = story.chance
        for visit in story.dated.kept:
            self._before(story, visit)
            self._check(story, visit)
        if story.comes_today:
            self._today(story)

    def _before(self, story: Story, visit: Visit) -> None:
        """PHQ-9 and GAD-7 before an appointment: on a phone the day before, or here just before it."""
        starts = visit.starts_at
        sent = starts - (timedelta(minutes=20) if story.way != "link" else timedelta(hours=24))
        received = sent + timedelta(minutes=self.chance.between(4, 12 if story.way != "link" else 1300))
        if story.way == "paper":
            received = starts + timedelta(hours=2)
        for measure_id in ("phq-9", "gad-7"):
            answers = self.answers(story, visit, measure_id)
            self._file(Asked(story, visit, measure_id, answers, sent, received, starts - timedelta(minutes=4)))

    def _check(self, story: Story, visit: Visit) -> None:
        """The appointment check, in the last minutes of the appointment."""
        sent = visit.starts_at + timedelta(minutes=46)
        received = sent + timedelta(minutes=3)
        read: datetime | None = visit.starts_at + timedelta(hours=3)
        if visit.starts_at > self.plan.at - timedelta(days=3) and self.chance.happens(0.3):
            read = None
        answers = self.answers(story, visit, "shoshin-check")
        self._file(Asked(story, visit, "shoshin-check", answers, sent, received, read))

    def _today(self, story: Story) -> None:
        """The forms for today's appointment, sent yesterday: some read, some not, some not answered."""
        visit = story.dated.next_visit
        assert visit is not None
        stands = TODAY[story.place % len(TODAY)]
        evening = moment(self.plan.today - timedelta(days=1), time(17), self.plan.zone)
        received = evening + timedelta(minutes=self.chance.between(60, 300))
        marked = (story.therapist_place, story.place) in MARKED_TODAY
        for measure_id in ("phq-9", "gad-7"):
            answers = self.answers(story, visit, measure_id, marked=marked)
            if stands == "none" or (stands == "half" and measure_id == "gad-7"):
                answers = None
            read = received + timedelta(minutes=20) if stands == "read" else None
            self._file(Asked(story, visit, measure_id, answers, evening, received, read, still_open=True))

    def answers(self, story: Story, visit: Visit, measure_id: str, marked: bool = False) -> dict[str, Any] | None:
        """The simulated answers of one form, item by item; None where it stayed empty."""
        said = story.dated.answered(visit.number or 1)
        if measure_id == "shoshin-check":
            return None if said.alliance is None else self._check_answers(said.alliance)
        if measure_id == "gad-7":
            return None if said.gad7 is None else self._items(gad7_items(said.gad7, self.chance.rng), visit)
        if said.phq9 is None or said.item9 is None:
            return None
        item9 = max(said.item9, 1) if marked and 1 <= said.phq9 <= 25 else said.item9
        return self._items(phq9_items(said.phq9, item9, self.chance.rng), visit)

    def _items(self, values: tuple[int, ...], visit: Visit) -> dict[str, Any]:
        answers: dict[str, Any] = {str(place): value for place, value in enumerate(values, start=1)}
        if visit.state == "kept" and self.chance.happens(GAP):
            del answers[str(self.chance.between(1, 7))]
        return answers

    def _check_answers(self, sliders: tuple[int, int, int, int]) -> dict[str, Any]:
        answers: dict[str, Any] = dict(zip(SLIDERS, sliders, strict=True))
        low = min(sliders) < 7
        answers["amiss"] = self.chance.between(1, 2) if low and self.chance.happens(0.4) else 0
        if answers["amiss"] and self.chance.happens(0.6):
            answers["amiss-note"] = self.chance.pick(words()["off_notes"])
        return answers

    def _file(self, asked: Asked) -> None:
        """The assignment, and the response with what follows from it. Paper has no assignment."""
        assignment = None if asked.story.way == "paper" else self._assignment(asked)
        if asked.answers is None:
            return
        response = self._response(asked, assignment)
        value = self._scores(response, asked)
        asked.story.filed.append(Filed(response, self.versions[asked.measure_id], value, asked.visit))
        self._reading(response, asked)

    def _assignment(self, asked: Asked) -> Any:
        way = "device" if asked.measure_id == "shoshin-check" else asked.story.way
        expires = asked.visit.starts_at + LINK_OPEN if way == "link" else asked.sent_at + DEVICE_OPEN
        if asked.still_open:
            expires = asked.visit.starts_at + LINK_OPEN
        state, settled = "done", asked.received_at
        if asked.answers is None:
            declined = self.chance.happens(DECLINED)
            state, settled = ("declined", asked.received_at) if declined else ("expired", expires)
        is_waiting = asked.answers is None and asked.still_open
        return self.plan.rows.add(
            "feedback.Assignment",
            clinic=asked.story.therapist.clinic,
            client=asked.story.client,
            course=asked.story.course,
            appointment=asked.visit.row,
            version=self.versions[asked.measure_id],
            language=asked.story.client.language,
            way=way,
            state="open" if is_waiting else state,
            sent_at=asked.sent_at,
            sent_by=asked.story.therapist,
            expires_at=expires,
            settled_at=None if is_waiting else settled,
        )

    def _response(self, asked: Asked, assignment: Any) -> Any:
        version = self.versions[asked.measure_id]
        text = json.dumps([version.pk, asked.answers, {}], sort_keys=True, ensure_ascii=False)
        return self.plan.rows.add(
            "feedback.Response",
            clinic=asked.story.therapist.clinic,
            client=asked.story.client,
            course=asked.story.course,
            appointment=asked.visit.row,
            assignment=assignment,
            version=version,
            measure_id=asked.measure_id,
            answers=asked.answers,
            answered_on=asked.received_at.astimezone(self.plan.zone).date(),
            occasion=asked.visit.number,
            source=assignment.way if assignment else "paper",
            received_at=asked.received_at,
            reference=self.chance.name().upper(),
            key=self.chance.uuid(),
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )

    def _scores(self, response: Any, asked: Asked) -> float | None:
        version, primary = self.versions[asked.measure_id], None
        for score_id, score in measures.score_answers(version, asked.answers or {}).items():
            self.plan.rows.add(
                "feedback.ScoreRow",
                response=response,
                score_id=score_id,
                value=score.value,
                answered=score.answered,
                prorated=score.prorated,
            )
            if score_id == measures.facts(version).primary.id:
                primary = score.value
        return primary

    def _reading(self, response: Any, asked: Asked) -> None:
        """Who opened the answers, sometimes after a guess: a few times a week, and never the first time."""
        if asked.read_at is None or response.source == "paper":
            return
        read_at, therapist = max(asked.read_at, asked.received_at), asked.story.therapist
        self.plan.rows.add("feedback.Reading", response=response, read_by=therapist, read_at=read_at)
        week = (therapist.pk, read_at.toordinal() // 7)
        may_guess = asked.measure_id == "phq-9" and (asked.visit.number or 1) > 1
        if may_guess and self.guesses[week] < GUESSES_A_WEEK and self.chance.happens(GUESSED):
            self.guesses[week] += 1
            expected = self.chance.pick(("better", "same", "same", "worse"))
            self.plan.rows.add(
                "feedback.Guess",
                response=response,
                therapist=therapist,
                expected=expected,
                guessed_at=read_at,
            )
