"""PPTX: a slide a step, with the motion as video and the end state above it as native shapes.

In a slide show the video starts on entry over its own first frame, and the end state appears when the motion is over.
Where nothing plays (thumbnails, printing, editors, machines without the codec) the end state covers the video.
"""

import hashlib
import io
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from lxml import etree
from PIL import Image
from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn

from astrai_slides.base import atomic
from astrai_slides.base.progress import Advance, ignore
from astrai_slides.base.warning import BuildWarning, Kind, Warn
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.pptx.base import Base, base, finish, title_place
from astrai_slides.export.pptx.drawing import Canvas, Placement, complexity, solid
from astrai_slides.export.pptx.overlays import Overlays, addresses
from astrai_slides.export.pptx.pace import paced
from astrai_slides.export.pptx.package import Content, Package, Relations
from astrai_slides.export.pptx.text import attribute, paragraphs, xml
from astrai_slides.export.pptx.timing import timing
from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.steps import is_below, section_of, title_of
from astrai_slides.export.video.encode import UNDECODED
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.container import content_digest
from astrai_slides.recording.format.model import Frame, Picture, Recording, Step
from astrai_slides.recording.paint.boxes import box
from astrai_slides.recording.paint.raster import encode_png, png, rasterise, rgb, straight
from astrai_slides.talk.document import Document

SLIDE_HEIGHT = 6_858_000
"""EMU (7.5 inches), PowerPoint's own height of a 16:9 slide."""

_SIZES = 914_400, 51_206_400
"""EMU that a slide's side may have."""

_LARGEST_RATIO, _HAIR = 100, 1e-4
"""What a ratio of small numbers is, and how near to one a view's aspect has to be to count as it."""

MOST_POINTS = 40_000
"""End states of more points become a picture: PowerPoint is slow with them."""

_PICTURE_WIDTH = 3840
MOST_HD_CLIPS = 30
"""PowerPoint stops playing media after about this many full-HD clips (manim-slides issue 392)."""

_HD_WIDTH = 1920
QUALITIES = ((30, 1.0), (33, 1.0), (33, 0.75), (36, 0.75), (36, 0.5), (40, 0.5), (40, 0.34), (45, 0.34))
"""What is tried in turn to meet a size: x264's rate factor, and the picture's scale."""

ClipFile = Path | bytes | None
Keep = Callable[[str, Callable[[], bytes]], bytes]
"""Returns what was kept under a name before, or what is made now, and keeps that."""

Reencode = Callable[[int, float], Sequence[ClipFile]]
"""Encodes the clips of all steps again, at (x264's rate factor, scale of the picture's sides)."""

_NS = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_MEDIA = "{DAA4B4D4-6D71-4841-9C94-3DE7FCFB9230}"
_MEDIA_RELATION = "http://schemas.microsoft.com/office/2007/relationships/media"
_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_FIRST_SLIDE_ID = 256
_TREE, _TITLE, _VIDEO, _OVERLAY = 1, 2, 3, 4
_NOBODY = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Report:
    """What was written. Sizes are bytes in the file; `steps` are (name, bytes of its clip), shared clips once."""

    size: int
    media: int
    drawings: int
    pictures: int
    steps: tuple[tuple[str, int], ...]
    warnings: tuple[BuildWarning, ...] = ()

    def __str__(self) -> str:
        largest = max(self.steps, key=lambda step: step[1], default=None)
        text = f"{_bytes(self.size)}: video {_bytes(self.media)}, pictures {_bytes(self.pictures)}, "
        text += f"end states {_bytes(self.drawings)}"
        return f"{text}; largest step {largest[0]!r}, {_bytes(largest[1])}" if largest and largest[1] else text


@dataclass(slots=True)
class _Film:
    """A clip: where its bytes are, its part's name, and how long it plays."""

    content: Content
    part: str
    size: int
    milliseconds: int
    width: int
    height: int


@dataclass(slots=True)
class _Media:
    """Clips by step, each stored once."""

    films: list[_Film | None] = field(default_factory=list)

    @property
    def distinct(self) -> list[_Film]:
        return list({film.part: film for film in self.films if film}.values())

    @property
    def size(self) -> int:
        return sum(film.size for film in self.distinct)


