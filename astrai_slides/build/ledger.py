"""What earlier builds read and wrote: small JSON files in the cache, by which a build knows what it need not do again.

Each says by a SHA-256 that it is what was written, under this key. One that is damaged, another's, or of another shape
than is asked for, counts as none.
"""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from astrai_slides.base import atomic, cache
from astrai_slides.errors import AstraiSlidesError

FOLDER = cache.BUILDS
"""Below the cache's folder; `cache.Store.clear` removes it with the rest."""

_ENTRY = re.compile(r"[0-9a-f]{64}\.json")
_CONTENT = re.compile(rb'\{"sha256":"([0-9a-f]{64})","entry":(.*)\}', re.DOTALL)
_KEPT_SECONDS = 90 * 24 * 3600.0


class Ledger:
    """Entries by key, each a JSON object."""

    def __init__(self, folder: Path | None = None) -> None:
        self._cache = cache.default_folder() if folder is None else folder
        self._folder = self._cache / FOLDER

    def read(self, key: str) -> dict[str, Any]:
        """Return the entry under `key`, empty without one."""
        file = self._folder / f"{key}.json"
        try:
            found = _CONTENT.fullmatch(file.read_bytes()) if file.is_file() else None
            if found is None or _told(key, found[2]) != found[1]:
                return {}
            content = json.loads(found[2])
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def write(self, key: str, content: Mapping[str, Any]) -> None:
        """Keep `content` under `key`. A disk that is full or write-protected costs speed, nothing else."""
        entry = json.dumps(content, separators=(",", ":")).encode()
        try:
            cache.mark(self._cache)
            whole = b'{"sha256":"%s","entry":%s}' % (_told(key, entry), entry)
            atomic.write_bytes(self._folder / f"{key}.json", whole)
        except (OSError, AstraiSlidesError):
            return

    def trim(self) -> None:
        """Remove entries that were not written for a long time, and drafts that a killed process left."""
        for path in self._folder.glob("*"):
            try:
                old = time.time() - path.stat().st_mtime > _KEPT_SECONDS
                if old and _ENTRY.fullmatch(path.name):
                    path.unlink(missing_ok=True)
            except OSError:
                continue  # removed meanwhile, or not ours to remove
        atomic.sweep(self._folder)


def _told(key: str, entry: bytes) -> bytes:
    """What tells an entry under `key` from any other, and under any other."""
    return hashlib.sha256(key.encode() + b"\n" + entry).hexdigest().encode()


def texts(value: object) -> dict[str, str] | None:
    """Return `value` if it is an object of texts by text, as inputs are."""
    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return value
    return None
