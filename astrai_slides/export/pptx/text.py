"""Texts as XML, and speaker notes as DrawingML paragraphs."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from xml.sax.saxutils import escape, quoteattr

from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.direction import runs_right_to_left
from astrai_slides.export.shared.markdown import lines
from astrai_slides.export.shared.note_lines import BULLET, Line, Look

_INDENT = 285_750
_HEADING_SIZES = {1: 1600, 2: 1400, 3: 1300}
_SIZE = 1200
"""Hundredths of a point; other headings are bold only. PowerPoint's notes are of 12 points, LibreOffice's own of 20."""

_MONOSPACED = "Consolas"
_CHARACTER = 84_000
"""EMU that a character of a table takes, at the notes' 12 points, with room to spare."""

_COLUMN_GAP = 3
"""Characters between columns of a table."""

_TABLE_ROOM = 4_000_000
"""EMU at which the last column of a table begins at the latest: notes are 5,486,400 wide."""

LinkTo = Callable[[str], str]
"""Relates the notes to an address and returns the relationship's id."""


def xml(text: str) -> str:
    """Return `text` as XML character data."""
    return escape(clean(text))


def attribute(text: str) -> str:
    """Return `text` as a quoted XML attribute."""
    return quoteattr(clean(text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def paragraphs(notes: str, language: str, link_to: LinkTo) -> str:
    """Return `notes` (Markdown) as `a:p` elements, at least one."""
    return "".join(_paragraph(line, language, link_to) for line in lines(notes)) or "<a:p/>"


def _paragraph(line: Line, language: str, link_to: LinkTo) -> str:
    # said where it is none, as LibreOffice would take that of the paragraph above
    attributes = ' marL="0" indent="0"'
    indented = line.listed or line.quote
    if indented:
        left = _INDENT * (line.level + 1)
        attributes = f' marL="{left}" indent="{-_INDENT if line.marker else 0}"'
    tabs = ""
    if len(line.columns) > 1:
        stops = _stops(line.columns)
        # without any margin, with which LibreOffice takes no stops
        attributes = ""
        tabs = "".join(f'<a:tab pos="{stop}" algn="l"/>' for stop in stops)
        tabs = f"<a:tabLst>{tabs}</a:tabLst>"
    if line.level:
        attributes += f' lvl="{line.level}"'
    if runs_right_to_left(line.text):
        attributes += ' algn="r" rtl="1"'
    bullet = "<a:buNone/>"
    if line.marker == BULLET:
        bullet = f'<a:buFont typeface="Arial"/><a:buChar char="{BULLET}"/>'
    elif line.marker:
        number = min(32_767, max(1, int(line.marker.removesuffix("."))))
        bullet = f'<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod" startAt="{number}"/>'
    runs = "".join(_run(text, look, line, language, link_to) for text, look in line.runs)
    return f"<a:p><a:pPr{attributes}>{bullet}{tabs}</a:pPr>{runs}</a:p>"


def _stops(columns: Sequence[int]) -> list[int]:
    """Where the second column of a table and those after it begin, in EMU."""
    stops = [count * _CHARACTER for count in accumulate(width + _COLUMN_GAP for width in columns[:-1])]
    fitted = min(1.0, _TABLE_ROOM / stops[-1])
    return [round(stop * fitted) for stop in stops]


def _run(text: str, look: Look, line: Line, language: str, link_to: LinkTo) -> str:
    attributes = f' lang={attribute(language)} sz="{_HEADING_SIZES.get(line.heading, _SIZE)}"'
    if look.bold or line.heading:
        attributes += ' b="1"'
    if look.italic or line.quote:
        attributes += ' i="1"'
    if look.struck:
        attributes += ' strike="sngStrike"'
    inside = ""
    if look.code:
        inside += f'<a:latin typeface="{_MONOSPACED}"/><a:cs typeface="{_MONOSPACED}"/>'
    if look.link:
        inside += f'<a:hlinkClick r:id="{link_to(look.link)}"/>'
    return f"<a:r><a:rPr{attributes}>{inside}</a:rPr><a:t>{xml(text)}</a:t></a:r>"