def write_pptx(
    recording: Recording,
    target: Path,
    document: Document,
    clips: Sequence[ClipFile],
    *,
    max_media_size: int | None = None,
    reencode: Reencode | None = None,
    keep: Keep | None = None,
    warn: Warn | None = None,
    overlays: Overlays | None = None,
    advance: Advance = ignore,
) -> Report:
    """Write `recording` as a PPTX file, and tell `advance` of the parts of it that are written.

    `clips` are mp4s, one a step (H.264, yuv420p, constant frame rate); None for a step that stands still. If they
    take more than `max_media_size` bytes, `reencode` is asked for smaller ones; what then still is too large is
    written all the same, with a warning, which `warn` is told before that. `keep` is asked for posters, and `overlays`
    are what `overlays_ahead` returned of this recording. Raises AstraiSlidesError if a clip cannot be read or the
    number is wrong.
    """
    if len(clips) != len(recording.steps):
        raise AstraiSlidesError(
            f"{target.name}: {len(clips)} clips for {len(recording.steps)} steps; "
            "build the videos of this recording anew"
        )
    warnings: list[BuildWarning] = []

    def tell(kind: Kind, text: str) -> None:
        warning = BuildWarning(kind, text)
        warnings.append(warning)
        if warn is not None:
            warn(warning)

    def say(text: str) -> None:
        tell(Kind.SIZE, text)

    media = _media(recording, clips)
    if max_media_size is not None and media.size > max_media_size:
        media = _smaller(recording, media, max_media_size, reencode, say)
    large = [film for film in media.distinct if film.width >= _HD_WIDTH]
    if len(large) > MOST_HD_CLIPS:
        say(
            f"{target.name}: {len(large)} clips of {_HD_WIDTH} pixels or more; PowerPoint stops playing media "
            f"after about {MOST_HD_CLIPS}: export at a lower quality (1280x720) or split the talk into two files"
        )
    for step in recording.steps:
        if (points := complexity(step.end)) > MOST_POINTS:
            tell(Kind.PICTURE, _one_picture(step, points))
    deck = _Deck(recording, document, media, keep, overlays or Overlays(_slide_size(recording), _OVERLAY))
    with atomic.replacing(target) as draft:
        sizes = deck.write(draft, advance)
        size = draft.stat().st_size
    films = {film.part: film.size for film in media.distinct}
    steps = tuple(
        (step.name, films.pop(film.part, 0) if film else 0)
        for step, film in zip(recording.steps, media.films, strict=True)
    )
    slides = sum(taken for name, taken in sizes.items() if name.startswith("/ppt/slides/"))
    pictures = sum(
        taken for name, taken in sizes.items() if name.startswith("/ppt/media/") and not name.endswith(".mp4")
    )
    return Report(size, media.size, slides, pictures, steps, tuple(warnings))


def overlays_ahead(recording: Recording) -> Overlays:
    """Write what the slides of `recording` show above their videos, as far as that needs none of them."""
    overlays = Overlays(_slide_size(recording), _OVERLAY)
    overlays.write_ahead(recording.steps, MOST_POINTS)
    return overlays


def _one_picture(step: Step, points: int) -> str:
    return (
        f"step {step.name!r}: its end state has {points:,} points, more than the {MOST_POINTS:,} that PowerPoint "
        "can draw without delay, so its slide shows one picture, whose shapes cannot be edited; end the step with "
        "fewer or simpler shapes (3D: a lower resolution), or divide it into steps that show a part each"
    )


def _media(recording: Recording, clips: Sequence[ClipFile]) -> _Media:
    media = _Media()
    known: dict[str, _Film] = {}
    for place, (step, clip) in enumerate(zip(recording.steps, clips, strict=True), start=1):
        if clip is None or (isinstance(clip, bytes) and not clip):
            media.films.append(None)
            continue
        content = _content(clip, step)
        data = content() if callable(content) else content
        digest = hashlib.sha256(data).hexdigest()
        if digest not in known:
            length, width, height = _probe(data, step)
            name = f"/ppt/media/{place:02d}-{_file_name(step.name)}.mp4"
            known[digest] = _Film(content, name, len(data), length, width, height)
        media.films.append(known[digest])
    return media


def _content(clip: Path | bytes, step: Step) -> bytes | Callable[[], bytes]:
    """What is stored: the clip, at the pace of its step, which PowerPoint cannot set. Read when it is wanted."""

    def read() -> bytes:
        data = clip.read_bytes() if isinstance(clip, Path) else clip
        if step.playback_rate == 1:
            return data
        try:
            return paced(data, step.playback_rate)
        except (av.FFmpegError, IndexError) as error:
            raise _not_a_video(step, error) from error

    return clip if isinstance(clip, bytes) and step.playback_rate == 1 else read


