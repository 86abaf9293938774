"""Opening new answers, with or without having said first what one expects."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shoshin.feedback.models import Guess, Reading, Response
from shoshin.feedback.models.responses import Expected
from shoshin.feedback.queries.trajectories import hidden_responses
from shoshin.kit.action import action


class CannotReadResponse(ValueError):
    """The answers stay as they are."""


@action("feedback.read_response")
def read_response(*, response: Response, expected: str = "", by: Any, at: datetime) -> Response:
    """Open a response. A guess is kept, private to the therapist; opening without one leaves no trace of that."""
    if expected and expected not in Expected.values:
        raise CannotReadResponse(_("Choose better, about the same or worse, or open the answers without a guess."))
    already = Reading.objects.filter(response=response).exists()
    if expected and not already:
        Guess.objects.create(response=response, therapist=by, expected=expected, guessed_at=at)
    if not already:
        Reading.objects.create(response=response, read_by=by, read_at=at)
    return response


@action("feedback.read_new_answers")
def read_new_answers(*, response: Response, expected: str, by: Any, at: datetime) -> None:
    """Open everything new of this client at once; the guess, if there is one, is about this response."""
    read_response(response=response, expected=expected, by=by, at=at)
    for other in hidden_responses([response.client]):
        read_response(response=other, by=by, at=at)
