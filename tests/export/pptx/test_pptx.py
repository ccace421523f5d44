"""What python-pptx, the XML and an independent validator read back from a PPTX."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from documents import ADDRESSES, DOCUMENT, EMOJI, HEBREW, JAPANESE, LONG, addressed, clips, digest, talk
from lxml import etree
from moving import film, moving
from openxml_audit import OpenXmlValidator
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Pt

from astrai_slides.base.cache import Store
from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.warning import BuildWarning, Kind, StrictError
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.pptx import presentation as pptx
from astrai_slides.export.pptx.drawing import complexity
from astrai_slides.export.pptx.presentation import MOST_HD_CLIPS, QUALITIES, SLIDE_HEIGHT, write_pptx
from astrai_slides.export.production import BuildSettings, Production
from astrai_slides.recording.format.model import Recording, TextRun
from astrai_slides.recording.paint.raster import rasterise, rgb

pytestmark = pytest.mark.long

NAMES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "p14": "http://schemas.microsoft.com/office/powerpoint/2010/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
FREE_BOX = b"\x00\x00\x00\x10free"
FRAME_SECONDS = 1 / 30


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pptx") / "talk.pptx"
    report = write_pptx(talk(), target, DOCUMENT, clips())
    assert report.warnings == ()
    assert report.size == target.stat().st_size
    return target


@pytest.fixture(scope="module")
def slides(deck: Path) -> list[Any]:
    return list(Presentation(deck).slides)


def find(slide: Any, path: str) -> list[Any]:
    found: list[Any] = etree.fromstring(etree.tostring(slide._element)).xpath(path, namespaces=NAMES)
    return found


def faults(path: Path) -> list[str]:
    return [f"{error.part_uri}: {error.description}" for error in OpenXmlValidator().validate(path).errors]


def test_the_package_is_valid_open_xml(deck: Path) -> None:
    assert faults(deck) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<p:set><p:cBhvr>", b'<p:set><p:cBhvr colour="red">'),
        (b"a:pathLst", b"a:pathList"),
        (b'Target="../media/01-title-poster.png"', b'Target="../media/elsewhere.png"'),
    ],
)
def test_the_validator_sees_a_fault(deck: Path, tmp_path: Path, old: bytes, new: bytes) -> None:
    broken = tmp_path / "broken.pptx"
    with zipfile.ZipFile(deck) as whole, zipfile.ZipFile(broken, "w") as copy:
        changed = 0
        for name in whole.namelist():
            content = whole.read(name)
            if "slides/" in name and old in content:
                content = (
                    content.replace(old, new).replace(b"</a:pathLst>", b"</a:pathList>") if new != old else content
                )
                changed += 1
            copy.writestr(name, content)
    assert changed
    assert faults(broken)


def test_every_step_is_a_slide_with_its_title_above_the_slide(slides: list[Any]) -> None:
    steps = talk().steps
    assert [slide.shapes.title.text for slide in slides] == [step.title or step.name for step in steps]
    for slide in slides:
        title = slide.shapes.title
        assert title.top + title.height <= 0
        assert slide.shapes[0].shape_id == title.shape_id, "a screen reader begins with the title"


def test_slides_have_the_decks_aspect_and_the_talks_properties(deck: Path) -> None:
    presentation = Presentation(deck)
    assert presentation.slide_width / presentation.slide_height == pytest.approx(16 / 9, abs=1e-3)
    core = presentation.core_properties
    assert (core.title, core.author, core.subject) == (DOCUMENT.title, DOCUMENT.speaker, DOCUMENT.event)
    assert core.language == DOCUMENT.language
    assert core.created is not None
    assert core.created.date().isoformat() == DOCUMENT.date
    assert core.comments == ""
    with zipfile.ZipFile(deck) as archive:
        assert not [name for name in archive.namelist() if b"python-pptx" in archive.read(name)]


def test_slides_of_16_to_9_are_powerpoints_own_and_not_called_4_to_3(deck: Path) -> None:
    root = etree.fromstring(zipfile.ZipFile(deck).read("ppt/presentation.xml"))
    assert dict(root.find(qn("p:sldSz")).attrib) == {"cx": "12192000", "cy": "6858000"}


@pytest.mark.parametrize(("width", "height"), [(9, 16), (4, 3), (1, 40), (40, 1)])
def test_other_aspects(tmp_path: Path, width: int, height: int) -> None:
    made = moving()
    view = replace(made.steps[0].end.view, width=width << 12, height=height << 12)
    step = replace(made.steps[0], end=replace(made.steps[0].end, view=view))
    write_pptx(replace(made, steps=(step,)), tmp_path / "a.pptx", DOCUMENT, [None])
    presentation = Presentation(tmp_path / "a.pptx")
    assert presentation.slide_width / presentation.slide_height == pytest.approx(width / height, rel=0.01)
    assert faults(tmp_path / "a.pptx") == []


def test_notes_lose_nothing(slides: list[Any]) -> None:
    frame = slides[0].notes_slide.notes_text_frame
    text = frame.text
    for part in (LONG, HEBREW, f"{JAPANESE} {EMOJI} <script>alert(1)</script>", "quoted", "first goes on", "one\ttwo"):
        assert part in text
    # what XML cannot hold is shown, not dropped
    assert "bell \u2407 escape \u241b half \ufffd null \u2400 end" in text
    assert [slide.has_notes_slide for slide in slides] == [True, False, True, True, False]
    assert slides[3].notes_slide.notes_text_frame.text == "Short."


def test_notes_are_formatted(slides: list[Any]) -> None:
    frame = slides[0].notes_slide.notes_text_frame
    runs = {run.text: run for paragraph in frame.paragraphs for run in paragraph.runs}
    assert runs["Say "].font.bold
    assert runs["this"].font.italic
    assert runs["bold"].font.bold
    assert not runs["Plain, "].font.bold
    # said for each run, as LibreOffice would make what is not a heading larger than one
    sizes = [run.font.size for paragraph in frame.paragraphs for run in paragraph.runs]
    assert None not in sizes
    assert runs["Say "].font.size > runs["Plain, "].font.size == Pt(12)
    assert runs["gone"]._r.rPr.get("strike") == "sngStrike"
    assert runs["code"].font.name == "Consolas"
    assert runs["link"].hyperlink.address == "https://example.org/a?b=1&c=2"
    by_text = {paragraph.text: paragraph._p for paragraph in frame.paragraphs}
    assert by_text[HEBREW].xpath("a:pPr/@rtl") == ["1"]
    assert by_text["first goes on"].xpath("a:pPr/a:buChar/@char") == ["\u2022"]
    assert by_text["inner"].xpath("a:pPr/a:buAutoNum/@startAt") == ["1"]
    assert by_text["inner"].xpath("a:pPr/@lvl") == ["1"]


TABLE = """
| | x static batching | holds for |
|---|---|---|
| Equal | 1.00 | all |
| Real chat lengths | 2.33 | |
"""


def test_a_table_of_notes_keeps_its_columns(tmp_path: Path) -> None:
    made = talk()
    write_pptx(replace(made, steps=(replace(made.steps[1], notes=TABLE),)), tmp_path / "a.pptx", DOCUMENT, [None])
    assert faults(tmp_path / "a.pptx") == []
    rows = Presentation(tmp_path / "a.pptx").slides[0].notes_slide.notes_text_frame.paragraphs
    texts = ["\tx static batching\tholds for", "Equal\t1.00\tall", "Real chat lengths\t2.33\t"]
    assert [row.text for row in rows] == texts
    assert [run.font.bold for run in rows[0].runs if run.text.strip()] == [True, True]
    stops = [[int(stop) for stop in row._p.xpath("a:pPr/a:tabLst/a:tab/@pos")] for row in rows]
    assert stops[0] == stops[1] == stops[2]
    # at 12 points a character is about 6 points wide
    points = [stop / 12_700 for stop in stops[0]]
    assert points[0] > 6 * len("Real chat lengths")
    assert points[1] - points[0] > 6 * len("x static batching")


def test_a_wide_table_of_notes_stays_on_the_page(tmp_path: Path) -> None:
    made, wide = talk(), " ".join(["word"] * 60)
    notes = f"| a | b |\n|---|---|\n| {wide} | end |"
    write_pptx(replace(made, steps=(replace(made.steps[1], notes=notes),)), tmp_path / "a.pptx", DOCUMENT, [None])
    slide = Presentation(tmp_path / "a.pptx").slides[0].notes_slide
    page = next(
        shape for shape in slide.part.notes_master.placeholders if shape.placeholder_format.type == PP_PLACEHOLDER.BODY
    )
    stops = [int(stop) for stop in slide.notes_text_frame._txBody.xpath(".//a:tab/@pos")]
    assert stops
    assert max(stops) < page.width


def test_addresses_on_a_slide_and_in_notes_are_links(tmp_path: Path) -> None:
    write_pptx(addressed(), tmp_path / "a.pptx", DOCUMENT, [None])
    assert faults(tmp_path / "a.pptx") == []
    slide = Presentation(tmp_path / "a.pptx").slides[0]
    wanted = [address for each in ADDRESSES.values() for address in each]
    sheets = [shape for shape in slide.shapes[-1].shapes if shape._element.xpath(".//a:hlinkClick")]
    assert [shape.click_action.hyperlink.address for shape in sheets] == wanted
    unit = SLIDE_HEIGHT / 9
    text, (address,) = next(iter(ADDRESSES.items()))
    assert sheets[0].width == pytest.approx(12 * unit * len(address) / len(text), abs=2)
    assert sheets[0].top == pytest.approx(SLIDE_HEIGHT / 2 - 3.5 * unit, abs=2)
    # they take clicks, as they are filled, and are not seen
    assert [shape._element.xpath(".//a:solidFill//a:alpha/@val") for shape in sheets] == [["0"]] * len(wanted)
    runs = [run for paragraph in slide.notes_slide.notes_text_frame.paragraphs for run in paragraph.runs]
    linked = [run.hyperlink.address for run in runs if run.hyperlink.address]
    assert linked == wanted


def test_shapes_are_described_and_named(slides: list[Any]) -> None:
    for slide, step, clip in zip(slides, talk().steps, clips(), strict=True):
        described = {shape.name: find(slide, f"//p:cNvPr[@id={shape.shape_id}]/@descr") for shape in slide.shapes}
        overlay = described[f"{step.name} (end state)"]
        assert overlay[0].startswith(step.title or step.name)
        assert all(" ".join(run.text.split()) in overlay[0] for run in step.texts)
        if clip:
            assert described[step.name] == [f"Animation: {step.title or step.name}"]
    ids = [find(slide, "//p:cNvPr/@id") for slide in slides]
    assert all(len(each) == len(set(each)) for each in ids)


def test_a_title_that_is_on_the_slide_is_described_once(tmp_path: Path) -> None:
    made = talk()
    boxed = made.steps[0].texts[0].box
    words = ("Loop, & turn", "free its cache,", "first come", "Loop, & turn", "ends here.")
    step = replace(made.steps[1], title="Loop, & turn", texts=tuple(TextRun(word, boxed) for word in words))
    write_pptx(replace(made, steps=(step,)), tmp_path / "a.pptx", DOCUMENT, [None])
    found = find(Presentation(tmp_path / "a.pptx").slides[0], "//p:grpSp/p:nvGrpSpPr/p:cNvPr/@descr")
    assert found == ["Loop, & turn. free its cache, first come. ends here."]


def _length(clip: bytes) -> float:
    with av.open(io.BytesIO(clip)) as container:
        return sum(1 for _ in container.decode(video=0)) * FRAME_SECONDS


def test_a_video_plays_on_entry_and_the_end_state_follows_it(slides: list[Any]) -> None:
    for slide, step, clip in zip(slides, talk().steps, clips(), strict=True):
        if clip is None:
            assert not find(slide, "//p:timing")
            continue
        video = find(slide, "//p:pic[p:nvPicPr/p:nvPr/a:videoFile]/p:nvPicPr/p:cNvPr/@id")
        overlay = find(slide, "/p:sld/p:cSld/p:spTree/p:grpSp/p:nvGrpSpPr/p:cNvPr/@id")
        assert len(video) == len(overlay) == 1
        # it is above the video and covers it
        order = [int(number) for number in find(slide, "/p:sld/p:cSld/p:spTree/*/*/p:cNvPr/@id")]
        assert order.index(int(overlay[0])) == len(order) - 1
        assert order.index(int(video[0])) == len(order) - 2
        main = "//p:seq[p:cTn/@nodeType='mainSeq']"
        begin = f"{main}/p:cTn/p:childTnLst/p:par/p:cTn[p:stCondLst/p:cond/@evt='onBegin']"
        assert find(slide, f"{begin}//p:cmd[@cmd='playFrom(0.0)']/p:cBhvr/p:tgtEl/p:spTgt/@spid") == video
        assert not find(slide, f"{main}//p:cTn[@nodeType='clickEffect']"), "no press is spent on it"
        shown = find(slide, f"{begin}//p:set[p:cBhvr/p:attrNameLst/p:attrName='style.visibility']")
        if step.loop:
            assert not shown
            assert find(slide, "//p:video/p:cMediaNode/p:cTn/@repeatCount") == ["indefinite"]
            # an entrance that nobody triggers keeps the end state hidden in a show
            assert find(slide, "//p:seq[p:cTn/@nodeType='interactiveSeq']//p:set//p:spTgt/@spid") == overlay
        else:
            assert not find(slide, "//p:video/p:cMediaNode/p:cTn/@repeatCount")
            assert shown[0].xpath("p:cBhvr/p:tgtEl/p:spTgt/@spid", namespaces=NAMES) == overlay
            delays = find(slide, f"{begin}/p:childTnLst/p:par[.//p:set]/p:cTn/p:stCondLst/p:cond/@delay")
            assert int(delays[0]) / 1000 == pytest.approx(_length(clip), abs=FRAME_SECONDS / 2)


def test_auto_next_advances_at_the_end(slides: list[Any]) -> None:
    times = [find(slide, "/p:sld/p:transition/@advTm") for slide in slides]
    assert [len(each) for each in times] == [0, 0, 0, 1, 1]
    clip = clips()[3]
    assert clip is not None
    assert int(times[3][0]) / 1000 == pytest.approx(_length(clip), abs=FRAME_SECONDS / 2)
    assert times[4] == ["0"]


def test_a_step_plays_at_its_own_pace(tmp_path: Path) -> None:
    made, clip = talk(), clips()[1]
    assert clip is not None
    fast, same, slow = (replace(made.steps[1], name=f"at {rate}", playback_rate=rate) for rate in (2.0, 1.0, 0.4))
    write_pptx(replace(made, steps=(fast, same, slow)), tmp_path / "a.pptx", DOCUMENT, [clip] * 3)
    assert faults(tmp_path / "a.pptx") == []
    slides = list(Presentation(tmp_path / "a.pptx").slides)
    pictures = []
    for slide, rate in zip(slides, (2.0, 1.0, 0.4), strict=True):
        data = slide.part.related_part(find(slide, "//a:videoFile/@r:link")[0]).blob
        with av.open(io.BytesIO(data)) as container:
            frames = list(container.decode(video=0))
        times = [float(frame.time or 0) for frame in frames]
        assert times == pytest.approx([n * FRAME_SECONDS / rate for n in range(len(frames))], abs=1e-3)
        pictures.append([frame.to_ndarray(format="gray") for frame in frames])
        begin = "//p:cTn[p:stCondLst/p:cond/@evt='onBegin']/p:childTnLst/p:par[.//p:set]/p:cTn"
        delay = int(find(slide, f"{begin}/p:stCondLst/p:cond/@delay")[0]) / 1000
        assert delay == pytest.approx(_length(clip) / rate, abs=FRAME_SECONDS / rate / 2)
    assert len(pictures[0]) > 10
    assert np.array_equal(pictures[0], pictures[1])
    assert np.array_equal(pictures[0], pictures[2])


def test_timing_is_numbered_in_order_as_powerpoint_does(slides: list[Any]) -> None:
    for slide, clip in zip(slides, clips(), strict=True):
        numbers = [int(number) for number in find(slide, "//p:cTn/@id")]
        assert numbers == list(range(1, len(numbers) + 1))
        main = find(slide, "//p:cTn[@nodeType='mainSeq']/@id")
        assert find(slide, "//p:cond/p:tn/@val") == main
        assert len(main) == (clip is not None)


def test_a_loop_does_not_advance_by_itself_after_one_turn(tmp_path: Path) -> None:
    made = talk()
    both = replace(made.steps[2], loop=True, auto_next=True)
    write_pptx(replace(made, steps=(both,)), tmp_path / "a.pptx", DOCUMENT, [clips()[2]])
    slide = Presentation(tmp_path / "a.pptx").slides[0]
    assert find(slide, "//p:video/p:cMediaNode/p:cTn/@repeatCount") == ["indefinite"]
    assert not find(slide, "//p:transition")


def test_parts_of_the_talk_are_sections(deck: Path) -> None:
    root = etree.fromstring(zipfile.ZipFile(deck).read("ppt/presentation.xml"))
    sections = root.xpath("//p14:section", namespaces=NAMES)
    assert [section.get("name") for section in sections] == ["title", "flow", "going on", "still"]
    listed = [section.xpath("p14:sldIdLst/p14:sldId/@id", namespaces=NAMES) for section in sections]
    assert [len(each) for each in listed] == [1, 2, 1, 1]
    assert [number for each in listed for number in each] == root.xpath("//p:sldIdLst/p:sldId/@id", namespaces=NAMES)


def test_the_poster_is_the_first_frame(slides: list[Any]) -> None:
    made = talk()
    for slide, step, clip in zip(slides, made.steps, clips(), strict=True):
        if clip is None:
            continue
        relation = find(slide, "//p:pic[p:nvPicPr/p:nvPr/a:videoFile]/p:blipFill/a:blip/@r:embed")[0]
        with Image.open(io.BytesIO(slide.part.related_part(relation).blob)) as image:
            shown = np.asarray(image.convert("RGB"))
        wanted = rgb(rasterise(step.frames[step.runs[0][0]], made.blobs, shown.shape[1], shown.shape[0]))
        assert np.array_equal(shown, wanted)


def test_posters_are_painted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    paint = pptx.png
    monkeypatch.setattr(pptx, "png", lambda *frame: painted.append(1) or paint(*frame))  # type: ignore[func-returns-value]
    production = Production(talk(), DOCUMENT, BuildSettings(), SilentProgress(), store=Store(tmp_path / "cache"))

    def written(name: str, **options: Any) -> bytes:
        painted.clear()
        write_pptx(talk(), tmp_path / name, DOCUMENT, clips(), **options)
        return (tmp_path / name).read_bytes()

    alone = written("alone.pptx")
    number = len(painted)
    assert number > 2
    # the loop's two steps show the same
    for name, times in (("first.pptx", range(1, number + 1)), ("again.pptx", range(1))):
        assert written(name, keep=production.kept) == alone
        assert len(painted) in times


def test_what_is_written_is_told(tmp_path: Path) -> None:
    told: list[tuple[float, float | None]] = []
    write_pptx(
        talk(), tmp_path / "a.pptx", DOCUMENT, clips(), advance=lambda done, total=None: told.append((done, total))
    )
    (total,) = {total for _, total in told}
    assert [done for done, _ in told] == list(range(int(total or 0)))


def test_media_are_named_by_step_and_stored_once(deck: Path, slides: list[Any]) -> None:
    with zipfile.ZipFile(deck) as archive:
        media = {name: archive.read(name) for name in archive.namelist() if name.endswith(".mp4")}
    assert list(media) == [
        "ppt/media/01-title.mp4",
        "ppt/media/02-flow-static.mp4",
        "ppt/media/03-flow-turning.mp4",
    ]
    assert sorted(map(digest, media.values())) == sorted({digest(clip) for clip in clips() if clip})
    for slide, clip in zip(slides, clips(), strict=True):
        for path in ("//a:videoFile/@r:link", "//p14:media/@r:embed"):
            found = [slide.part.related_part(relation).blob for relation in find(slide, path)]
            assert found == ([clip] if clip else [])


def test_end_states_are_native_shapes(slides: list[Any]) -> None:
    overlay = slides[0].shapes[-1]
    drawn = [shape for shape in overlay.shapes if shape._element.xpath(".//a:custGeom")]
    assert len(drawn) == 2, "two squares"
    pictures = [shape for shape in overlay.shapes if shape._element.tag.endswith("}pic")]
    assert len(pictures) == 1, "the picture stays one"
    square = drawn[0]
    # the still square of `moving`: 1 unit wide, its lower left 6 units left of and 3 below the middle
    unit = Presentation().slide_height / 9
    assert (square.left, square.width) == pytest.approx((2 * unit, unit), abs=2000)
    assert square.top == pytest.approx((4.5 + 2) * unit, abs=2000)


@pytest.mark.long
def test_an_end_state_of_very_many_points_is_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pptx, "MOST_POINTS", 3)
    made = moving()
    told: list[BuildWarning] = []
    report = write_pptx(made, tmp_path / "a.pptx", DOCUMENT, [None] * 3, warn=told.append)
    many = [step.name for step in made.steps if complexity(step.end) > 3]
    assert [(each.kind, each.text.partition(":")[0]) for each in told] == [
        (Kind.PICTURE, f"step {name!r}") for name in many
    ]
    assert "points, more than the 3 that" in told[0].text
    assert "end the step with fewer or simpler shapes" in told[0].text
    assert report.warnings == tuple(told)
    slide = Presentation(tmp_path / "a.pptx").slides[0]
    members = list(slide.shapes[-1].shapes)
    assert [shape._element.tag.rpartition("}")[2] for shape in members] == ["sp", "pic"]
    assert (members[1].left, members[1].width) == (0, Presentation(tmp_path / "a.pptx").slide_width)
    with Image.open(io.BytesIO(members[1].image.blob)) as image:
        shown = np.asarray(image.convert("RGB"))
    wanted = rgb(rasterise(made.steps[0].end, made.blobs, shown.shape[1], shown.shape[0]))
    assert np.array_equal(shown, wanted)
    assert faults(tmp_path / "a.pptx") == []


def test_a_build_without_warnings_writes_no_end_state_as_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pptx, "MOST_POINTS", 3)

    def refuse(warning: BuildWarning) -> None:
        raise StrictError("a", [warning])

    with pytest.raises(StrictError, match="PowerPoint can draw without delay"):
        write_pptx(moving(), tmp_path / "a.pptx", DOCUMENT, [None] * 3, warn=refuse)
    assert list(tmp_path.iterdir()) == []


def test_the_same_deck_is_the_same_file(deck: Path, tmp_path: Path) -> None:
    write_pptx(talk(), tmp_path / "again.pptx", DOCUMENT, clips())
    assert digest((tmp_path / "again.pptx").read_bytes()) == digest(deck.read_bytes())


def test_what_pptx_libraries_write_back_is_still_valid(deck: Path, tmp_path: Path) -> None:
    presentation = Presentation(deck)
    presentation.slides[0].shapes.title.text = "Changed"
    presentation.save(tmp_path / "saved.pptx")
    assert faults(tmp_path / "saved.pptx") == []


def test_a_deck_without_steps_notes_or_properties_is_valid(tmp_path: Path) -> None:
    made = talk()
    bare = replace(DOCUMENT, title="", speaker="", event="", date="")
    write_pptx(replace(made, steps=()), tmp_path / "none.pptx", bare, [])
    assert faults(tmp_path / "none.pptx") == []
    write_pptx(replace(made, steps=(replace(made.steps[1], notes=" \n"),)), tmp_path / "one.pptx", bare, [None])
    assert faults(tmp_path / "one.pptx") == []


# -- sizes


def _sized(sizes: dict[tuple[int, float], int]) -> Any:
    """A re-encoder whose clips are valid and of the sizes given by quality, and which quality it was asked for."""
    asked: list[tuple[int, float]] = []
    small = film(2).data

    def encode(crf: int, scale: float) -> list[bytes]:
        asked.append((crf, scale))
        return [_padded(small, sizes[crf, scale], step) for step in range(2)]

    return encode, asked


def _padded(clip: bytes, size: int, salt: int) -> bytes:
    room = size - len(clip) - 8
    return clip + (room + 8).to_bytes(4, "big") + b"free" + bytes([salt]) * room


def _two(made: Recording) -> Recording:
    return replace(made, steps=made.steps[:2])


def test_a_limit_on_size_lowers_quality_alike_for_all(tmp_path: Path) -> None:
    base = film(2).data
    large = [_padded(base, 400_000, salt) for salt in (1, 2)]
    encode, asked = _sized({quality: 300_000 - 60_000 * place for place, quality in enumerate(QUALITIES[:5])})
    report = write_pptx(_two(talk()), tmp_path / "a.pptx", DOCUMENT, large, max_media_size=400_000, reencode=encode)
    assert asked == list(QUALITIES[:3]), "the first quality that fits, and no further"
    assert report.media == 360_000
    assert len(report.warnings) == 1
    assert re.search(r"took 800 kB; at rate factor 33, 75% .* they take 360 kB", report.warnings[0].text)
    assert dict(report.steps) == {"title": 180_000, "flow/static": 180_000}
    assert "largest step" in str(report)


def test_what_cannot_be_made_small_enough_is_written_with_a_warning(tmp_path: Path) -> None:
    large = [_padded(film(2).data, 400_000, salt) for salt in (1, 2)]
    encode, asked = _sized(dict.fromkeys(QUALITIES, 200_000))
    report = write_pptx(_two(talk()), tmp_path / "a.pptx", DOCUMENT, large, max_media_size=10_000, reencode=encode)
    assert asked[-1] == QUALITIES[-1], "the lowest was tried"
    assert "split the talk" in report.warnings[0].text
    assert report.media == 400_000
    alone = write_pptx(_two(talk()), tmp_path / "b.pptx", DOCUMENT, large, max_media_size=10_000)
    assert "cannot be encoded again" in alone.warnings[0].text
    assert len(Presentation(tmp_path / "b.pptx").slides) == 2


def test_within_the_limit_nothing_is_encoded_again(tmp_path: Path) -> None:
    def never(crf: int, scale: float) -> list[bytes]:
        raise AssertionError("encoded again")

    report = write_pptx(talk(), tmp_path / "a.pptx", DOCUMENT, clips(), max_media_size=10**9, reencode=never)
    assert report.warnings == ()


def _full_hd() -> bytes:
    """A clip as wide as full HD; it is low, as posters take time to pack."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1920, 64, "yuv420p"
        black = av.VideoFrame.from_ndarray(np.zeros((64, 1920, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(black))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def test_more_full_hd_clips_than_powerpoint_plays_draw_a_warning(tmp_path: Path) -> None:
    made, clip = talk(), _full_hd()
    many = replace(made, steps=tuple(replace(made.steps[1], name=f"s{n}") for n in range(MOST_HD_CLIPS + 1)))

    def distinct() -> Iterator[bytes]:
        return (clip + FREE_BOX + bytes([n]) * 8 for n in range(MOST_HD_CLIPS + 1))

    report = write_pptx(many, tmp_path / "a.pptx", DOCUMENT, list(distinct()))
    assert len(report.warnings) == 1
    assert re.search(r"31 clips of 1920 .*export at a lower quality \(1280x720\) or split", report.warnings[0].text)
    fewer = replace(many, steps=many.steps[:-1])
    assert write_pptx(fewer, tmp_path / "b.pptx", DOCUMENT, list(distinct())[:-1]).warnings == ()
    # one clip many times is one clip
    assert write_pptx(many, tmp_path / "c.pptx", DOCUMENT, [clip] * (MOST_HD_CLIPS + 1)).warnings == ()


# -- faults


def test_a_clip_that_is_no_video_names_its_step_and_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.pptx"
    target.write_bytes(b"old")
    with pytest.raises(AstraiSlidesError, match=r"step 'flow/static': its clip is not a video .*; build it anew"):
        write_pptx(_two(talk()), target, DOCUMENT, [clips()[0], b"no video"])
    assert target.read_bytes() == b"old"


def test_too_few_clips_are_told_and_leave_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.pptx"
    target.write_bytes(b"old")
    with pytest.raises(AstraiSlidesError, match=r"a\.pptx: 1 clips for 2 steps"):
        write_pptx(_two(talk()), target, DOCUMENT, [None])
    assert target.read_bytes() == b"old"


def test_a_fault_half_way_leaves_the_old_file_alone(tmp_path: Path) -> None:
    """A poster that cannot be painted is found when slides have been written."""
    target = tmp_path / "a.pptx"
    target.write_bytes(b"old")
    written: list[Path] = []

    def fail(name: str, make: object) -> bytes:
        written.extend(path for path in tmp_path.iterdir() if path != target and path.stat().st_size)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        write_pptx(_two(talk()), target, DOCUMENT, list(clips()[:2]), keep=fail)
    assert written, "nothing was written before the fault"
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
    assert list(tmp_path.iterdir()) == [target]
