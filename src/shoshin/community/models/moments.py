"""Comments on moments of a recording: the lines of a comment that begin with a time, and the rest of them."""

import re
from dataclasses import dataclass

STAMP = re.compile(r"(\d{1,2}):([0-5]\d)(?![\d:])[\s,.–-]*")


@dataclass(frozen=True)
class Moment:
    """One comment. `second` is where in the recording it belongs, in seconds from its beginning, or nowhere."""

    words: str
    second: int | None = None

    @property
    def time(self) -> str:
        """The place as a player shows it, in minutes and seconds."""
        return "" if self.second is None else f"{self.second // 60}:{self.second % 60:02}"


def moments_in(words: str) -> tuple[Moment, ...]:
    """The comments in these words, one a line, in order. A time elsewhere in a line is words like any others."""
    return tuple(_moment(line.strip()) for line in words.splitlines() if line.strip())


def _moment(line: str) -> Moment:
    found = STAMP.match(line)
    if found is None or found.end() == len(line):
        return Moment(line)
    return Moment(line[found.end() :], int(found[1]) * 60 + int(found[2]))
