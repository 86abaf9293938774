"""Coming in as somebody, for tests that are not about the door.

What a sign-in leaves in the session is written there by hand: the password, and a code of the app, both of this minute.
The door itself is met by tests/people and tests/journeys, with real codes and a real (virtual) passkey.
"""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def come_in(browser, person, *, ago: int = 0, factor: bool = True):
    """This browser is signed in as this person, who showed who they are so many seconds ago."""
    browser.force_login(person)
    session = browser.session
    proofs = [{"method": "password", "at": time.time() - ago, "reauthenticated": True}]
    if factor:
        proofs.append({"method": "mfa", "type": "totp", "at": time.time() - ago, "reauthenticated": True})
    session["account_authentication_methods"] = proofs
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return browser


def give_app(person) -> None:
    """This person has an authenticator app whose secret the tests know."""
    Authenticator.objects.create(user=person, type="totp", data={"secret": encrypt(SECRET)})


PERIOD = 30  # seconds for which an app shows a code
TO_TYPE = 4  # seconds that must be left of it, or it is over before it arrives; in a browser that is typed in, more


def code_of_app(periods: int = 0, secret: str = SECRET, *, to_type: int = TO_TYPE) -> str:
    """What the app shows now, or so many half minutes later; where it is about to change, one waits for the next."""
    left = PERIOD - time.time() % PERIOD
    if left < to_type:
        time.sleep(left)
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // PERIOD + periods))
