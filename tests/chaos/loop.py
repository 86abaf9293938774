"""The loop: clients send, and after a random moment the whole server is killed and started again."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.oracle import problems, rows_of
from tests.chaos.phones import Answered, Crowd, made_up
from tests.chaos.rig import Clinic

SHORTEST, LONGEST = 0.15, 0.75  # seconds a server lives once it answers
Blow = Callable[[Clinic], None]


@dataclass
class Told:
    """What a run found, with its denominators."""

    forms: list[Answered]
    blows: int
    crowd: Crowd
    took: float
    wrong: list[str]

    def __str__(self) -> str:
        received, crowd = sum(1 for form in self.forms if form.reference), self.crowd
        return (
            f"{received} received of {len(self.forms)}, {crowd.again} sent once more, {self.blows} blows, "
            f"{crowd.retries} retries after {crowd.cut} cut requests, {len(self.wrong)} wrong, {self.took:.0f} s; "
            f"answers {crowd.statuses}"
        )


def kill_everything(clinic: Clinic) -> None:
    """SIGKILL to the web server, and start it again."""
    clinic.kill()
    clinic.start()
    clinic.wait_until_up()


def run(clinic: Clinic, blows: int, *, seed: int = 1, blow: Blow = kill_everything, application: str = "") -> Told:
    """Send every form while so many blows fall. Then judge the rows."""
    dice = random.Random(seed)
    forms = [made_up(pk, token, dice) for pk, token in clinic.forms]
    fallen = 0

    def share_so_far() -> int:
        return len(forms) * (fallen + 1) // max(1, blows)

    crowd = Crowd(clinic.port, forms, share_so_far)
    clinic.start(application)
    clinic.wait_until_up()
    began = time.monotonic()
    crowd.begin()
    try:
        while fallen < blows or not crowd.all_received:
            crowd.check_hope()
            time.sleep(dice.uniform(SHORTEST, LONGEST))
            if fallen < blows:
                blow(clinic)
                fallen += 1
    finally:
        crowd.end()
        took = time.monotonic() - began
        clinic.signal(signal.SIGTERM)
    wrong = problems(rows_of(clinic.home, clinic.database), forms)
    wrong += [f"reference: {each}" for each in crowd.other_references]
    wrong += clinic.broken_links()
    wrong += [f"strange: {each}" for each in crowd.strange]
    return Told(forms, fallen, crowd, took, wrong)
