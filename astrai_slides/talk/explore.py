"""The table [explore] of a talk file: keys of the talk for which a deck is recorded with other values too."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from astrai_slides.base.knobs import MOST_VALUES, Knob, in_words
from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError, DeckError

NOT_EXPLORED = ("scene", "aspect", "explore", "html", "check", "planned", "print_theme")
"""Keys of a talk that make another deck or file, or nothing of what is seen."""
_LONG_FORM = {"values", "label"}


@dataclass(frozen=True, slots=True)
class TalkKnob:
    """A key of a talk as a knob; `written` has each of its values as a talk file has it."""

    knob: Knob
    written: tuple[Any, ...]

    @property
    def keys(self) -> list[str]:
        """The keys that lead to it."""
        return self.knob.name.split(".")


def talk_knobs(
    explore: Mapping[str, Any], data: Mapping[str, Any], known: Sequence[str], default: Callable[[list[str]], Any]
) -> tuple[TalkKnob, ...]:
    """The knobs that the table `explore` of a talk file asks for, which holds `data` and may have the keys `known`.

    `default` gives the value of a key that it has not. Raises AstraiSlidesError with key and remedy.
    """
    knobs: list[TalkKnob] = []
    count = 0
    for name, told in explore.items():
        knobs.append(_knob(name, told, data, known, default))
        count += len(knobs[-1].written)
        if count > MOST_VALUES:
            raise AstraiSlidesError(
                f"explore: has more than {MOST_VALUES:,} values; list those that somebody would turn to"
            )
    _refuse_to_lead_nowhere(knobs, data)
    return tuple(knobs)


def _refuse_to_lead_nowhere(knobs: Sequence[TalkKnob], data: Mapping[str, Any]) -> None:
    """Raise AstraiSlidesError where a knob leads into what another makes no table."""
    for outer in knobs:
        inside = [each for each in knobs if each is not outer and each.keys[: len(outer.keys)] == outer.keys]
        for inner in inside:
            for value in outer.written:
                with_values(data, [(outer.keys, value), (inner.keys, inner.written[0])])


def _knob(
    name: str, told: Any, data: Mapping[str, Any], known: Sequence[str], default: Callable[[list[str]], Any]
) -> TalkKnob:
    where = f'explore."{name}"'
    first, *_ = keys = name.split(".")
    if first not in known:
        raise AstraiSlidesError(f"{where}: there is no key {first!r} in a talk; {did_you_mean(first, list(known))}")
    if first in NOT_EXPLORED:
        raise AstraiSlidesError(f"{where}: {first} cannot be explored, as it makes no other picture of the same deck")
    label = ""
    if isinstance(told, dict) and "values" in told:
        unknown = set(told) - _LONG_FORM
        if unknown:
            raise AstraiSlidesError(f"{where}.{min(unknown)}: unknown key; known here: values, label")
        told, label = told["values"], told.get("label", "")
    if not isinstance(label, str):
        raise AstraiSlidesError(f"{where}.label: must be text, in quotes")
    names: list[Any]
    if isinstance(told, dict):
        names, written = list(told), list(told.values())
    elif isinstance(told, list):
        names = written = told
    else:
        raise AstraiSlidesError(f"{where}: must be a list of values, or a table with a name for each")
    now = _found(data, keys)
    if now is None:
        now = default(keys)
    inner = next((each for each in names if isinstance(now, dict) and isinstance(each, str) and each in now), None)
    if inner is not None:
        raise AstraiSlidesError(f'{where}: write a key that leads into a table in quotes, as "{name}.{inner}"')
    if len(written) < 2:
        raise AstraiSlidesError(f"{where}: has {len(written)} values; list two at least, one of them the talk's own")
    if now is None:
        raise AstraiSlidesError(f"{where}: the talk does not say it; write it into the talk, or mend the name")
    if now not in written:
        raise AstraiSlidesError(f"{where}: the talk has {now!r:.60}, which is none of the values; add it to them")
    try:
        knob = Knob.of(name, names[written.index(now)], names, label or in_words(keys[-1]))
    except DeckError as error:
        raise AstraiSlidesError(f"{where}: {error}") from None
    return TalkKnob(knob, tuple(written))


def _found(data: Mapping[str, Any], keys: Sequence[str]) -> Any:
    value: Any = data
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def with_values(data: Mapping[str, Any], values: Sequence[tuple[list[str], Any]]) -> dict[str, Any]:
    """`data` of a talk file with other values where `keys` lead; with it it shares what lies beside.

    Raises AstraiSlidesError where they lead into what is no table.
    """
    changed = dict(data)
    for keys, value in sorted(values, key=lambda each: len(each[0])):
        table = changed
        for depth, key in enumerate(keys[:-1], 1):
            inner = table.get(key, {})
            if not isinstance(inner, dict):
                outer = ".".join(keys[:depth])
                raise AstraiSlidesError(
                    f'explore."{".".join(keys)}": leads into {outer}, which explore."{outer}" makes {inner!r:.40}; '
                    "leave one of the two out"
                )
            table[key] = table = dict(inner)
        table[keys[-1]] = copy.deepcopy(value)
    return changed
