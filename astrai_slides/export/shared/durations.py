"""How long each step of a talk takes: as planned, or by its motion and the words of its notes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.shared.duration_words import duration_words
from astrai_slides.export.shared.markdown import lines
from astrai_slides.export.shared.steps import part_of
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.talk.document import Document

WORDS_A_MINUTE = 130
"""How fast a speaker is taken to speak, to an audience that listens in a second language."""

CHINESE_A_MINUTE, JAPANESE_A_MINUTE = 145, 204
"""Characters that say what `WORDS_A_MINUTE` English words say.

The same texts are read aloud at 228 words a minute in English, 255 characters in Chinese and 357 in Japanese
(Trauzettel-Klosinski and Dietz, *Standardized Assessment of Reading Performance*, IOVS 53, 2012, table 2).
"""

_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d"
_UNSPACED = re.compile(f"[{_HAN}{_KANA}]")
_JAPANESE = re.compile(f"[{_KANA}]")


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds planned for a step, and for all up to its end. `estimated`: nobody gave them."""

    seconds: float
    total: float
    estimated: bool


def require_steps(names: Sequence[str], planned: Iterable[str]) -> None:
    """Raise AstraiSlidesError for what is planned and is neither a step, of which these are the `names`, nor a part."""
    parts = {name.partition("/")[0] for name in names}
    for each in planned:
        if each not in names and each not in parts:
            raise AstraiSlidesError(
                f"planned time for {each!r}: there is no such step; mend [planned] in the talk file. "
                f"The deck has: {', '.join(names)}"
            )


def plan(recording: Recording, planned: Mapping[str, float]) -> list[Duration]:
    """Return the time of each step. A loop counts one turn."""
    names = [step.name for step in recording.steps]
    require_steps(names, planned)
    seconds = {step.name: _estimate(step, recording.fps) for step in recording.steps}
    given = {name: float(planned[name]) for name in names if name in planned}
    for name, whole in planned.items():
        if name in given:
            continue
        members = [step.name for step in recording.steps if part_of(step) == name]
        # what is left of a part's time after steps with a time of their own
        open_steps = [member for member in members if member not in planned]
        left = max(0.0, whole - sum(given[member] for member in members if member in given))
        share = sum(seconds[member] for member in open_steps)
        for member in open_steps:
            given[member] = left * seconds[member] / share if share else left / len(open_steps)
    seconds |= given
    totals = accumulate(seconds[name] for name in names)
    return [Duration(seconds[name], total, name not in given) for name, total in zip(names, totals, strict=True)]


def _estimate(step: Step, fps: float) -> float:
    return max(step.length / fps / step.playback_rate, speaking_seconds(step.notes))


def speaking_seconds(notes: str) -> float:
    """How long it takes to say `notes` (Markdown): words where spaces part them, characters where none do."""
    text = "\n".join(line.text for line in lines(notes))
    characters, rest = len(_UNSPACED.findall(text)), _UNSPACED.sub(" ", text)
    return 60 * (len(_WORD.findall(rest)) / WORDS_A_MINUTE + characters / _characters_a_minute(text))


def _characters_a_minute(text: str) -> int:
    return JAPANESE_A_MINUTE if _JAPANESE.search(text) else CHINESE_A_MINUTE


def _characters(recording: Recording) -> list[int]:
    """At which paces the notes of `recording` are taken to be said that are counted by their characters."""
    return sorted({_characters_a_minute(step.notes) for step in recording.steps if _UNSPACED.search(step.notes)})


def clock(seconds: float) -> str:
    """`seconds` as minutes and seconds, 1:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def summary(recording: Recording, document: Document, durations: Sequence[Duration]) -> tuple[str, str]:
    """What stands below the sheet's title: whose talk it is, and how long."""
    about = " · ".join(part for part in (document.speaker, document.event, document.date) if part)
    words = duration_words(document.language)
    text = words.planned.format(len(durations), clock(durations[-1].total if durations else 0))
    if any(duration.estimated for duration in durations):
        all_are = all(duration.estimated for duration in durations)
        sentence = words.estimated if all_are else words.partly_estimated
        text += sentence.format(words.paces(WORDS_A_MINUTE, _characters(recording)))
    return about, text


def duration_line(step: Step, duration: Duration, language: str) -> str:
    """How long `step` takes and all up to its end, and what plays by itself."""
    words = duration_words(language)
    text = words.line.format(clock(duration.seconds), clock(duration.total))
    if step.loop:
        text += words.repeats
    if step.auto_next:
        text += words.goes_on
    return text
