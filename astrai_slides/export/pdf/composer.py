"""A PDF under construction: drawings, and over them text, links, outline, structure and properties."""

import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream, String

from astrai_slides.export.pdf.flow import Placed, Row
from astrai_slides.export.pdf.fonts import Book, Face, InkFree
from astrai_slides.export.pdf.vectors import Vectors
from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.direction import as_seen
from astrai_slides.export.shared.links import link_boxes
from astrai_slides.export.shared.outlined_words import drawn
from astrai_slides.recording.format.model import Blob, Frame, Recording, TextRun
from astrai_slides.talk.document import Document

_INK = "0.1 0.1 0.12 rg"
_FAINT = "0.42 0.42 0.46 rg"
_LINK = "0.05 0.3 0.7 rg"
_CODE = "0.93 0.93 0.95 rg"
_FRAME = "0.75 G"
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
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    marks: int = 0


@dataclass(slots=True)
class _Section:
    title: str
    page: int
    top: float
    part: str
    below: bool = False
    elements: list[_Element] = field(default_factory=list)


class Composer:
    """Lays out pages, in points from the upper left. `book` must know all characters that rows are made of."""

    def __init__(self, blobs: Mapping[str, Blob], book: Book, frames: Iterable[Frame]) -> None:
        """`frames` are all that will be drawn, so that what they share is stored once."""
        self._pdf = Pdf.new()
        self._vectors = Vectors(self._pdf, blobs, frames)
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
        self._end_page()
        self._pages.append(_Page(width, height))
        self._pdf.add_blank_page(page_size=(width, height))

    def section(self, title: str, part: str, y: float = 0, *, below: bool = False) -> None:
        """Begin what belongs to a step, at `y` of this page. Neighbours of one `part` share an entry of the outline.

        One that is `below` is an entry under that of the step before.
        """
        self._sections.append(_Section(clean(title), self.pages - 1, y, clean(part), below))

    def picture(
        self,
        frame: Frame,
        texts: Sequence[TextRun],
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        alt: str,
        framed: bool = False,
    ) -> None:
        """Draw `frame` and lay its `texts` over it, unseen, to be searched and copied."""
        page = self._page
        below = page.height - y - height
        drawing = self._vectors.draw(frame, x, below, width, height)
        for kind, named in drawing.resources.items():
            page.resources.setdefault(kind, {}).update(named)
        with self._marked("Figure", alt):
            page.operators.append(drawing.operators)
            if framed:
                page.operators.append(f"{_FRAME} {_HAIRLINE} w {x:.2f} {below:.2f} {width:.2f} {height:.2f} re S")
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
            for (first, low, last, high), address in link_boxes(run.text, run.box):
                middle = x + width / 2, below + height / 2
                place = (
                    middle[0] + (first - frame.view.x) * across,
                    middle[1] + (low - frame.view.y) * down,
                    middle[0] + (last - frame.view.x) * across,
                    middle[1] + (high - frame.view.y) * down,
                )
                page.links.append((place, address))

    def row(self, row: Row, x: float, y: float) -> None:
        """Write `row` in a column that begins at `x`, its top at `y`."""
        with self._marked(_HEADING_TAGS.get(row.heading, "P")):
            self._words(row, x, y, _INK)

    def aside(self, row: Row, x: float, y: float, *, faint: bool = True) -> None:
        """Write `row` outside of what is read aloud: a page's head or foot."""
        self._page.operators.append("/Artifact BMC")
        self._words(row, x, y, _FAINT if faint else _INK)
        self._page.operators.append("EMC")

    def finish(self, target: Path, document: Document) -> None:
        """Write the file."""
        self._end_page()
        pdf, fonts = self._pdf, {face.name: face.embed(self._pdf) for face in self._book.used}
        fonts["Unseen"] = self._ink_free.embed(pdf)
        for page, made in zip(self._pages, pdf.pages, strict=True):
            made.obj.Resources = Dictionary({f"/{kind}": _named(named) for kind, named in page.resources.items()})
            if page.fonts:
                made.obj.Resources.Font = _named({name: fonts[name] for name in sorted(page.fonts)})
        self._outline(pdf)
        _structure(pdf, self._sections, len(self._pages), document.language)
        _properties(pdf, document)
        # in memory first: where a disk is full, qpdf ends the whole process instead of raising an error
        whole = io.BytesIO()
        pdf.save(
            whole, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True, deterministic_id=True
        )
        pdf.close()
        target.write_bytes(whole.getbuffer())

    # -- pieces of a page

    @property
    def _page(self) -> _Page:
        return self._pages[-1]

    @contextmanager
    def _marked(self, tag: str, alt: str = "") -> Iterator[None]:
        page = self._page
        mark, page.marks = page.marks, page.marks + 1
        self._sections[-1].elements.append(_Element(tag, self.pages - 1, mark, clean(alt)))
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
        # readers turn what runs from right to left around again
        shown = as_seen(text)
        stretch = min(_MAX_STRETCH, width / (len(shown) * self._ink_free.advance * size) * 100)
        codes = self._ink_free.encode(shown + " ").hex().upper()
        self._page.operators.append(
            f"BT {_INVISIBLE} Tr /Unseen {size:.3f} Tf {stretch:.3f} Tz {x:.2f} {baseline:.2f} Td <{codes}> Tj "
            "0 Tr 100 Tz ET"
        )

    # -- the file

    def _end_page(self) -> None:
        """Write out the page under construction: only one is held as text."""
        if not self._pages:
            return
        pdf, page, number = self._pdf, self._page, len(self._pages) - 1
        target = pdf.pages[number].obj
        content = zlib.compress("\n".join(page.operators).encode(), 9)
        page.operators.clear()
        target.Contents = pdf.make_indirect(Stream(pdf, content, Filter=Name.FlateDecode))
        target.StructParents = number
        target.Tabs = Name.S
        if page.links:
            target.Annots = Array([pdf.make_indirect(_link(box, address)) for box, address in page.links])

    def _outline(self, pdf: Pdf) -> None:
        parts: list[tuple[str, list[_Section]]] = []
        for section in self._sections:
            if parts and (parts[-1][0] == section.part or section.below):
                parts[-1][1].append(section)
            else:
                parts.append((section.part, [section]))
        with pdf.open_outline() as outline:
            for part, sections in parts:
                items: list[OutlineItem] = []
                for section in sections:
                    (items[-1].children if section.below and items else items).append(self._item(section))
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
def composing(recording: Recording, target: Path, document: Document, book: Book) -> Iterator[Composer]:
    """Yield a composer for the end states of `recording`, and write the file at the end."""
    composer = Composer(recording.blobs, book, [step.end for step in recording.steps])
    yield composer
    composer.finish(target, document)


def _named(objects: Mapping[str, Any]) -> Dictionary:
    return Dictionary({f"/{name}": value for name, value in objects.items()})


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
