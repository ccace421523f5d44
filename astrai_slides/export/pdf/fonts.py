"""Fonts of a PDF: Inter for what is read, and a font without ink for what is only searched."""

import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import fontpkg_inter
import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from astrai_slides.export.pdf.no_ink import ADVANCE, EM, NAME

_UPRIGHT, _ITALIC = "Inter[opsz,wght].ttf", "Inter-Italic[opsz,wght].ttf"
_REGULAR, _BOLD = 400, 700
_TEXT_SIZE = 14
"""Inter's optical size for running text."""

_TABLES = ["GSUB", "GPOS", "GDEF", "STAT", "MVAR", "gasp"]
_SYMBOLIC, _NONSYMBOLIC, _SLANTED = 4, 32, 64
_CODES = 0x10000
_BLOCK = 100
"""Rows that a character map may have between begin and end."""


class Face:
    """One style of Inter, with the characters in `text` only."""

    def __init__(self, text: Iterable[str], *, bold: bool, italic: bool) -> None:
        # here, as loading these takes as long as writing a page, and a PDF without notes needs neither
        from fontTools import subset
        from fontTools.ttLib import TTFont
        from fontTools.varLib import instancer

        # it tells of each table of each font wherever somebody has set up all loggers, as notebooks and other tools do
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        self.bold, self.italic = bold, italic
        self.name = f"Inter-{'Bold' if bold else 'Regular'}{'Italic' if italic else ''}"
        file = Path(fontpkg_inter.__file__).parent / "files" / (_ITALIC if italic else _UPRIGHT)
        # read whole: an instance of a font that reads from its file would keep that open
        with TTFont(io.BytesIO(file.read_bytes()), lazy=True, recalcTimestamp=False) as variable:
            options = subset.Options()
            options.layout_features, options.notdef_outline, options.name_IDs = [], True, []
            options.hinting = False
            options.drop_tables += _TABLES
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes={ord(character) for character in text} | {ord(" "), ord("?")})
            cutter.subset(variable)
            weight = _BOLD if bold else _REGULAR
            self._font = instancer.instantiateVariableFont(variable, {"wght": weight, "opsz": _TEXT_SIZE})
            self._data = io.BytesIO()
            self._font.save(self._data, reorderTables=False)
        self._glyphs: dict[int, str] = self._font.getBestCmap()
        self._scale = EM / self._font["head"].unitsPerEm

    def __contains__(self, character: str) -> bool:
        return ord(character) in self._glyphs

    def advance(self, text: str) -> float:
        """Width of `text` in ems."""
        widths = self._font["hmtx"]
        return float(sum(widths[self._glyphs[ord(character)]][0] for character in text) * self._scale / EM)

    def encode(self, text: str) -> bytes:
        """Return `text` as the font's codes."""
        ids = (self._font.getGlyphID(self._glyphs[ord(character)]) for character in text)
        return b"".join(number.to_bytes(2, "big") for number in ids)

    def embed(self, pdf: Pdf) -> pikepdf.Object:
        """Add the font to `pdf`."""
        font, scale = self._font, self._scale
        order = font.getGlyphOrder()
        widths = Array([Array([round(font["hmtx"][glyph][0] * scale) for glyph in order])])
        file = Stream(pdf, self._data.getvalue())
        file.Length1 = len(self._data.getvalue())
        head, lines = font["head"], font["hhea"]
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{_tag(self._glyphs)}+{self.name}"),
            Flags=_NONSYMBOLIC | (_SLANTED if self.italic else 0),
            FontBBox=Array([round(side * scale) for side in (head.xMin, head.yMin, head.xMax, head.yMax)]),
            ItalicAngle=round(font["post"].italicAngle),
            Ascent=round(lines.ascent * scale),
            Descent=round(lines.descent * scale),
            CapHeight=round(font["OS/2"].sCapHeight * scale),
            StemV=140 if self.bold else 80,
            FontFile2=pdf.make_indirect(file),
        )
        unicodes = {font.getGlyphID(glyph): chr(code) for code, glyph in sorted(self._glyphs.items(), reverse=True)}
        return _composite(pdf, descriptor, Name.Identity, Array([0, *widths]), unicodes)


@dataclass
class InkFree:
    """A font whose characters, any at all, are blank: the text layer of what is drawn as paths."""

    advance = ADVANCE / EM
    _codes: dict[str, int] = field(default_factory=dict)

    def encode(self, text: str) -> bytes:
        """Return `text` as the font's codes. A file holds 65,535 different characters, more than any talk."""
        codes = (self._codes.setdefault(character, len(self._codes) % (_CODES - 1) + 1) for character in text)
        return b"".join(code.to_bytes(2, "big") for code in codes)

    def embed(self, pdf: Pdf) -> pikepdf.Object:
        """Add the font to `pdf`, for the texts encoded so far."""
        file = Stream(pdf, self._file)
        file.Length1 = len(self._file)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{_tag(self._codes)}+{NAME}"),
            Flags=_SYMBOLIC,
            FontBBox=Array([0, 0, ADVANCE, EM]),
            ItalicAngle=0,
            Ascent=EM,
            Descent=0,
            CapHeight=EM,
            StemV=80,
            FontFile2=pdf.make_indirect(file),
        )
        # every code is the one blank glyph
        glyphs = pdf.make_indirect(Stream(pdf, b"\x00\x00" + b"\x00\x01" * len(self._codes)))
        unicodes = {code: character for character, code in self._codes.items()}
        return _composite(pdf, descriptor, glyphs, None, unicodes)

    @cached_property
    def _file(self) -> bytes:
        return (files("astrai_slides.export") / "pdf" / "no_ink.ttf").read_bytes()


class Book:
    """The faces of a document, made when they are first needed. `text` is all that may be written with them."""

    def __init__(self, text: Iterable[str] = ()) -> None:
        self._text = set(text)
        self._faces: dict[tuple[bool, bool], Face] = {}

    def face(self, *, bold: bool = False, italic: bool = False) -> Face:
        """Return Inter in a style."""
        key = bold, italic
        if key not in self._faces:
            self._faces[key] = Face(self._text, bold=bold, italic=italic)
        return self._faces[key]

    @property
    def used(self) -> list[Face]:
        """The faces made so far."""
        return list(self._faces.values())


def _composite(
    pdf: Pdf, descriptor: Dictionary, glyphs: Any, widths: Array | None, unicodes: dict[int, str]
) -> pikepdf.Object:
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=descriptor.FontName,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=ADVANCE,
        CIDToGIDMap=glyphs,
    )
    if widths is not None:
        inner.W = widths
    outer = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=descriptor.FontName,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(inner)]),
        ToUnicode=pdf.make_indirect(Stream(pdf, _unicode_map(unicodes))),
    )
    return pdf.make_indirect(outer)


def _unicode_map(unicodes: dict[int, str]) -> bytes:
    rows = [
        f"<{code:04X}> <{character.encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for code, character in sorted(unicodes.items())
    ]
    blocks = []
    for at in range(0, len(rows), _BLOCK):
        part = rows[at : at + _BLOCK]
        blocks += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *blocks,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    ).encode()


def _tag(of: Iterable[Any]) -> str:
    """Six letters that mark a subset."""
    number = 0
    for item in sorted(of, key=str):
        for byte in str(item).encode("utf-8", "surrogatepass"):
            number = (number * 31 + byte) % 26**6
    letters = ""
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters += chr(ord("A") + letter)
    return letters