def _smaller(
    recording: Recording, media: _Media, most: int, reencode: Reencode | None, say: Callable[[str], None]
) -> _Media:
    """Encode all clips alike at the first quality that meets `most`: steps must not differ to the eye."""
    size = media.size
    if reencode is None:
        say(f"the videos take {_bytes(size)}, more than {_bytes(most)}, and cannot be encoded again here")
        return media
    best, best_quality = media, ""
    for crf, scale in QUALITIES:
        if best is not media and not _worth_trying(crf, scale, best.size, most):
            continue
        again = reencode(crf, scale)
        tried = _media(recording, [clip if film else None for clip, film in zip(again, media.films, strict=True)])
        if tried.size < best.size:
            best, best_quality = tried, f"rate factor {crf}, {scale:.0%} of the picture's sides"
        if best.size <= most:
            say(f"the videos took {_bytes(size)}; at {best_quality} they take {_bytes(best.size)}")
            return best
    say(
        f"the videos take {_bytes(best.size)} at the lowest quality, more than {_bytes(most)}: "
        "allow more, leave out steps, or split the talk into two files"
    )
    return best


def _worth_trying(crf: int, scale: float, size: int, most: int) -> bool:
    """Whether a quality might do: each try encodes the whole talk. The last one is always tried."""
    return size <= 8 * most or (crf, scale) == QUALITIES[-1] or scale <= 0.5


