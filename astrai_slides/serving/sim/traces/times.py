"""Points in time as traces write them, in seconds."""

import re
from datetime import UTC, datetime
from functools import lru_cache

_LONGEST_NUMBER = 40
_ZONE = re.compile(r"(?P<seconds>[0-9.]+) ?(?:[Zz]|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?)\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)
_MINUTE = len("2023-11-16 18:15:")
_MINUTE_FORM = re.compile(r"\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d:\Z", re.ASCII)
_SECONDS_FORM = re.compile(r"\d\d(\.\d{0,12})?\Z", re.ASCII)
EARLIEST, LATEST = 0.0, 1e11
"""Numbers outside are no seconds: a number in milliseconds or finer lies beyond."""


class Clock:
    """Reads the times of one trace, as whole seconds and fractions apart, so that no digit of a fraction is lost."""

    def seconds(self, text: str, origin: int) -> float:
        """Seconds from `origin` (Unix seconds) to `text`.

        `text` is ISO 8601 (date, space or T, time, any number of fractional digits, with or without a zone, UTC if
        without) or a number of seconds. Raises ValueError for anything else.
        """
        text = text.strip()
        if text[4:5] == "-" and len(text) > _MINUTE:
            minute = _minute(text[:_MINUTE])
            seconds = text[_MINUTE:]
            shift = 0
            if not _SECONDS_FORM.match(seconds):
                seconds, shift = _without_zone(seconds)
            value = float(seconds)
            if value >= 61:
                raise ValueError("a minute has at most 60 seconds")
            return minute - shift - origin + value
        return number(text) - origin

    def origin(self, text: str) -> int:
        """The whole second to count from in a trace whose first time is `text`."""
        return int(self.seconds(text, 0) // 1)


def number(text: str) -> float:
    """Seconds written as a plain number; raises ValueError for others, for not-a-number and for absurd ones."""
    if len(text) > _LONGEST_NUMBER or not _NUMBER.match(text):
        raise ValueError("neither a number of seconds nor a time like 2023-11-16 18:15:46.68")
    value = float(text)
    if not EARLIEST <= value <= LATEST:
        raise ValueError(f"seconds lie between {EARLIEST:g} and {LATEST:g}; milliseconds must be divided by 1000")
    return value


@lru_cache(maxsize=4096)
def _minute(text: str) -> int:
    """Unix seconds of "2023-11-16 18:15:"."""
    if not _MINUTE_FORM.match(text):
        raise ValueError("a time is written like 2023-11-16 18:15:46.68")
    return int(datetime.fromisoformat(text[:-1].upper()).replace(tzinfo=UTC).timestamp())


def _without_zone(text: str) -> tuple[str, int]:
    """The seconds in "46.68+01:00", and what the zone is ahead of UTC in seconds."""
    match = _ZONE.match(text)
    if not match or not _SECONDS_FORM.match(match["seconds"]):
        raise ValueError("a time is written like 2023-11-16 18:15:46.68 or 2023-11-16 18:15:46.68+00:00")
    ahead = int(match["hours"] or 0) * 3600 + int(match["minutes"] or 0) * 60
    if ahead > 24 * 3600:
        raise ValueError("a zone is at most a day from UTC")
    return match["seconds"], -ahead if match["sign"] == "-" else ahead
