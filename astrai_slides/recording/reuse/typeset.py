"""While a scene is recorded: a text that was set before, with the same words and settings, is not set again.

manim has Pango draw each text to a file, and reads its outlines back with a general SVG parser: 10 to 80 ms a text,
and a deck sets the same ones over and over, within a build, from build to build, and in all projects.
"""

import io
import pickle
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import svgelements
from manim import Mobject, SVGMobject, VGroup, VMobject, config
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

from astrai_slides.base.identity import ById
from astrai_slides.recording.reuse.kinds import only_adds
from astrai_slides.recording.reuse.user_texts import UserTexts
from astrai_slides.seam.classes import has_own_defaults
from astrai_slides.seam.fonts import registered_files
from astrai_slides.seam.glyphs import GlyphGroups
from astrai_slides.seam.later_paths import PathLater
from astrai_slides.seam.texts import Init, making_texts, text_inits

_MADE_OF = (Mobject, VMobject, VGroup, SVGMobject, VMobjectFromSVGPath)
"""Classes that a text is made of besides its own, whose defaults a deck may change."""

_NO_PATHS = frozenset({type(None), bool, int, float, str, bytes, list, tuple, dict, np.ndarray})
"""Most of what a text is made of: whether an object is a path takes long to ask, as those are sequences."""

_LEVEL = 1
"""zlib's fastest: outlines shrink to a third."""


class Typesetter:
    """Texts that were set, by what they were set from."""

    def __init__(self, known: Mapping[str, bytes] | None = None, others: UserTexts | None = None) -> None:
        """`known` are the `used` of an earlier recording on this machine, with the same versions of all packages.

        `others` are looked at for a text that is not among them.
        """
        self._known = dict(known or {})
        self._others = others
        self.used: dict[str, bytes] = {}

    def learn(self, known: Mapping[str, bytes]) -> None:
        """Use what another recording set as well."""
        self._known |= known

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep and use texts inside the block."""
        with making_texts({kind: self._setting(kind, init) for kind, init in text_inits().items()}):
            yield

    def _setting(self, kind: Any, init: Init) -> Init:
        def set_once(text: Any, /, *args: Any, **kwargs: Any) -> None:
            key = _key(kind, text, args, kwargs)
            state = self._known.get(key) if key else None
            if state is None and key and self._others is not None:
                state = self._others.known.get(key)
            if state is None:
                init(text, *args, **kwargs)
                text.id_to_vgroup_dict = GlyphGroups.of(text.id_to_vgroup_dict)
                state = _dumped(text) if key else None
            else:
                vars(text).update(_Unpickler(text, _Original(init, kind, args, kwargs), state).load())
            if key and state:
                self._known[key] = self.used[key] = state

        return set_once


def _key(kind: Any, text: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """Name all that decides how a text comes out; None where that cannot be told."""
    made: Any = type(text)
    if vars(text) or "__setattr__" in {name for each in made.__mro__[:-1] for name in vars(each)}:
        return None
    if not only_adds(made, kind) or not all(map(has_own_defaults, _MADE_OF)):
        return None
    try:
        seen = [(path, Path(path).stat().st_mtime_ns) for path in sorted(registered_files())]
    except OSError:
        return None
    surroundings = (str(config.renderer), config.pixel_width, config.pixel_height, seen)
    asked = (args, sorted(kwargs.items()))
    # by its words, as equal values may be pickled otherwise; what prints an address is never found again
    return repr((kind.__name__, surroundings, asked))


def _dumped(text: Any) -> bytes | None:
    """The state of `text`, compressed; None if it holds something of the deck's own that cannot be written."""
    buffer = io.BytesIO()
    try:
        _Pickler(text, buffer).dump(vars(text))
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    return zlib.compress(buffer.getvalue(), _LEVEL)


class _Original:
    """A text as it was asked for; set again only if someone asks for the paths that its glyphs were read from."""

    def __init__(self, init: Init, kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._init, self._kind, self._args, self._kwargs = init, kind, args, kwargs
        self._paths: list[svgelements.Path] | None = None

    def path(self, number: int) -> svgelements.Path:
        if self._paths is None:
            text = self._kind.__new__(self._kind)
            self._init(text, *self._args, **self._kwargs)
            pickler = _Pickler(text, io.BytesIO())
            pickler.dump(vars(text))
            self._paths = pickler.paths
        return self._paths[number]


class _Pickler(pickle.Pickler):
    """Leaves out the text itself, and the parsed paths that its glyphs keep, which take longer than all the rest."""

    def __init__(self, text: Any, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._text = text
        self._numbers: ById[svgelements.Path, int] = ById()

    @property
    def paths(self) -> list[svgelements.Path]:
        """The paths that were left out, by their numbers."""
        return list(self._numbers)

    def persistent_id(self, value: Any) -> int | None:
        if type(value) in _NO_PATHS:
            return None
        if value is self._text:
            return -1
        if isinstance(value, svgelements.Path):
            return self._numbers.setdefault(value, len(self._numbers))
        return None


class _Unpickler(pickle.Unpickler):
    def __init__(self, text: Any, original: _Original, state: bytes) -> None:
        super().__init__(io.BytesIO(zlib.decompress(state)))
        self._text, self._original = text, original

    def persistent_load(self, number: int) -> Any:
        return self._text if number == -1 else PathLater(lambda: self._original.path(number))