class _Deck:
    """The file under construction."""

    def __init__(
        self, recording: Recording, document: Document, media: _Media, keep: Keep | None, overlays: Overlays
    ) -> None:
        self._recording = recording
        self._document = document
        self._media = media
        self._keep = keep
        self._size = _slide_size(recording)
        self._package = Package()
        self._images: set[str] = set()
        self._overlays = overlays

    def write(self, target: Path, advance: Advance) -> dict[str, int]:
        package, document = self._package, self._document
        frame = base(*self._size, document)
        package.adopt([part for part in frame.parts if str(part.partname) != frame.presentation_name])
        slides = package.relations.setdefault(frame.presentation_name, Relations())
        slides.rows.update(_rows(frame))
        ids = []
        for film in self._media.distinct:
            package.add(film.part, "video/mp4", film.content)
        for index in range(len(self._recording.steps)):
            name = self._add_slide(index, frame)
            ids.append((_FIRST_SLIDE_ID + index, slides.add(RT.SLIDE, name)))
        _list_slides(frame.presentation, ids, self._recording)
        package.add(frame.presentation_name, CT.PML_PRESENTATION_MAIN, finish(frame.presentation))
        root = package.relations["/"]
        root.add(RT.OFFICE_DOCUMENT, frame.presentation_name)
        root.add(RT.CORE_PROPERTIES, frame.core_name)
        root.add(RT.EXTENDED_PROPERTIES, "/docProps/app.xml")
        package.add("/docProps/app.xml", CT.OFC_EXTENDED_PROPERTIES, self._app())
        if self._recording.steps:
            root.add(RT.THUMBNAIL, "/docProps/thumbnail.jpeg")
            package.add("/docProps/thumbnail.jpeg", CT.JPEG, self._thumbnail())
        return package.write(target, advance)

    def _add_slide(self, index: int, frame: Base) -> str:
        step, film = self._recording.steps[index], self._media.films[index]
        number = index + 1
        name, notes_name = f"/ppt/slides/slide{number}.xml", f"/ppt/notesSlides/notesSlide{number}.xml"
        relations = Relations()
        relations.add(RT.SLIDE_LAYOUT, frame.layout)
        poster = ""
        if film:
            file = f"/ppt/media/{number:02d}-{_file_name(step.name)}-poster.png"
            self._package.add(file, CT.PNG, lambda: self._poster(step, film.width, film.height))
            poster = _video(relations, film, file, step, self._size)
        end = step.end
        if complexity(end) > MOST_POINTS:
            end, placed = self._flattened(end, number, step, relations)
        else:
            placed = {op: self._image(op, end, relations) for op in end.ops if isinstance(op, Picture) and op.alpha}
        if step.notes.strip():
            relations.add(RT.NOTES_SLIDE, notes_name)
            self._add_notes(step, notes_name, name, frame)

        links = {address: relations.add(RT.HYPERLINK, address, external=True) for address in sorted(addresses(step))}

        def content() -> bytes:
            overlay = self._overlays.of(
                index, step, end, lambda picture: placed[picture], lambda address: links[address]
            )
            return _slide(step, self._size, poster + overlay, film, self._document.language)

        self._package.add(name, CT.PML_SLIDE, content)
        self._package.relations[name] = relations
        return name

    def _poster(self, step: Step, width: int, height: int) -> bytes:
        """The step's first frame as a picture."""

        def paint() -> bytes:
            first = step.frames[step.runs[0][0]] if step.runs else step.end
            return png(first, self._recording.blobs, width, height)

        if self._keep is None:
            return paint()
        return self._keep(f"poster {content_digest(step, encode_step(step))} {width} {height}", paint)

    def _add_notes(self, step: Step, name: str, slide: str, frame: Base) -> None:
        relations = Relations()
        relations.add(RT.NOTES_MASTER, frame.notes_master)
        relations.add(RT.SLIDE, slide)
        body = paragraphs(
            step.notes, self._document.language, lambda address: relations.add(RT.HYPERLINK, address, external=True)
        )
        self._package.add(name, CT.PML_NOTES_SLIDE, _notes(body))
        self._package.relations[name] = relations

    def _image(self, picture: Picture, frame: Frame, relations: Relations) -> tuple[str, Placement]:
        canvas = Canvas(*self._size, frame.view)
        blob = self._recording.blobs[picture.digest]
        place = _placement(picture, canvas)
        suffix = {"image/png": "png", "image/jpeg": "jpg"}.get(blob.mime)
        if place is not None and suffix is not None:
            name = f"/ppt/media/picture-{picture.digest[:16]}.{suffix}"
            self._store(name, blob.mime, lambda: blob.data)
        else:
            # a sheared picture, or one of hard pixels: as it looks
            width, height = _PICTURE_WIDTH, round(_PICTURE_WIDTH * self._size[1] / self._size[0])
            shown = box(picture, frame.view, width, height)
            left, top = max(0, shown[0]), max(0, shown[1])
            right, bottom = max(left + 1, min(width, shown[2])), max(top + 1, min(height, shown[3]))
            digest = hashlib.sha256(repr((replace(picture, source=0), frame.view)).encode()).hexdigest()
            name = f"/ppt/media/picture-{digest[:16]}.png"
            alone = Frame((picture,), frame.view, 0)

            def redraw() -> bytes:
                pixels = rasterise(alone, self._recording.blobs, width, height)[top:bottom, left:right]
                return encode_png(straight(pixels))

            self._store(name, CT.PNG, redraw)
            scale = self._size[0] / width
            x, y, across, down = (round(value * scale) for value in (left, top, right - left, bottom - top))
            place = Placement(x, y, across, down)
        return relations.add(RT.IMAGE, name), place

    def _store(self, name: str, kind: str, content: Callable[[], bytes]) -> None:
        if name not in self._images:
            self._images.add(name)
            self._package.add(name, kind, content)

    def _flattened(
        self, frame: Frame, number: int, step: Step, relations: Relations
    ) -> tuple[Frame, dict[Picture, tuple[str, Placement]]]:
        """Return `frame` as one picture over the whole slide."""
        width, height = _PICTURE_WIDTH, round(_PICTURE_WIDTH * self._size[1] / self._size[0])
        name = f"/ppt/media/{number:02d}-{_file_name(step.name)}-end.png"
        self._store(name, CT.PNG, lambda: png(frame, self._recording.blobs, width, height))
        picture = Picture("", width, height, _whole(frame))
        placed = relations.add(RT.IMAGE, name), Placement(0, 0, *self._size)
        return replace(frame, ops=(picture,)), {picture: placed}

    def _thumbnail(self) -> bytes:
        width, height = 256, max(1, round(256 * self._size[1] / self._size[0]))
        pixels = rgb(rasterise(self._recording.steps[0].end, self._recording.blobs, width, height))
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=85)
        return buffer.getvalue()

    def _app(self) -> bytes:
        steps = self._recording.steps
        noted = sum(bool(step.notes.strip()) for step in steps)
        return (
            f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            f"<Application>astrai-slides</Application><PresentationFormat>Custom</PresentationFormat>"
            f"<Slides>{len(steps)}</Slides><Notes>{noted}</Notes><HiddenSlides>0</HiddenSlides>"
            f"<MMClips>{len(self._media.distinct)}</MMClips></Properties>"
        ).encode()


