"""Texts that were set once, by any project of this user, are not set again.

They lie in one file for each way in which a machine sets texts: its fonts, settings of Pango, and versions. Builds that
run at the same time may each write it; what one of them added may then be lost, and is set again.
"""

import marshal
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

from astrai_slides.base import cache, inputs
from astrai_slides.base.identity import fingerprint
from astrai_slides.base.installed_fonts import fonts_digest

FOLDER = cache.TEXTS
"""Below the folder of formulas, which all projects share too."""

MOST = 8 << 20
"""Bytes of texts that are kept, some thousands; of more, those that were used last."""

_LIMIT = 64 << 20
_SETTINGS = ("FONTCONFIG_", "PANGO", "LANG", "LC_", "FREETYPE_")
"""What names of variables begin with by which Pango chooses among fonts."""


class UserTexts:
    """What `Typesetter` made of texts, by what it names them."""

    def __init__(self, formulas: cache.Store) -> None:
        """`formulas` are this user's; where they are set anew, so are texts."""
        limit = min(_LIMIT, formulas.limit)
        self._store = cache.Store(formulas.folder / FOLDER, limit, forgetful=formulas.forgetful)

    @cached_property
    def known(self) -> dict[str, bytes]:
        """All that are kept, those that were used last at the end."""
        with inputs.unseen():  # it decides nothing of the recording
            path = self._store.get(self._key)
            try:
                return dict(marshal.loads(path.read_bytes())) if path is not None else {}
            except (OSError, ValueError, EOFError, TypeError):
                return {}  # removed meanwhile

    @cached_property
    def _key(self) -> str:
        settings = (f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(_SETTINGS))
        return cache.key("texts", fingerprint(), fonts_digest(), *settings)

    def keep(self, used: Mapping[str, bytes]) -> None:
        """Keep `used`, if there are new ones among them."""
        if used.keys() <= self.known.keys():
            return
        texts = [*((name, state) for name, state in self.known.items() if name not in used), *used.items()]
        size = sum(len(state) for _, state in texts)
        while size > MOST:
            size -= len(texts.pop(0)[1])
        with suppress(OSError), inputs.unseen():  # a cache that is full costs time, no more
            path = self._store.put_bytes(self._key, ".texts", marshal.dumps(texts))
            for other in path.parent.glob(f"{self._key}-*"):
                if other != path:
                    other.unlink(missing_ok=True)
            self._store.trim()
