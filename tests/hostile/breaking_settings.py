"""The product's settings, with faults on demand and, beside its own log, one that writes as Django would."""

import os

from shoshin.settings import *  # noqa: F403
from shoshin.settings import LOGGING, MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "tests.hostile.breaks.Breaks"]
LOGGING = LOGGING | {"handlers": dict(LOGGING["handlers"]), "loggers": dict(LOGGING["loggers"])}
LOGGING["handlers"]["careless"] = {"class": "logging.FileHandler", "filename": os.environ["CARELESS_LOG"]}
LOGGING["loggers"]["django.request"] = {
    **LOGGING["loggers"]["django.request"],
    "handlers": ["careless", *LOGGING["loggers"]["django.request"]["handlers"]],
}