def _slide(step: Step, size: tuple[int, int], shapes: str, film: _Film | None, language: str) -> bytes:
    left, top, width, height = title_place(*size)
    title = (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{_TITLE}" name="Title"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        '<p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm></p:spPr>'
        "<p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>"
        f"<a:p><a:r><a:rPr lang={attribute(language)}/><a:t>{xml(title_of(step))}</a:t></a:r></a:p>"
        "</p:txBody></p:sp>"
    )
    motion = ""
    if film:
        if step.auto_next and not step.loop:
            motion = f'<p:transition advTm="{film.milliseconds}"/>'
        motion += timing(_VIDEO, _OVERLAY, film.milliseconds, loop=step.loop, trigger=_TITLE)
    elif step.auto_next:
        motion = '<p:transition advTm="0"/>'
    return (
        f"{_HEAD}<p:sld {_NS}><p:cSld name={attribute(step.name)}>"
        f"<p:bg><p:bgPr>{solid(step.end.background | 0xFF)}<a:effectLst/></p:bgPr></p:bg>"
        f'<p:spTree><p:nvGrpSpPr><p:cNvPr id="{_TREE}" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/>'
        f"</a:xfrm></p:grpSpPr>{title}{shapes}</p:spTree></p:cSld>"
        f"<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>{motion}</p:sld>"
    ).encode()


def _video(relations: Relations, film: _Film, poster: str, step: Step, size: tuple[int, int]) -> str:
    """A picture that plays. It has no click action, so that a click on it goes on to the next step."""
    embedded = relations.add(_MEDIA_RELATION, film.part)
    linked = relations.add(RT.VIDEO, film.part)
    still = relations.add(RT.IMAGE, poster)
    alt = f"Animation: {title_of(step)}"
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="{_VIDEO}" name={attribute(step.name)} descr={attribute(alt)}/>'
        '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr>'
        f'<p:nvPr><a:videoFile r:link="{linked}"/><p:extLst><p:ext uri="{_MEDIA}">'
        f'<p14:media xmlns:p14="{_P14}" r:embed="{embedded}"/></p:ext></p:extLst></p:nvPr></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="{still}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size[0]}" cy="{size[1]}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )


def _notes(body: str) -> bytes:
    return (
        f'{_HEAD}<p:notes {_NS}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        "</p:nvGrpSpPr><p:grpSpPr/>"
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="Slide Image"/><p:cNvSpPr>'
        '<a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldImg"/></p:nvPr>'
        "</p:nvSpPr><p:spPr/></p:sp>"
        '<p:sp><p:nvSpPr><p:cNvPr id="3" name="Notes"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        '<p:nvPr><p:ph type="body" idx="1"/></p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{body}</p:txBody></p:sp>"
        "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    ).encode()


def _list_slides(presentation: Any, ids: Sequence[tuple[int, str]], recording: Recording) -> None:
    """Add the list of slides, and sections if a part of the talk has several steps."""
    listing = presentation.find(qn("p:sldIdLst"))
    if listing is None:
        listing = etree.Element(qn("p:sldIdLst"))
        presentation.find(qn("p:notesMasterIdLst")).addnext(listing)
    for number, relation in ids:
        row = etree.SubElement(listing, qn("p:sldId"))
        row.set("id", str(number))
        row.set(qn("r:id"), relation)
    parts = [
        (name, [number for number, _ in members])
        for name, members in _by_part([(number, step) for (number, _), step in zip(ids, recording.steps, strict=True)])
    ]
    told = any(step.section for step in recording.steps) or any(len(numbers) > 1 for _, numbers in parts)
    if not told or len(parts) < 2:
        return
    sections = etree.Element(f"{{{_P14}}}sectionLst", nsmap={"p14": _P14})
    for place, (name, numbers) in enumerate(parts):
        section = etree.SubElement(sections, f"{{{_P14}}}section")
        section.set("name", clean(name))
        unique = uuid.uuid5(uuid.UUID(_NOBODY), f"{recording.scene} {place} {name}")
        section.set("id", f"{{{str(unique).upper()}}}")
        slides = etree.SubElement(section, f"{{{_P14}}}sldIdLst")
        for number in numbers:
            etree.SubElement(slides, f"{{{_P14}}}sldId").set("id", str(number))
    extensions = presentation.find(qn("p:extLst"))
    if extensions is None:
        extensions = etree.SubElement(presentation, qn("p:extLst"))
    extension = etree.Element(qn("p:ext"))
    extension.set("uri", _SECTIONS)
    extension.append(sections)
    extensions.insert(0, extension)


def _by_part(steps: Sequence[tuple[int, Step]]) -> list[tuple[str, list[tuple[int, Step]]]]:
    """Neighbouring steps of one scene or part: `flow/static` and `flow/continuous` are both of `flow`.

    A step that is below the one before stays with it, and what has a number for a name is called as its first step is.
    """
    parts: list[tuple[str, list[tuple[int, Step]]]] = []
    for each in steps:
        name = section_of(each[1])
        if parts and (name == section_of(parts[-1][1][0][1]) or is_below(each[1])):
            parts[-1][1].append(each)
        else:
            parts.append((title_of(each[1]) if name.isdecimal() else name, [each]))
    return parts


def _rows(frame: Base) -> dict[str, tuple[str, str, bool]]:
    part = next(part for part in frame.parts if str(part.partname) == frame.presentation_name)
    return {
        name: (rel.reltype, rel.target_ref if rel.is_external else str(rel.target_part.partname), rel.is_external)
        for name, rel in part.rels.items()
    }


def _slide_size(recording: Recording) -> tuple[int, int]:
    """Width and height in EMU, of the aspect of what is shown, even where that is extreme."""
    view = recording.steps[0].end.view if recording.steps else None
    exact = Fraction(view.width, view.height) if view else Fraction(recording.width, recording.height)
    # recordings round to their grid: 16:9 is meant by what is a hair off it
    simple = exact.limit_denominator(_LARGEST_RATIO)
    aspect = simple if abs(simple - exact) < _HAIR else exact
    least, most = _SIZES
    width = min(most, max(least, round(SLIDE_HEIGHT * aspect)))
    return width, min(most, max(least, round(width / aspect)))


def _placement(picture: Picture, canvas: Canvas) -> Placement | None:
    """Where a turned, flipped or scaled picture goes; None if it is sheared or has hard pixels."""
    if not picture.smooth:
        return None
    x0, y0, x1, y1, x2, y2 = picture.corners
    corner = np.array([canvas.x(x0), canvas.y(y0)])
    across = np.array([canvas.x(x1), canvas.y(y1)]) - corner
    down = np.array([canvas.x(x2), canvas.y(y2)]) - corner
    width, height = float(np.hypot(*across)), float(np.hypot(*down))
    if width < 1 or height < 1 or abs(float(across @ down)) > width * height * _SQUARE:
        return None
    middle = corner + (across + down) / 2
    flipped = bool(across[0] * down[1] - across[1] * down[0] < 0)
    turn = round(float(np.degrees(np.arctan2(across[1], across[0]))) * 60_000) % 21_600_000
    left, top = middle - np.array([width, height]) / 2
    return Placement(round(left), round(top), round(width), round(height), turn, flipped, picture.alpha)


_SQUARE = 1e-3
"""Cosine up to which a picture's sides count as square to each other."""


def _whole(frame: Frame) -> tuple[int, int, int, int, int, int]:
    view = frame.view
    left, right = view.x - view.width // 2, view.x + view.width // 2
    bottom, top = view.y - view.height // 2, view.y + view.height // 2
    return left, top, right, top, left, bottom


def _probe(data: bytes, step: Step) -> tuple[int, int, int]:
    """Length in milliseconds, width and height of a clip."""
    try:
        with av.open(io.BytesIO(data), "r", stream_options=[UNDECODED]) as container:
            stream = container.streams.video[0]
            length = (stream.duration or 0) * (stream.time_base or Fraction(1))
            if not length and container.duration:
                length = Fraction(container.duration, av.time_base)
            return max(1, round(length * 1000)), stream.width, stream.height
    except (av.FFmpegError, IndexError) as error:
        raise _not_a_video(step, error) from error


def _not_a_video(step: Step, error: Exception) -> AstraiSlidesError:
    return AstraiSlidesError(f"step {step.name!r}: its clip is not a video ({error}); build it anew")


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "step"


def _bytes(size: int) -> str:
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
