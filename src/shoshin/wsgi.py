"""The web application, for any WSGI server. Each process also stands in for the worker while none is heard of."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from shoshin.kit.boot_facts import refuse_at_import

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoshin.settings")
application = get_wsgi_application()
refuse_at_import()

from django.urls import get_resolver  # noqa: E402  (the tables are ready only now)

from shoshin.kit import tasks  # noqa: E402

get_resolver().url_patterns  # noqa: B018  every page is loaded before the first is asked for, not while somebody waits
gc.freeze()  # all of it stays, so that the collector never walks through it while a request holds the database
tasks.stand_in()
