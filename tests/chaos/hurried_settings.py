"""The product's settings with SQLite in the hurry many recipes recommend: a commit that is not synced. Tests only."""

import re

from shoshin.settings import *  # noqa: F403
from shoshin.settings import DATABASES

_options = DATABASES["default"]["OPTIONS"]
_options["init_command"] = re.sub(r"synchronous=\w+", "synchronous=NORMAL", _options["init_command"])
assert "synchronous=NORMAL" in _options["init_command"]
