"""A PDF under construction: drawings by Cairo, and over them text, links, outline, structure and properties."""

import tempfile
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import cairo
import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from astrai_slides.export.document import Document
from astrai_slides.export.ooxml.text import clean
from astrai_slides.export.paint import Painter
from astrai_slides.export.portable.fallback import drawn
from astrai_slides.export.portable.flow import Placed, Row
from astrai_slides.export.portable.fonts import Book, Face, InkFree
from astrai_slides.recording.model import Blob, Frame, TextRun

_INK = "0.1 0.1 0.12 rg"
_FAINT = "0.42 0.42 0.46 rg"
_LINK = "0.05 0.3 0.7 rg"
_CODE = "0.93 0.93 0.95 rg"
_FRAME_GREY = 0.75
_HAIRLINE = 0.5
_DESCENT = 0.25
_ASCENT = 0.8
_INVISIBLE = 3
_MAX_STRETCH = 100_000
_HEADING_TAGS = {1: "H2", 2: "H3"}


@dataclass(slots=True)
class _Element:
    """A piece of a page that the structure tree names: its tag, mark and description."""

    tag: str
    page: int
    mark: int
    alt: str = ""


@dataclass(slots=True)
class _Page:
    width: float
    height: float
    operators: list[str] = field(default_factory=list)
    links: list[tuple[tuple[float, float, float, float], str]] = field(default_factory=list)
    fonts: set[str] = field(default_factory=set)
    pictures: list[str] = field(default_factory=list)
    marks: int = 1
    """Marks given out; 0 is for all that Cairo drew."""


@dataclass(slots=True)
class _Section:
    title: str
    page: int
    top: float
    part: str
    elements: list[_Element] = field(default_factory=list)


