"""Look at pages of an installation without a server: run by the drill, in a process of its own, on a scratch copy.

Prints one line of JSON: the addresses looked at, where they led, and with which status.
"""

import json
import logging
import os
import time
from typing import Any


def main() -> None:
    """The sign-in page as a visitor; then the first page as somebody who has an account, where there is one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoshin.settings")
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    browser = Client(raise_request_exception=False, SERVER_NAME="localhost")
    pages = [_look(browser, settings.LOGIN_URL)]
    if connection.vendor == "postgresql":
        # To find somebody and sign them in, look into every clinic; the pages begin with a connection of their own.
        connection.cursor().execute("SELECT set_config('shoshin.clinic', '*', false)")
    person = get_user_model()._default_manager.filter(is_active=True).order_by("pk").first()
    if person is not None:
        browser.force_login(person)
        _prove_factor(browser, person)
        connection.close()
        pages.append(_look(browser, "/"))
    print(json.dumps(pages))


def _prove_factor(browser: Any, person: Any) -> None:
    """On this scratch copy nobody is asked for the second factor: what a sign-in leaves is written down by hand."""
    session, at = browser.session, time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": at},
        {"method": "mfa", "type": "totp", "at": at},
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def _look(browser: Any, name: str) -> dict[str, Any]:
    from django.shortcuts import resolve_url

    address = resolve_url(name)
    response = browser.get(address, follow=True, secure=True)
    led = getattr(response, "redirect_chain", None)
    return {"address": led[-1][0] if led else address, "status": response.status_code}


if __name__ == "__main__":
    main()
