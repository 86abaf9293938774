"""The web application, for any WSGI server. Each process also stands in for the worker while none is heard of."""

import os

from django.core.wsgi import get_wsgi_application

from shoshin.kit.boot_facts import refuse_at_import

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoshin.settings")
application = get_wsgi_application()
refuse_at_import()

from shoshin.kit import tasks  # noqa: E402  (the tables are ready only now)

tasks.stand_in()
