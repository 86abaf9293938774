"""Opening new answers, with or without having said first what one expects."""

from datetime import datetime
from typing import Any

from shoshin.feedback.models import Guess, Reading, Response
from shoshin.feedback.models.responses import Expected
from shoshin.kit.action import action


class CannotReadResponse(ValueError):
    """The answers stay as they are."""


@action("feedback.read_response")
def read_response(*, response: Response, expected: str = "", by: Any, at: datetime) -> Response:
    """Open a response. A guess is kept, private to the therapist; opening without one leaves no trace of that."""
    if expected and expected not in Expected.values:
        raise CannotReadResponse(
            "Choose better, about the same or worse, or open the answers without a guess."
        )
    already = Reading.objects.filter(response=response).exists()
    if expected and not already:
        Guess.objects.create(response=response, therapist=by, expected=expected, guessed_at=at)
    if not already:
        Reading.objects.create(response=response, read_by=by, read_at=at)
    return response
