"""Open Packaging: parts and relationships written as one archive, the same bytes for the same parts.

python-pptx holds every part in memory and stamps the archive with the time of day; here a part may be made when it
is written, so that a deck of any length needs the memory of one slide.
"""

import posixpath
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pptx.opc.package import Part

from astrai_slides.base.progress import Advance, ignore

_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of every member: the archive must not change with the time of day."""

_PACKED_ALREADY = (".mp4", ".png", ".jpg", ".jpeg")

Content = bytes | Path | Callable[[], bytes]
"""A part's bytes, the file that holds them, or what makes them when they are written."""


@dataclass(slots=True)
class Relations:
    """Relationships of one source: (kind, target, whether it is outside the package) by id."""

    rows: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    def add(self, kind: str, target: str, *, external: bool = False) -> str:
        """Relate to `target` (a part's name, or an address if `external`) and return the relationship's id."""
        row = (kind, target, external)
        for known, other in self.rows.items():
            if other == row:
                return known
        number = len(self.rows) + 1
        while f"rId{number}" in self.rows:
            number += 1
        self.rows[f"rId{number}"] = row
        return f"rId{number}"

    def xml(self, source: str) -> bytes:
        """Return the relationships part of `source`."""
        folder = posixpath.dirname(source)
        rows = []
        for name, (kind, target, external) in self.rows.items():
            address = target if external else posixpath.relpath(target, folder)
            mode = ' TargetMode="External"' if external else ""
            rows.append(f'<Relationship Id="{name}" Type="{kind}" Target={quoteattr(address)}{mode}/>')
        return f'{_DECLARATION}<Relationships xmlns="{_RELATIONSHIPS}">{"".join(rows)}</Relationships>'.encode()


class Package:
    """An archive under construction. Part names begin with a slash."""

    def __init__(self) -> None:
        self.relations: dict[str, Relations] = {"/": Relations()}
        self._parts: dict[str, tuple[str, Content]] = {}

    def add(self, name: str, content_type: str, content: Content) -> Relations:
        """Add a part and return its relationships. Raises ValueError if there is one of that name."""
        if name in self._parts:
            raise ValueError(f"two parts are called {name}")
        self._parts[name] = (content_type, content)
        return self.relations.setdefault(name, Relations())

    def adopt(self, parts: Iterable[Part]) -> None:
        """Add parts that python-pptx made, under their names and with their relationships' ids."""
        for part in parts:
            relations = self.add(str(part.partname), part.content_type, part.blob)
            for name, rel in part.rels.items():
                target = rel.target_ref if rel.is_external else str(rel.target_part.partname)
                relations.rows[name] = (rel.reltype, target, rel.is_external)

    def write(self, target: Path, advance: Advance = ignore) -> dict[str, int]:
        """Write the archive and return each part's size in it, in bytes. `advance` is told of the parts written."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            _put(archive, "/[Content_Types].xml", self._content_types())
            _put(archive, "/_rels/.rels", self.relations["/"].xml("/"))
            for done, (name, (_, content)) in enumerate(self._parts.items()):
                advance(float(done), float(len(self._parts)))
                _put(archive, name, content)
                if self.relations[name].rows:
                    folder, base = posixpath.split(name)
                    _put(archive, posixpath.join(folder, "_rels", f"{base}.rels"), self.relations[name].xml(name))
            return {f"/{info.filename}": info.compress_size for info in archive.infolist()}

    def _content_types(self) -> bytes:
        defaults = {"rels": _RELATIONSHIPS_TYPE, "xml": "application/xml"}
        overrides = []
        for name, (content_type, _) in self._parts.items():
            suffix = posixpath.splitext(name)[1].removeprefix(".")
            if suffix != "xml" and defaults.setdefault(suffix, content_type) == content_type:
                continue
            overrides.append(f"<Override PartName={quoteattr(name)} ContentType={quoteattr(content_type)}/>")
        rows = [f'<Default Extension="{suffix}" ContentType="{kind}"/>' for suffix, kind in sorted(defaults.items())]
        return f'{_DECLARATION}<Types xmlns="{_TYPES}">{"".join(rows + overrides)}</Types>'.encode()


def _put(archive: zipfile.ZipFile, name: str, content: Content) -> None:
    info = zipfile.ZipInfo(name.removeprefix("/"), _EPOCH)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
    if isinstance(content, Path):
        content = content.read_bytes()
    elif callable(content):
        content = content()
    archive.writestr(info, content)