class Composer:
    """Lays out pages, in points from the upper left. `book` must know all characters that rows are made of."""

    def __init__(self, blobs: Mapping[str, Blob], book: Book, drawing: Path) -> None:
        """`drawing` is a scratch file."""
        self._drawing = drawing
        self._surface = cairo.PDFSurface(str(drawing), 1, 1)
        self._context = cairo.Context(self._surface)
        self._painter = Painter(blobs)
        self._book = book
        self._ink_free = InkFree()
        self._pages: list[_Page] = []
        self._sections: list[_Section] = []

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return len(self._pages)

    def new_page(self, width: float, height: float) -> None:
        """Begin a page."""
        if self._pages:
            self._context.show_page()
        self._surface.set_size(width, height)
        self._pages.append(_Page(width, height))

    def section(self, title: str, part: str, y: float = 0) -> None:
        """Begin what belongs to a step, at `y` of this page. Neighbours of one `part` share an entry of the outline."""
        self._sections.append(_Section(clean(title), self.pages - 1, y, clean(part)))

    def picture(
        self, frame: Frame, texts: Sequence[TextRun], x: float, y: float, width: float, height: float, *,
        alt: str, framed: bool = False,
    ) -> None:
        """Draw `frame` and lay its `texts` over it, unseen, to be searched and copied."""
        context = self._context
        context.save()
        context.translate(x, y)
        # Cairo would turn a background that replaces what is below it into pixels
        context.rectangle(0, 0, width, height)
        context.set_source_rgb(*_opaque(frame))
        context.fill()
        self._painter.paint(context, frame, width, height, background=False)
        if framed:
            context.rectangle(0, 0, width, height)
            context.set_line_width(_HAIRLINE)
            context.set_source_rgb(_FRAME_GREY, _FRAME_GREY, _FRAME_GREY)
            context.stroke()
        context.restore()
        self._page.pictures.append(alt)
        if len(self._page.pictures) == 1:
            self._element("Figure", 0, alt)
        across, down = width / frame.view.width, height / frame.view.height
        for run in texts:
            left, bottom, right, top = run.box
            self._unseen(
                run.text,
                x + width / 2 + (left - frame.view.x) * across,
                y + height / 2 - (bottom - frame.view.y) * down,
                (right - left) * across,
                (top - bottom) * down,
            )

    def row(self, row: Row, x: float, y: float) -> None:
        """Write `row` in a column that begins at `x`, its top at `y`."""
        with self._marked(_HEADING_TAGS.get(row.heading, "P")):
            self._words(row, x, y, _INK)

    def footer(self, row: Row, x: float, y: float) -> None:
        """Write `row` faintly, outside of what is read aloud."""
        self._page.operators.append("/Artifact BMC")
        self._words(row, x, y, _FAINT)
        self._page.operators.append("EMC")

    def finish(self, target: Path, document: Document) -> None:
        """Write the file."""
        self._surface.finish()
        with Pdf.open(self._drawing) as pdf:
            fonts = {face.name: face.embed(pdf) for face in self._book.used}
            fonts["Unseen"] = self._ink_free.embed(pdf)
            for number, page in enumerate(self._pages):
                self._complete(pdf, pdf.pages[number], page, number, fonts)
            self._outline(pdf)
            _structure(pdf, self._sections, len(self._pages), document.language)
            _properties(pdf, document)
            pdf.save(
                target,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                compress_streams=True,
                recompress_flate=False,
                deterministic_id=True,
            )

    # -- pieces of a page

    @property
    def _page(self) -> _Page:
        return self._pages[-1]

    def _element(self, tag: str, mark: int, alt: str = "") -> None:
        self._sections[-1].elements.append(_Element(tag, self.pages - 1, mark, alt))

    @contextmanager
    def _marked(self, tag: str) -> Iterator[None]:
        page = self._page
        mark, page.marks = page.marks, page.marks + 1
        self._element(tag, mark)
        page.operators.append(f"/{tag} <</MCID {mark}>> BDC")
        yield
        page.operators.append("EMC")

    def _words(self, row: Row, x: float, y: float, ink: str) -> None:
        for placed in row.words:
            self._word(placed, x, self._page.height - y - row.size, ink)

    def _word(self, placed: Placed, x: float, baseline: float, ink: str) -> None:
        word, page, left = placed.word, self._page, x + placed.x
        if not word.text:
            return
        box = left, baseline - word.size * _DESCENT, left + word.width, baseline + word.size * _ASCENT
        if word.look.code:
            page.operators += [_CODE, f"{box[0]:.2f} {box[1]:.2f} {word.width:.2f} {box[3] - box[1]:.2f} re f"]
        page.operators.append(_LINK if word.look.link else ink)
        if word.paths:
            shapes = drawn(word.text, bold=word.look.bold, italic=word.look.italic)
            page.operators.append(shapes.operators(left, baseline, word.size))
            self._blank(word.text, left, baseline, word.width, word.size)
        else:
            face = self._book.face(bold=word.look.bold, italic=word.look.italic)
            self._seen(face, word.text + " " * word.spaced, left, baseline, word.size)
        if word.look.struck:
            middle = baseline + word.size * 0.3
            page.operators.append(f"{left:.2f} {middle:.2f} {word.width:.2f} {_HAIRLINE} re f")
        if word.look.link:
            page.links.append((box, word.look.link))

    def _seen(self, face: Face, text: str, x: float, baseline: float, size: float) -> None:
        self._page.fonts.add(face.name)
        codes = face.encode(text).hex().upper()
        self._page.operators.append(f"BT /{face.name} {size:.2f} Tf {x:.2f} {baseline:.2f} Td <{codes}> Tj ET")

    def _unseen(self, text: str, left: float, bottom: float, width: float, height: float) -> None:
        """Lay `text` over a box, given from the page's top, one line below the other."""
        lines = clean(text).splitlines() or [""]
        tall = max(0.1, height / len(lines))
        with self._marked("P"):
            for number, line in enumerate(lines):
                if line.strip():
                    below = bottom - (len(lines) - 1 - number) * tall
                    self._blank(line, left, self._page.height - below, max(0.1, width), tall)

    def _blank(self, text: str, x: float, baseline: float, width: float, size: float) -> None:
        self._page.fonts.add("Unseen")
        shown = _seen_order(text)
        stretch = min(_MAX_STRETCH, width / (len(shown) * self._ink_free.advance * size) * 100)
        codes = self._ink_free.encode(shown + " ").hex().upper()
        self._page.operators.append(
            f"BT {_INVISIBLE} Tr /Unseen {size:.3f} Tf {stretch:.3f} Tz {x:.2f} {baseline:.2f} Td <{codes}> Tj 0 Tr 100 Tz ET"
        )

    # -- the file

    def _complete(self, pdf: Pdf, target: Any, page: _Page, number: int, fonts: Mapping[str, Any]) -> None:
        """Add text and links to what Cairo drew."""
        mark = "/Figure <</MCID 0>> BDC q" if page.pictures else "q"
        target.contents_add(mark.encode(), prepend=True)
        end = ["Q EMC" if page.pictures else "Q", *page.operators]
        target.contents_add("\n".join(end).encode())
        target.contents_coalesce()
        resources = target.obj.get("/Resources", Dictionary())
        if page.fonts:
            resources.Font = Dictionary({f"/{name}": fonts[name] for name in sorted(page.fonts)})
        target.obj.Resources = resources
        target.obj.StructParents = number
        target.obj.Tabs = Name.S
        if page.links:
            target.obj.Annots = Array([pdf.make_indirect(_link(box, address)) for box, address in page.links])

    def _outline(self, pdf: Pdf) -> None:
        parts: list[tuple[str, list[_Section]]] = []
        for section in self._sections:
            if parts and parts[-1][0] == section.part:
                parts[-1][1].append(section)
            else:
                parts.append((section.part, [section]))
        with pdf.open_outline() as outline:
            for part, sections in parts:
                items = [self._item(section) for section in sections]
                if len(items) == 1:
                    outline.root.append(items[0])
                else:
                    parent = OutlineItem(part, sections[0].page, "XYZ", top=self._top(sections[0]))
                    parent.children.extend(items)
                    outline.root.append(parent)

    def _item(self, section: _Section) -> OutlineItem:
        return OutlineItem(section.title, section.page, "XYZ", top=self._top(section))

    def _top(self, section: _Section) -> float:
        return self._pages[section.page].height - section.top


