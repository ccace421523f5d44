"""What is said of a talk's times on its sheets, in the language of the talk where it is one of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DurationWords:
    """Sentences with places for what is counted: `planned` takes steps and time, `estimated` the paces of notes."""

    planned: str
    estimated: str
    partly_estimated: str
    words: str
    characters: str
    either: str
    """Between two paces."""
    line: str
    """Takes the time of a step and that of all up to its end."""
    repeats: str
    goes_on: str

    def paces(self, words: int, characters: Sequence[int]) -> str:
        """How many words, or characters where spaces do not part them, are said in a minute."""
        each = [self.words.format(words), *(self.characters.format(pace) for pace in characters)]
        return self.either.join(each)


_ENGLISH = DurationWords(
    planned="{} steps, {} planned",
    estimated=" (estimated: a step's motion, or its notes at {} a minute)",
    partly_estimated=" (in part estimated: a step's motion, or its notes at {} a minute)",
    words="{} words",
    characters="{} characters",
    either=" or ",
    line="{}, total {}",
    repeats=", repeats until next",
    goes_on=", goes on by itself",
)

_CHINESE = DurationWords(
    planned="共 {} 步，计划 {}",
    estimated="（估计：一步的动画时长，或按每分钟{}念讲稿）",
    partly_estimated="（部分为估计：一步的动画时长，或按每分钟{}念讲稿）",
    words=" {} 个英文单词",
    characters=" {} 个字",
    either="或",
    line="{}，累计 {}",
    repeats="，循环播放到下一步",
    goes_on="，自动继续",
)

_LANGUAGES: Mapping[str, DurationWords] = {"en": _ENGLISH, "zh": _CHINESE}


def duration_words(language: str) -> DurationWords:
    """Those of a BCP 47 tag; English for a language that there are none of."""
    return _LANGUAGES.get(language.partition("-")[0].lower(), _ENGLISH)
