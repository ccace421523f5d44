"""What every deck has besides its slides: master, one layout, notes master, theme, properties.

They start as python-pptx's own template, which PowerPoint wrote, cut down to what these slides use.
"""

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Emu

from astrai_slides.export.shared.characters import clean
from astrai_slides.talk.document import Document

_LAYOUT = "Title Only"
_TITLE_HEIGHT = 0.1
"""Height of the title, which lies above the slide, over that of the slide."""

_NOTES_MARGIN = 685_800
_UNUSED = (RT.PRINTER_SETTINGS, RT.EXTENDED_PROPERTIES, RT.THUMBNAIL)
_MAX_PROPERTY = 255


@dataclass(frozen=True, slots=True)
class Base:
    """Parts that python-pptx made, and the names of those that slides refer to."""

    parts: tuple[Any, ...]
    presentation: Any
    """The root element of the presentation part, to be completed with slides."""

    layout: str
    notes_master: str
    presentation_name: str
    core_name: str


def base(width: int, height: int, document: Document) -> Base:
    """Return the parts of a presentation of `width` x `height` EMU without slides."""
    presentation = Presentation()
    old_width = presentation.slide_width
    presentation.slide_width, presentation.slide_height = Emu(width), Emu(height)
    presentation.part._element.find(qn("p:sldSz")).attrib.pop("type", None)  # the template's is 4:3
    layouts = presentation.slide_layouts
    for layout in list(layouts):
        if layout.name != _LAYOUT:
            layouts.remove(layout)
    layout = layouts[0]
    layout.name = "Step"
    scale = width / int(old_width), height / _OLD_HEIGHT
    for shape in presentation.slide_master.shapes:
        _scale(shape, *scale)
    for shape in list(layout.shapes):
        if (
            shape.is_placeholder
            and shape.placeholder_format.type is not None
            and "TITLE" in str(shape.placeholder_format.type)
        ):
            shape.left, shape.top, shape.width, shape.height = map(Emu, title_place(width, height))
        else:
            layout.shapes._spTree.remove(shape._element)
    notes_master = presentation.notes_master
    _fit_slide_image(notes_master, presentation, width, height)
    package = presentation.part.package
    for owner in (presentation.part, package):
        rels = owner.rels if owner is presentation.part else owner._rels
        for name in [name for name, rel in rels.items() if rel.reltype in _UNUSED]:
            rels.pop(name)
    _set_properties(presentation, document)
    element = presentation.part._element
    _list_notes_master(element, presentation)
    return Base(
        tuple(package.iter_parts()),
        element,
        str(layout.part.partname),
        str(notes_master.part.partname),
        str(presentation.part.partname),
        str(package.part_related_by(RT.CORE_PROPERTIES).partname),
    )


_OLD_HEIGHT = 6_858_000


def title_place(width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height in EMU of the title: above the slide, for outlines and screen readers only.

    PowerPoint's own *Add Hidden Slide Title* does the same.
    """
    tall = round(height * _TITLE_HEIGHT)
    return 0, -tall - tall // 2, width, tall


def _scale(shape: Any, across: float, down: float) -> None:
    shape.left, shape.width = round(shape.left * across), round(shape.width * across)
    shape.top, shape.height = round(shape.top * down), round(shape.height * down)


def _fit_slide_image(notes_master: Any, presentation: Any, width: int, height: int) -> None:
    size = presentation.part._element.find(qn("p:notesSz"))
    across = int(size.get("cx")) - 2 * _NOTES_MARGIN
    for shape in notes_master.placeholders:
        if "SLIDE_IMAGE" in str(shape.placeholder_format.type):
            tall = int(shape.height)
            wide = min(across, round(tall * width / height))
            shape.width, shape.height = wide, round(wide * height / width)
            shape.left = (int(size.get("cx")) - wide) // 2


def _list_notes_master(element: Any, presentation: Any) -> None:
    """python-pptx relates the notes master but does not list it, as the format wants."""
    relation = presentation.part.relate_to(presentation.notes_master.part, RT.NOTES_MASTER)
    listing = etree.SubElement(element, qn("p:notesMasterIdLst"))
    etree.SubElement(listing, qn("p:notesMasterId")).set(qn("r:id"), relation)
    element.find(qn("p:sldMasterIdLst")).addnext(listing)


def _set_properties(presentation: Any, document: Document) -> None:
    core = presentation.core_properties
    core.title = clean(document.title)[:_MAX_PROPERTY]
    core.author = core.last_modified_by = clean(document.speaker)[:_MAX_PROPERTY]
    core.subject = clean(document.event)[:_MAX_PROPERTY]
    core.language = document.language
    core.comments = ""
    core.revision = 1
    if document.date:
        moment = datetime.fromisoformat(document.date).replace(tzinfo=None)
        core.created = core.modified = moment
    else:
        for tag in ("dcterms:created", "dcterms:modified"):
            for found in core._element.findall(qn(tag)):
                core._element.remove(found)


def finish(presentation: Any) -> bytes:
    """Return the presentation part as bytes."""
    root = copy.deepcopy(presentation)
    etree.cleanup_namespaces(root)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