@contextmanager
def composing(
    target: Path, document: Document, blobs: Mapping[str, Blob], book: Book
) -> Iterator[Composer]:
    """Yield a composer and write the file to `target` at the end."""
    with tempfile.TemporaryDirectory(prefix="astrai-slides-") as folder:
        composer = Composer(blobs, book, Path(folder) / "drawing.pdf")
        yield composer
        composer.finish(target, document)


def _opaque(frame: Frame) -> tuple[float, float, float]:
    """The background as a screen shows it: transparent parts are black."""
    alpha = (frame.background & 0xFF) / 0xFF
    red, green, blue = ((frame.background >> shift & 0xFF) / 0xFF * alpha for shift in (24, 16, 8))
    return red, green, blue


def _seen_order(text: str) -> str:
    """`text` as it stands on the page, from left to right; readers turn right-to-left scripts around again."""
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        return text[::-1]
    return text


def _link(box: tuple[float, float, float, float], address: str) -> Dictionary:
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([round(side, 2) for side in box]),
        Border=Array([0, 0, 0]),
        F=4,
        Contents=String(address),
        A=Dictionary(S=Name.URI, URI=String(address)),
    )


def _structure(pdf: Pdf, sections: Sequence[_Section], pages: int, language: str) -> None:
    """Tell readers what each mark is: a section a step, with its figure and its texts."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    whole = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, Lang=String(language)))
    parents: list[dict[int, Any]] = [{} for _ in range(pages)]
    kids = []
    for section in sections:
        part = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=whole, T=String(section.title)))
        members = []
        for element in section.elements:
            node = Dictionary(
                Type=Name.StructElem, S=Name(f"/{element.tag}"), P=part, Pg=pdf.pages[element.page].obj, K=element.mark
            )
            if element.alt:
                node.Alt = String(element.alt)
            member = pdf.make_indirect(node)
            members.append(member)
            parents[element.page][element.mark] = member
        part.K = Array(members)
        kids.append(part)
    whole.K = Array(kids)
    numbers: list[Any] = []
    for number, marks in enumerate(parents):
        row = [marks.get(mark) for mark in range(max(marks, default=-1) + 1)]
        numbers += [number, pdf.make_indirect(Array(row))]
    root.K = whole
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    root.ParentTreeNextKey = pages
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _properties(pdf: Pdf, document: Document) -> None:
    pdf.Root.Lang = String(document.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
    title, speaker, event = clean(document.title), clean(document.speaker), clean(document.event)
    moment = datetime.fromisoformat(document.date) if document.date else None
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    for key, value in (("/Title", title), ("/Author", speaker), ("/Subject", event)):
        if value:
            pdf.docinfo[key] = String(value)
    pdf.docinfo["/Creator"] = String("astrai-slides")
    if moment:
        pdf.docinfo["/CreationDate"] = String(moment.strftime("D:%Y%m%d%H%M%S"))
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        if speaker:
            metadata["dc:creator"] = [speaker]
        if event:
            metadata["dc:description"] = event
        metadata["dc:language"] = [document.language]
        metadata["xmp:CreatorTool"] = "astrai-slides"
        if moment:
            metadata["xmp:CreateDate"] = moment.isoformat()
