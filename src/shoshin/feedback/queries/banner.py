"""What stands above every page while it waits: marked safety questions, and messages about them that did not go out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shoshin.feedback.models import Alert, Notice
from shoshin.feedback.queries.signals import open_alerts
from shoshin.kit import clock
from shoshin.kit.policy import Hat, policy

UNSENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class BannerLine:
    """One sentence with the place where it is dealt with."""

    words: str
    href: str


def banner(request: Any) -> dict[str, Any]:
    """For every page's frame; asked only where the frame is drawn."""
    return {"banner": SimpleLazyObject(lambda: _lines(request))}


def _lines(request: Any) -> list[BannerLine]:
    member = getattr(request, "member", None)
    if member is None:
        return []
    if not Alert.objects.filter(clinic_id=member.clinic_id, acknowledged_at=None).exists():
        return []
    lines, today = [], reverse("desk:today")
    at = clock.now()
    hat = Hat(member, policy()["feedback:acknowledge_alert"].relations, at)
    waiting = open_alerts(hat).count() if request.path != today else 0
    if waiting:
        words = ngettext(
            "%(n)s marked safety question waits for a person.",
            "%(n)s marked safety questions wait for a person.",
            waiting,
        )
        lines.append(BannerLine(words % {"n": waiting}, today))
    unsent = Notice.objects.filter(sent_at=None, made_at__lt=at - UNSENT_AFTER, alert__acknowledged_at=None)
    if unsent.filter(alert__clinic_id=member.clinic_id).exists():
        words = _("A message about a waiting item could not be sent. Look at Today yourself, and tell the operator.")
        lines.append(BannerLine(words, today))
    return lines
