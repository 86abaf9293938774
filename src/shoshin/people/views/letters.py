"""The mail of an invitation: its link is kept nowhere, so it goes out where it is made, or the page says it did not.

It says nothing about anybody in care.
"""

import logging

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shoshin.kit import calls
from shoshin.people.models import Invitation


def sent_invitation(invitation: Invitation, link: str) -> bool:
    """Send the link where a mail server is set. Whether it was taken on for delivery."""
    if not calls.can_mail():
        return False
    text = render_to_string("people/invitation.txt", {"invitation": invitation, "link": link})
    try:
        calls.mail(invitation.email, _("An invitation to Shoshin"), text)
    except (OSError, calls.CannotCall) as problem:
        logging.getLogger("django.request").error("An invitation could not be mailed: %s", type(problem).__name__)
        return False
    return True
